"""incr and decr, and what `ma` shares with them.

Rules: a value is a number where C would read one at its beginning; a sum wraps at 2**64, a difference stops at 0; a
result that fits into the old value is written there and padded with spaces, which keeps every mark of the item, a
longer one makes a new item with the old flags and expiry.
Source: memcached 1.6.18, memcached.c (`do_add_delta`).
Leaves out: a real server also makes a new item while a reply with the old one is still unsent (pipelining): there the
padding is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.items import Item
from kit.cache.memcached.meta_flags import MAX_KEY_BYTES
from kit.cache.memcached.numbers import unsigned_long
from kit.cache.memcached.outcome import Reply
from kit.cache.memcached.reply import Status
from kit.cache.memcached.request import Request
from kit.cache.memcached.table import Command

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session

MODULUS = 1 << 64


def incr(engine: Engine, session: Session, request: Request) -> Reply:
    return _count(engine, request, up=True)


def decr(engine: Engine, session: Session, request: Request) -> Reply:
    return _count(engine, request, up=False)


def _count(engine: Engine, request: Request, *, up: bool) -> Reply:
    key = request.words[1]
    if len(key) > MAX_KEY_BYTES:
        raise CommandError(texts.BAD_LINE)
    delta = unsigned_long(request.words[2])
    if delta is None:
        raise CommandError(texts.BAD_DELTA)
    item = engine.items.find(key)
    if item is None:
        count_miss(engine, up)
        return Status("NOT_FOUND")
    return change(engine, key, item, delta, up=up)[0]


def count_miss(engine: Engine, up: bool) -> None:
    """Count that there was nothing to count with."""
    if up:
        engine.counters.incr_misses += 1
    else:
        engine.counters.decr_misses += 1


def change(engine: Engine, key: bytes, item: Item, delta: int, *, up: bool) -> tuple[int, Item]:
    """The new number, and the item that `ma` goes on with. Raises CommandError where the value is no number."""
    value = unsigned_long(item.value + b"\r\n") if item.value else None
    if value is None:
        raise CommandError(texts.NOT_A_NUMBER)
    number = (value + delta) % MODULUS if up else max(0, value - delta)
    if up:
        engine.counters.incr_hits += 1
    else:
        engine.counters.decr_hits += 1
    return number, _write(engine, key, item, b"%d" % number)


def _write(engine: Engine, key: bytes, item: Item, text: bytes) -> Item:
    items = engine.items
    if len(text) > len(item.value):
        if not items.has_room(key, len(text), item.flags):
            raise CommandError(texts.OUT_OF_MEMORY_COUNTING)
        # As in the server, the elder item is handed back with the new cas id: a new expiry that `ma` gives it (T) is
        # shown and then lost.
        item.cas = items.link(key, text, item.flags, item.exptime).cas
        return item
    item.value = text.ljust(len(item.value))
    item.cas = items.next_cas()
    items.touch_use(item)
    items.facts.append(("stored", key, item.value, items.ttl_ms(item)))
    return item


COMMANDS = (
    Command("incr", 3, 4, incr, write=True, silent_from=3),
    Command("decr", 3, 4, decr, write=True, silent_from=3),
)
