"""Sets: SADD, SREM, SMEMBERS.

Rules: a set without members does not exist; adding what is there, or removing what is not, tells no watcher.
Source: Valkey 9.1.2, t_set.c. The order of SMEMBERS is free; here it is the order of arrival.
Leaves out: membership tests, unions and pops: nothing in the course needs them yet.
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.reply import SetReply
from kit.cache.redis.session import Session
from kit.cache.redis.table import INSERT, READ, REMOVE, Args, Command, Keys, Reply
from kit.cache.redis.values import Members, Value


def _members(value: Value | None) -> Members | None:
    if value is None or isinstance(value, Members):
        return value
    raise CommandError(texts.WRONG_TYPE)


def sadd(session: Session, args: Args) -> Reply:
    keys, key = session.keys, args[1]
    value = _members(keys.peek(key))
    if value is None:
        value = Members()
        new = value.add(args[2:])
        keys.set(key, value)
        return new
    before = value.memory
    new = value.add(args[2:])
    if new:
        keys.grown(key, value, before)
    return new


def srem(session: Session, args: Args) -> Reply:
    value = _members(session.keys.peek(args[1]))
    if value is None:
        return 0
    before = value.memory
    gone = value.remove(args[2:])
    if gone:
        session.keys.grown(args[1], value, before)
    return gone


def smembers(session: Session, args: Args) -> Reply:
    value = _members(session.keys.get(args[1]))
    return SetReply(() if value is None else value.members)


_FAST_WRITE = ("@write", "@set", "@fast")

COMMANDS = (
    Command("sadd", -3, sadd, ("write", "denyoom", "fast"), _FAST_WRITE, Keys(INSERT)),
    Command("srem", -3, srem, ("write", "fast"), _FAST_WRITE, Keys(REMOVE)),
    Command(
        "smembers", 2, smembers, ("readonly",), ("@read", "@set", "@slow"), Keys(READ),
        ("nondeterministic_output_order",),
    ),
)  # fmt: skip
