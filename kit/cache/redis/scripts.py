"""Scripts: exactly the three of redis-py's Lock, answered natively; any other is refused as without a script engine.

Rules: a script is known by its SHA-1 and its text is never read; EVALSHA of one that was not loaded is NOSCRIPT, as
after a server's start, so the client loads it; what the script would call is run as the commands themselves.
Source: redis-py 8.1.0, redis/lock.py; the refusal is Valkey 9.1.2's with its Lua engine unloaded.
Leaves out: Lua. What a lesson needs beyond these three is done with WATCH, SET … IFEQ and DELIFEQ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.lock_scripts import SCRIPTS
from kit.cache.redis.numbers import integer
from kit.cache.redis.reply import OK
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Keys, Reply, container

Script = Callable[[Session, Args, Args], Reply]


def writes(row: Command, args: Args) -> bool:
    """May this EVAL or EVALSHA write? One that is refused does not."""
    if row.name == "eval":
        return _digest(args[1]) in SCRIPTS
    return row.name == "evalsha" and bytes(args[1]).lower() in SCRIPTS


def eval_(session: Session, args: Args) -> Reply:
    keys, arguments = _split(args)
    return _run(session, _load(session, _digest(args[1])), keys, arguments)


def evalsha(session: Session, args: Args) -> Reply:
    if len(args[1]) != 40:  # the server looks at nothing else before it says so
        raise CommandError(texts.NO_SCRIPT)
    keys, arguments = _split(args)
    digest = bytes(args[1]).lower()
    if digest not in session.engine.scripts:
        raise CommandError(texts.NO_SCRIPT)
    return _run(session, SCRIPTS[digest], keys, arguments)


def _run(session: Session, known: Script, keys: Args, arguments: Args) -> Reply:
    with session.engine.shared.standing_still():
        return known(session, keys, arguments)


def _digest(text: bytes) -> bytes:
    return hashlib.sha1(text, usedforsecurity=False).hexdigest().encode()


def _split(args: Args) -> tuple[Args, Args]:
    """Keys and arguments. Raises CommandError where the number of keys is none, negative or too large."""
    number = integer(args[2])
    if number > len(args) - 3:
        raise CommandError(texts.TOO_MANY_KEYS)
    if number < 0:
        raise CommandError(texts.NEGATIVE_KEYS)
    return args[3 : 3 + number], args[3 + number :]


def _load(session: Session, digest: bytes) -> Script:
    if digest not in SCRIPTS:
        raise CommandError(texts.NO_SCRIPTING)
    session.engine.scripts.add(digest)
    return SCRIPTS[digest]


def script_load(session: Session, args: Args) -> Reply:
    digest = _digest(args[2])
    _load(session, digest)
    return digest


def script_exists(session: Session, args: Args) -> Reply:
    return [int(bytes(digest).lower() in session.engine.scripts) for digest in args[2:]]


def script_flush(session: Session, args: Args) -> Reply:
    if len(args) > 3 or (len(args) == 3 and bytes(args[2]).upper() not in (b"ASYNC", b"SYNC")):
        raise CommandError(texts.SCRIPT_FLUSH)
    session.engine.scripts.clear()
    return OK


_EVAL = ("noscript", "stale", "skip_monitor", "no_mandatory_keys", "movablekeys")
_ACCESS = ("RW", "access", "update")
_CATEGORIES = ("@slow", "@scripting")
_NODES = ("request_policy:all_nodes", "response_policy:all_succeeded")
_WORST = "We cannot tell how the keys will be used so we assume the worst, RW and UPDATE"

_SUBCOMMANDS = (
    Command("script|load", 3, script_load, ("noscript", "stale"), _CATEGORIES, None, _NODES, kind="setup"),
    Command(
        "script|exists", -3, script_exists, ("noscript", "stale"), _CATEGORIES, None,
        ("request_policy:all_shards", "response_policy:agg_logical_and"), kind="setup",
    ),
    Command("script|flush", -2, script_flush, ("noscript", "stale"), _CATEGORIES, None, _NODES, kind="setup"),
)  # fmt: skip

COMMANDS = (
    Command("eval", -3, eval_, _EVAL, _CATEGORIES, Keys(_ACCESS, first=2, counted=True, notes=_WORST)),
    Command("evalsha", -3, evalsha, _EVAL, _CATEGORIES, Keys(_ACCESS, first=2, counted=True)),
    Command("script", -2, container, (), ("@slow",), kind="setup", subcommands=_SUBCOMMANDS),
)
