"""Expiry: EXPIRE and TTL in seconds and milliseconds, from now and absolute, with NX, XX, GT, LT; PERSIST.

Rules: no expiry counts as infinitely late for GT and LT; an end in the past ends the key at once and counts as expired;
the time is checked before the key is looked for; seconds left are rounded to the nearest.
Source: Valkey 9.1.2, expire.c (`expireGenericCommand`, `ttlGenericCommand`, `parseExtendedExpireArgumentsOrReply`).
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.numbers import INT_MAX, INT_MIN, integer
from kit.cache.redis.session import Session
from kit.cache.redis.table import CHANGE, READ, Args, Command, Handler, Keys, Reply

_CONDITIONS = (b"NX", b"XX", b"GT", b"LT")


def _expire(name: str, unit_ms: int, *, absolute: bool) -> Handler:
    def run(session: Session, args: Args) -> Reply:
        conditions = _conditions(args)
        ends = integer(args[2]) * unit_ms
        if ends >= INT_MIN and not absolute:
            ends += session.engine.now_ms()
        if not INT_MIN <= ends <= INT_MAX:
            raise CommandError(texts.invalid_expire(name))
        keys, key = session.keys, args[1]
        if keys.peek(key) is None or not _met(conditions, keys.expire_ms(key), ends):
            return 0
        if ends <= session.engine.now_ms():
            keys.end(key)
        else:
            keys.set_expiry(key, ends)
        return 1

    return run


def _conditions(args: Args) -> set[bytes]:
    seen = set()
    for arg in args[3:]:
        option = bytes(arg).upper()
        if option not in _CONDITIONS:
            raise CommandError(texts.unsupported_option(arg))
        seen.add(option)
    if b"NX" in seen and len(seen) > 1:
        raise CommandError(texts.NX_WITH_OTHERS)
    if {b"GT", b"LT"} <= seen:
        raise CommandError(texts.GT_WITH_LT)
    return seen


def _met(conditions: set[bytes], current: int | None, ends: int) -> bool:
    if b"NX" in conditions and current is not None:
        return False
    if b"XX" in conditions and current is None:
        return False
    if b"GT" in conditions and (current is None or ends <= current):
        return False
    return not (b"LT" in conditions and current is not None and ends >= current)


def _ttl(unit_ms: int, *, absolute: bool) -> Handler:
    def run(session: Session, args: Args) -> Reply:
        if session.keys.get(args[1]) is None:
            return -2
        ends = session.keys.expire_ms(args[1])
        if ends is None:
            return -1
        left = ends if absolute else max(0, ends - session.engine.now_ms())
        return (left + unit_ms // 2) // unit_ms

    return run


def persist(session: Session, args: Args) -> Reply:
    if session.keys.peek(args[1]) is None or session.keys.expire_ms(args[1]) is None:
        return 0
    session.keys.set_expiry(args[1], None)
    return 1


expire, pexpire = _expire("expire", 1_000, absolute=False), _expire("pexpire", 1, absolute=False)
ttl, pttl = _ttl(1_000, absolute=False), _ttl(1, absolute=False)

_WRITE = ("write", "fast"), ("@keyspace", "@write", "@fast"), Keys(CHANGE)
_READ = ("readonly", "fast"), ("@keyspace", "@read", "@fast"), Keys(READ)
_VARIES = ("nondeterministic_output",)

COMMANDS = (
    Command("expire", -3, expire, *_WRITE),
    Command("pexpire", -3, pexpire, *_WRITE),
    Command("expireat", -3, _expire("expireat", 1_000, absolute=True), *_WRITE),
    Command("pexpireat", -3, _expire("pexpireat", 1, absolute=True), *_WRITE),
    Command("ttl", 2, ttl, *_READ, _VARIES),
    Command("pttl", 2, pttl, *_READ, _VARIES),
    Command("expiretime", 2, _ttl(1_000, absolute=True), *_READ),
    Command("pexpiretime", 2, _ttl(1, absolute=True), *_READ),
    Command("persist", 2, persist, *_WRITE),
)
