"""get, gets, gat, gats: reading, and reading with a new expiry.

Rules: keys are answered in their order, twice asked is twice answered, a miss is left out; a key that is too long ends
the reading with one error in place of what was found, and what was touched before it stays touched.
Source: memcached 1.6.18, proto_text.c (`process_get_command`).
Leaves out: that error also swallows replies to earlier commands of the same packet on a real server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.meta_flags import MAX_KEY_BYTES
from kit.cache.memcached.numbers import signed
from kit.cache.memcached.outcome import Reply
from kit.cache.memcached.reply import Values
from kit.cache.memcached.request import Request
from kit.cache.memcached.table import MANY, Command

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session


def get(engine: Engine, session: Session, request: Request) -> Reply:
    return Values([[key, item[0], item[1]] for key, item in _read(engine, request.words[1:])])


def gets(engine: Engine, session: Session, request: Request) -> Reply:
    return Values([[key, *item] for key, item in _read(engine, request.words[1:])])


def gat(engine: Engine, session: Session, request: Request) -> Reply:
    return Values([[key, item[0], item[1]] for key, item in _read_and_touch(engine, request)])


def gats(engine: Engine, session: Session, request: Request) -> Reply:
    return Values([[key, *item] for key, item in _read_and_touch(engine, request)])


Found = list[tuple[bytes, tuple[int, bytes, int]]]
"""Key, and flags, value, cas id."""


def _read(engine: Engine, keys: tuple[bytes, ...]) -> Found:
    items, counters, found = engine.items, engine.counters, []
    for key in keys:
        if len(key) > MAX_KEY_BYTES:
            raise CommandError(texts.BAD_LINE)
        item = items.find(key)
        counters.cmd_get += 1
        if item is None:
            counters.get_misses += 1
            items.facts.append(("miss", key, None, None))
            continue
        counters.get_hits += 1
        items.bump(item)
        items.facts.append(("hit", key, item.value, items.ttl_ms(item) if item.exptime else None))
        found.append((key, (item.flags, item.value, item.cas)))
    return found


def _read_and_touch(engine: Engine, request: Request) -> Found:
    seconds = signed(request.words[1])
    if seconds is None:
        raise CommandError(texts.BAD_EXPTIME)
    items, counters, found = engine.items, engine.counters, []
    for key in request.words[2:]:
        if len(key) > MAX_KEY_BYTES:
            raise CommandError(texts.BAD_LINE)
        item = items.find(key)
        counters.cmd_touch += 1
        if item is None:
            counters.touch_misses += 1
            items.facts.append(("miss", key, None, None))
            continue
        counters.touch_hits += 1
        item.exptime = items.deadline(seconds)
        items.bump(item)
        items.facts.append(("hit", key, item.value, items.ttl_ms(item)))
        found.append((key, (item.flags, item.value, item.cas)))
    return found


def _all_keys(request: Request) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(request.words[1:]))


def _keys_after_expiry(request: Request) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(request.words[2:]))


COMMANDS = (
    Command("get", 2, MANY, get, _all_keys),
    Command("gets", 2, MANY, gets, _all_keys),
    Command("gat", 2, MANY, gat, _keys_after_expiry, write=True),
    Command("gats", 2, MANY, gats, _keys_after_expiry, write=True),
)
