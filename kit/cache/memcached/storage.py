"""set, add, replace, append, prepend, cas, and what `ms` shares with them.

Rules: a block that did not end where its length said stores nothing; an item that is too large is refused, and a `set`
or `ms` so refused removes the elder item, so that nobody reads what its writer believes replaced; `append` and
`prepend` keep flags and expiry of the item they lengthen.
Source: memcached 1.6.18, memcached.c (`do_store_item`), proto_text.c (`complete_nread_ascii`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.items import Item
from kit.cache.memcached.outcome import Reply
from kit.cache.memcached.reply import Status
from kit.cache.memcached.request import Block, Request, block_of
from kit.cache.memcached.slabs import item_size
from kit.cache.memcached.table import Command

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session

Result = Literal["STORED", "NOT_STORED", "EXISTS", "NOT_FOUND"]


def store_command(engine: Engine, session: Session, request: Request) -> Reply:
    return Status(store(engine, request)[0])


def store(engine: Engine, request: Request) -> tuple[Result, Item | None]:
    """Do what a request with a block asks. Raises CommandError with the text of its refusal."""
    block = request.block
    if block is None:
        block_of(request.words)  # says why there is none
        raise AssertionError(f"{request!r} is legal and has no block: make requests with Request.of or the parser")
    if block.error:
        _refuse(engine, block, block.error)
    if item_size(block.key, block.length, block.flags) > engine.item_limit:
        _refuse(engine, block, texts.TOO_LARGE)
    if not engine.items.has_room(block.key, block.length, block.flags):
        _refuse(engine, block, texts.OUT_OF_MEMORY)
    engine.counters.cmd_set += 1
    if request.broken or request.data is None:
        raise CommandError(texts.BAD_DATA)
    return _store(engine, block, request.data)


def _refuse(engine: Engine, block: Block, error: str) -> None:
    """Raise the refusal; for want of room it may take the elder item along."""
    if error == texts.TOO_LARGE:
        engine.counters.store_too_large += 1
    elif error == texts.OUT_OF_MEMORY:
        engine.counters.store_no_memory += 1
    else:
        raise CommandError(error)
    if block.meta is not None or block.verb == "set":
        item = engine.items.find(block.key)
        if item is not None:
            engine.items.unlink(block.key, item)
    raise CommandError(error)


def _store(engine: Engine, block: Block, data: bytes) -> tuple[Result, Item | None]:
    items = engine.items
    old = items.find(block.key)
    verb = block.verb
    if verb == "cas":
        return _compare_and_set(engine, block, data, old)
    if verb == "add" and old is not None:
        items.touch_use(old)
        return "NOT_STORED", None
    if old is None and verb not in ("set", "add"):
        return "NOT_STORED", None
    if old is not None and verb in ("append", "prepend"):
        return _lengthen(engine, block, data, old)
    return "STORED", _link(engine, block, data)


def _link(engine: Engine, block: Block, data: bytes, exptime: int | None = None) -> Item:
    exptime = engine.items.deadline(block.exptime) if exptime is None else exptime
    item = engine.items.link(block.key, data, block.flags, exptime)
    if block.meta is not None:
        item.binary = block.meta.binary
    return item


def _compare_and_set(engine: Engine, block: Block, data: bytes, old: Item | None) -> tuple[Result, Item | None]:
    if old is None:
        engine.counters.cas_misses += 1
        return "NOT_FOUND", None
    if block.cas and block.cas == old.cas:
        engine.counters.cas_hits += 1
        return "STORED", _link(engine, block, data)
    if block.cas and block.cas < old.cas and block.meta is not None and block.meta.asks("I"):
        # The flag I accepts an elder writer: its value is kept, but stays marked, with the expiry that was there.
        engine.counters.cas_hits += 1
        item = _link(engine, block, data, old.exptime)
        item.stale, item.won = True, old.won
        return "STORED", item
    engine.counters.cas_badval += 1
    return "EXISTS", None


def _lengthen(engine: Engine, block: Block, data: bytes, old: Item) -> tuple[Result, Item | None]:
    if block.cas and block.cas != old.cas:  # counted by `cas` alone
        return "EXISTS", None
    value = old.value + data if block.verb == "append" else data + old.value
    size = item_size(block.key, len(value), old.flags)
    if size > engine.item_limit or not engine.items.has_room(block.key, len(value), old.flags):
        return "NOT_STORED", None
    return "STORED", engine.items.link(block.key, value, old.flags, old.exptime)


COMMANDS = (
    *(Command(name, 5, 6, store_command, write=True, silent_from=5)
      for name in ("set", "add", "replace", "append", "prepend")),
    Command("cas", 6, 7, store_command, write=True, silent_from=6),
)  # fmt: skip
