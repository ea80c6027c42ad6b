"""COMMAND: what the server says about its own commands, read from the table.

Rules: an entry is equal to the real server's, but a container lists only the subcommands that are here; a command that
is not here is nil.
Source: Valkey 9.1.2, server.c (`addReplyCommandInfo`, `getKeysSubcommand`).
Leaves out: COMMAND DOCS, LIST with filters and GETKEYSANDFLAGS: they are answered as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.reply import SetReply, Status
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Keys, Reply


def command(session: Session, args: Args) -> Reply:
    return [entry(row) for row in session.engine.rows.values()]


def command_count(session: Session, args: Args) -> Reply:
    return len(session.engine.rows)


def command_info(session: Session, args: Args) -> Reply:
    if len(args) == 2:
        return [entry(row) for row in session.engine.rows.values()]
    found = (session.engine.row_named(name) for name in args[2:])
    return [None if row is None else entry(row) for row in found]


def command_getkeys(session: Session, args: Args) -> Reply:
    row, given = session.engine.lookup(args[2:]), args[2:]
    if row is None or (row.subcommands and len(given) > 1):
        raise CommandError(texts.INVALID_COMMAND)
    if row.keys is None:
        raise CommandError(texts.NO_KEYS)
    if not row.accepts(len(given)):
        raise CommandError(texts.GETKEYS_ARITY)
    return list(row.keys_of(given))


def entry(row: Command) -> list[object]:
    """One command as COMMAND INFO lists it."""
    keys = None if row.keys is None or row.keys.counted else row.keys
    place = (keys.first, keys.last, keys.step) if keys else (0, 0, 0)
    return [
        row.name.encode(), row.arity, _statuses(row.flags), *place, _statuses(row.categories),
        SetReply(tip.encode() for tip in row.tips), SetReply([_key_spec(row.keys)] if row.keys else []),
        [entry(sub) for sub in row.subcommands],
    ]  # fmt: skip


def _statuses(names: Iterable[str]) -> SetReply:
    return SetReply(Status(name) for name in names)


def _key_spec(keys: Keys) -> dict[bytes, object]:
    last = keys.last - keys.first if keys.last > 0 else keys.last
    find: dict[bytes, object] = (
        {b"type": b"keynum", b"spec": {b"keynumidx": 0, b"firstkey": 1, b"keystep": 1}}
        if keys.counted
        else {b"type": b"range", b"spec": {b"lastkey": last, b"keystep": keys.step, b"limit": 0}}
    )
    notes: dict[bytes, object] = {b"notes": keys.notes.encode()} if keys.notes else {}
    return notes | {
        b"flags": _statuses(keys.access),
        b"begin_search": {b"type": b"index", b"spec": {b"index": keys.first}},
        b"find_keys": find,
    }


_FLAGS = ("loading", "stale")
_CATEGORIES = ("@slow", "@connection")
_ORDER = ("nondeterministic_output_order",)

_SUBCOMMANDS = (
    Command("command|count", 2, command_count, _FLAGS, _CATEGORIES, kind="setup"),
    Command("command|getkeys", -3, command_getkeys, _FLAGS, _CATEGORIES, kind="setup"),
    Command("command|info", -2, command_info, _FLAGS, _CATEGORIES, None, _ORDER, kind="setup"),
)

COMMANDS = (Command("command", -1, command, _FLAGS, _CATEGORIES, None, _ORDER, kind="setup", subcommands=_SUBCOMMANDS),)
