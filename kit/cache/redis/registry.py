"""The whole command table: every family's rows, found by name, and why a command must not run.

Rules: a subcommand has a row of its own (`client|id`); a container found with a subcommand that is not there stands for
"unknown subcommand"; the order of refusals is the server's: login, unknown command, arity, subcommand, not inside
MULTI, memory.
Source: Valkey 9.1.2, server.c (`lookupCommandLogic`, `processCommand`).
"""

from __future__ import annotations

from kit.cache.redis import (
    catalogue,
    connection,
    counters,
    expiry,
    generic,
    hashes,
    info,
    scripts,
    sets,
    settings,
    strings,
    texts,
    transactions,
)
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command

_FAMILIES = (
    strings, counters, generic, expiry, hashes, sets, transactions, scripts, connection, settings, info, catalogue,
)  # fmt: skip
ROWS: dict[bytes, Command] = {row.name.encode(): row for family in _FAMILIES for row in family.COMMANDS}
"""Every command by its name in small letters, containers without their subcommands."""
SUBCOMMANDS: dict[bytes, dict[bytes, Command]] = {
    name: {sub.name.partition("|")[2].encode(): sub for sub in row.subcommands}
    for name, row in ROWS.items()
    if row.subcommands
}
PLAIN: dict[bytes, Command] = {
    spelling: row for name, row in ROWS.items() if not row.subcommands for spelling in (name, name.upper())
}
"""The usual two spellings of commands without subcommands: one look-up on the hot path."""


def lookup(args: Args) -> Command | None:
    """The row of a command: a subcommand's own where there is one, else its container's; None = unknown."""
    name = bytes(args[0]).lower()
    row = ROWS.get(name)
    if row is not None and row.subcommands and len(args) > 1:
        return SUBCOMMANDS[name].get(bytes(args[1]).lower(), row)
    return row


def row_named(name: bytes) -> Command | None:
    """The row of `get` or `client|id`."""
    first, bar, second = bytes(name).lower().partition(b"|")
    return SUBCOMMANDS.get(first, {}).get(second) if bar else ROWS.get(first)


def lacks_subcommand(row: Command, args: Args) -> bool:
    """Is this a container, called with a subcommand that is not there?"""
    return bool(row.subcommands) and len(args) > 1


def refusal(session: Session, row: Command | None, args: Args) -> str | None:
    """Why the command must not run, as the text of the error; None = it may."""
    if not session.authenticated and (row is None or "no_auth" not in row.flags):
        return texts.NO_AUTH
    if row is None:
        return texts.unknown_command(args)
    if not row.least <= len(args) <= row.most:
        return texts.wrong_arity(row.name)
    if row.subcommands and lacks_subcommand(row, args):
        return texts.unknown_subcommand(row.name, args[1])
    if session.queue is not None and "no_multi" in row.flags:
        return texts.not_in_transaction(row.name)
    if session.memory.limit and session.memory.full and _needs_memory(session, row):
        return texts.OUT_OF_MEMORY
    return None


def _needs_memory(session: Session, row: Command) -> bool:
    """EXEC does if a command of its queue does, unless it will run none of them."""
    if row.name != "exec":
        return row.deny_oom
    runs = not session.failed and session.watched_keys_intact()
    return runs and any(queued.deny_oom for queued, _ in session.queue or ())
