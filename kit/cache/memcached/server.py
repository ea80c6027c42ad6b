"""delete, touch, and the commands that speak to the server: flush_all, version, verbosity, quit.

Rules: `flush_all` with a delay deletes nothing now; a second one takes the place of the first; `quit` answers nothing.
Source: memcached 1.6.18, proto_text.c.
Leaves out: shutdown, slabs, lru, lru_crawler, cache_memlimit, watch, extstore, refresh_certs, `bget`: each is answered
as an unknown command is, until a lesson needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.meta_flags import MAX_KEY_BYTES
from kit.cache.memcached.numbers import signed, unsigned
from kit.cache.memcached.outcome import Reply
from kit.cache.memcached.reply import Status
from kit.cache.memcached.request import Request, Words
from kit.cache.memcached.table import MANY, Command, no_keys

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session

VERSION = "1.6.18"
"""The server that this engine is held equal to."""
MOST_VERBOSE = 2


def delete(engine: Engine, session: Session, request: Request) -> Reply:
    words = request.words
    if not _legal_delete(words):
        raise CommandError(texts.DELETE_USAGE)
    if len(words[1]) > MAX_KEY_BYTES:
        raise CommandError(texts.BAD_LINE)
    item = engine.items.find(words[1])
    if item is None:
        engine.counters.delete_misses += 1
        return Status("NOT_FOUND")
    engine.counters.delete_hits += 1
    engine.items.unlink(words[1], item)
    return Status("DELETED")


def _legal_delete(words: Words) -> bool:
    """Behind the key may stand a 0, which old clients send as a time, and `noreply`."""
    return words[2:] in ((), (b"0",), (b"noreply",), (b"0", b"noreply"))


def touch(engine: Engine, session: Session, request: Request) -> Reply:
    key = request.words[1]
    if len(key) > MAX_KEY_BYTES:
        raise CommandError(texts.BAD_LINE)
    seconds = signed(request.words[2])
    if seconds is None:
        raise CommandError(texts.BAD_EXPTIME)
    item = engine.items.find(key)
    engine.counters.cmd_touch += 1
    if item is None:
        engine.counters.touch_misses += 1
        return Status("NOT_FOUND")
    engine.counters.touch_hits += 1
    item.exptime = engine.items.deadline(seconds)
    engine.items.bump(item)
    return Status("TOUCHED")


def flush_all(engine: Engine, session: Session, request: Request) -> Reply:
    words = request.words
    engine.counters.cmd_flush += 1
    seconds: int | None = 0
    if len(words) != (2 if words[-1] == b"noreply" else 1):
        seconds = signed(words[1])
    if seconds is None:
        raise CommandError(texts.BAD_EXPTIME)
    engine.items.flush(seconds)
    return Status("OK")


def version(engine: Engine, session: Session, request: Request) -> Reply:
    return Status(f"VERSION {VERSION}")


def verbosity(engine: Engine, session: Session, request: Request) -> Reply:
    level = unsigned(request.words[1])
    if level is None:
        raise CommandError(texts.BAD_LINE)
    engine.verbosity = min(level, MOST_VERBOSE)
    return Status("OK")


def quit_(engine: Engine, session: Session, request: Request) -> Reply:
    session.closing = True
    return None


COMMANDS = (
    Command("delete", 2, 4, delete, write=True, silent_from=3),
    Command("touch", 3, 4, touch, write=True, silent_from=3),
    Command("flush_all", 1, 3, flush_all, no_keys, write=True, silent_from=1),
    Command("version", 1, MANY, version, no_keys, kind="setup"),
    Command("verbosity", 2, 3, verbosity, no_keys, silent_from=2, kind="setup"),
    Command("quit", 1, MANY, quit_, no_keys, kind="setup"),
)
