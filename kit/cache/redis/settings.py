"""CONFIG GET, SET and RESETSTAT of what the memory limit and INFO know.

Rules: CONFIG SET changes all its settings or none; a size is a number with an optional unit (k, kb, m, mb, g, gb; b).
Source: Valkey 9.1.2, config.c; `memtoull` in util.c.
Leaves out: every setting that would change nothing here, and policies other than `noeviction` (they come with
eviction): a setting that is not there is answered as an unknown one.
"""

from __future__ import annotations

import fnmatch
import re

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.reply import OK
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Reply, container

POLICIES = ("noeviction",)
_UNITS = {
    b"": 1, b"b": 1, b"k": 1_000, b"kb": 1_024, b"m": 1_000_000, b"mb": 1_024**2, b"g": 1_000_000_000, b"gb": 1_024**3,
}  # fmt: skip
_SIZE = re.compile(rb"([0-9]+)([a-z]*)", re.IGNORECASE)


def config_get(session: Session, args: Args) -> Reply:
    known = {b"maxmemory": str(session.engine.memory.limit).encode(), b"maxmemory-policy": POLICIES[0].encode()}
    patterns = [bytes(arg).lower().decode("latin-1") for arg in args[2:]]
    return {
        name: value
        for name, value in known.items()
        if any(fnmatch.fnmatchcase(name.decode(), pattern) for pattern in patterns)
    }


def config_set(session: Session, args: Args) -> Reply:
    if len(args) % 2:
        raise CommandError(texts.wrong_arity("config|set"))
    pairs = [(bytes(name).lower(), value) for name, value in zip(args[2::2], args[3::2], strict=True)]
    for name, _ in pairs:
        if name not in (b"maxmemory", b"maxmemory-policy"):
            raise CommandError(texts.unknown_setting(name))
    limit = session.engine.memory.limit
    seen: set[bytes] = set()
    for name, value in pairs:
        if name in seen:
            raise CommandError(texts.setting_failed(name.decode(), "duplicate parameter"))
        seen.add(name)
        if name == b"maxmemory":
            limit = _size(value)
        else:
            _check_policy(value)
    session.engine.memory.limit = limit
    return OK


def _size(text: bytes) -> int:
    match = _SIZE.fullmatch(text)
    unit = None if match is None else _UNITS.get(match[2].lower())
    if match is None or unit is None:
        raise CommandError(texts.setting_failed("maxmemory", "argument must be a memory value"))
    return int(match[1]) * unit


def _check_policy(value: bytes) -> None:
    if bytes(value).lower().decode("latin-1") not in POLICIES:
        legal = ", ".join(POLICIES)
        reason = f"argument(s) must be one of the following: {legal}"
        raise CommandError(texts.setting_failed("maxmemory-policy", reason))


def config_resetstat(session: Session, args: Args) -> Reply:
    session.engine.reset_counters()
    return OK


_ADMIN = ("admin", "noscript", "loading", "stale")
_CATEGORIES = ("@admin", "@slow", "@dangerous")
_NODES = ("request_policy:all_nodes", "response_policy:all_succeeded")

_SUBCOMMANDS = (
    Command("config|get", -3, config_get, _ADMIN, _CATEGORIES),
    Command("config|set", -4, config_set, _ADMIN, _CATEGORIES, None, _NODES),
    Command("config|resetstat", 2, config_resetstat, _ADMIN, _CATEGORIES, None, _NODES),
)

COMMANDS = (Command("config", -2, container, (), ("@slow",), subcommands=_SUBCOMMANDS),)
