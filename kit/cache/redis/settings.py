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

POLICIES = (
    "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lru", "allkeys-lfu", "allkeys-random",
    "noeviction",
)  # fmt: skip
POLICIES_HERE = ("noeviction",)
_UNITS = {
    b"": 1, b"b": 1, b"k": 1_000, b"kb": 1_024, b"m": 1_000_000, b"mb": 1_024**2, b"g": 1_000_000_000, b"gb": 1_024**3,
}  # fmt: skip
_SIZE = re.compile(rb"([0-9]*)([a-z]*)", re.IGNORECASE)


def config_get(session: Session, args: Args) -> Reply:
    """A name is answered as it was written, a pattern by the names that it fits."""
    known = {"maxmemory": str(session.engine.memory.limit), "maxmemory-policy": POLICIES_HERE[0]}
    found: dict[str, str] = {}
    for arg in args[2:]:
        written = arg.decode("latin-1")
        fits = [written] if written.lower() in known else fnmatch.filter(known, written.lower())
        found.update((name, known[name.lower()]) for name in fits)
    return {name.encode("latin-1"): value.encode() for name, value in found.items()}


def config_set(session: Session, args: Args) -> Reply:
    if len(args) % 2:
        raise CommandError(texts.SYNTAX)
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
    return int(match[1] or 0) * unit


def _check_policy(value: bytes) -> None:
    """A policy that a real server has and this one lacks is refused in the words for a wrong one, with ours listed."""
    policy = bytes(value).lower().decode("latin-1")
    if policy not in POLICIES_HERE:
        legal = POLICIES_HERE if policy in POLICIES else POLICIES
        raise CommandError(texts.setting_failed("maxmemory-policy", texts.one_of(legal)))


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
