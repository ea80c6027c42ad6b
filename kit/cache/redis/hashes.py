"""Hashes: HSET, HGET, HGETALL, HDEL.

Rules: a hash without fields does not exist; HSET tells watchers even where nothing is new, HDEL only what it removed.
Source: Valkey 9.1.2, t_hash.c.
Leaves out: counters of fields, expiry of fields, HMGET and scans: they come with the lessons that use them.
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.session import Session
from kit.cache.redis.table import CHANGE, READ, REMOVE, Args, Command, Keys, Reply
from kit.cache.redis.values import Hash, Value


def _hash(value: Value | None) -> Hash | None:
    if value is None or isinstance(value, Hash):
        return value
    raise CommandError(texts.WRONG_TYPE)


def hset(session: Session, args: Args) -> Reply:
    if len(args) % 2:
        raise CommandError(texts.wrong_arity("hset"))
    keys, key = session.keys, args[1]
    value = _hash(keys.peek(key))
    fresh = value is None
    if value is None:
        value = Hash()
    before = value.memory
    new = sum(value.put(name, item) for name, item in zip(args[2::2], args[3::2], strict=True))
    if fresh:
        keys.set(key, value)
    else:
        keys.grown(key, value, before)
    return new


def hget(session: Session, args: Args) -> Reply:
    value = _hash(session.keys.get(args[1]))
    return None if value is None else value.fields.get(args[2])


def hgetall(session: Session, args: Args) -> Reply:
    value = _hash(session.keys.get(args[1]))
    return {} if value is None else dict(value.fields)


def hdel(session: Session, args: Args) -> Reply:
    value = _hash(session.keys.peek(args[1]))
    if value is None:
        return 0
    before = value.memory
    gone = sum(value.drop(name) for name in args[2:])
    if gone:
        session.keys.grown(args[1], value, before)
    return gone


_FAST_WRITE = ("@write", "@hash", "@fast")

COMMANDS = (
    Command("hset", -4, hset, ("write", "denyoom", "fast"), _FAST_WRITE, Keys(CHANGE)),
    Command("hget", 3, hget, ("readonly", "fast"), ("@read", "@hash", "@fast"), Keys(READ)),
    Command(
        "hgetall", 2, hgetall, ("readonly",), ("@read", "@hash", "@slow"), Keys(READ),
        ("nondeterministic_output_order",),
    ),
    Command("hdel", -3, hdel, ("write", "fast"), _FAST_WRITE, Keys(REMOVE)),
)  # fmt: skip
