"""Strings: GET, SET with every option, and their relatives.

Rules: the options of SET are read in any order and any case, a repeated one is legal, two that contradict are a syntax
error; an expiry that lies in the past ends the key at once.
Source: Valkey 9.1.2, t_string.c (`parseExtendedStringArgumentsOrReply`, `setGenericCommand`).
Leaves out: APPEND, STRLEN, GETRANGE, SETRANGE, LCS, MSETNX, MSETEX: nothing in the course needs them yet.
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.options import StringOptions, expire_at_ms, parse_string_options
from kit.cache.redis.reply import OK
from kit.cache.redis.session import Session
from kit.cache.redis.table import EXCHANGE, READ, REPLACE, Args, Command, Keys, Reply
from kit.cache.redis.values import Value


def text(value: Value | None) -> bytes | None:
    """The value as a string. Raises CommandError where it is none."""
    if value is None or isinstance(value, bytes):
        return value
    raise CommandError(texts.WRONG_TYPE)


def get(session: Session, args: Args) -> Reply:
    value = session.keys.get(args[1])
    if value is None or isinstance(value, bytes):  # `text`, spelled out: the command that caches live on
        return value
    raise CommandError(texts.WRONG_TYPE)


def set_(session: Session, args: Args) -> Reply:
    options = parse_string_options(args, 3, session, for_set=True)
    keys, key, value = session.keys, args[1], args[2]
    # With GET the old value is read as GET reads it: it counts, and another type is an error.
    old = text(keys.get(key)) if options.get else None
    if not _may_set(session, key, options):
        return old
    _store(session, key, value, options.expire_ms, keep_ttl=options.keep_ttl)
    return old if options.get else OK


def _may_set(session: Session, key: bytes, options: StringOptions) -> bool:
    if options.if_equal is not None:
        return text(session.keys.peek(key)) == options.if_equal
    if options.if_present is None:
        return True
    return (session.keys.peek(key) is not None) == options.if_present


def _store(session: Session, key: bytes, value: bytes, expire_ms: int | None, *, keep_ttl: bool = False) -> None:
    keys = session.keys
    if expire_ms is None or expire_ms > session.engine.now_ms():
        keys.set(key, value, expire_ms, keep_ttl=keep_ttl)
    elif keys.peek(key) is not None:
        keys.end(key)


def setex(session: Session, args: Args) -> Reply:
    _store(session, args[1], args[3], expire_at_ms("setex", b"EX", args[2], session))
    return OK


def psetex(session: Session, args: Args) -> Reply:
    _store(session, args[1], args[3], expire_at_ms("psetex", b"PX", args[2], session))
    return OK


def setnx(session: Session, args: Args) -> Reply:
    if session.keys.peek(args[1]) is not None:
        return 0
    session.keys.set(args[1], args[2])
    return 1


def getset(session: Session, args: Args) -> Reply:
    old = text(session.keys.get(args[1]))
    session.keys.set(args[1], args[2])
    return old


def getdel(session: Session, args: Args) -> Reply:
    old = text(session.keys.get(args[1]))
    if old is not None:
        session.keys.delete(args[1])
    return old


def getex(session: Session, args: Args) -> Reply:
    options = parse_string_options(args, 2, session, for_set=False)
    keys, key = session.keys, args[1]
    value = text(keys.get(key))
    if value is None:
        return None
    if options.persist:
        if keys.expire_ms(key) is not None:
            keys.set_expiry(key, None)
    elif options.expire_ms is not None:
        if options.expire_ms <= session.engine.now_ms():
            keys.end(key)
        else:
            keys.set_expiry(key, options.expire_ms)
    return value


def mget(session: Session, args: Args) -> Reply:
    """Another type is no error here but nil."""
    found = [session.keys.get(key) for key in args[1:]]
    return [value if isinstance(value, bytes) else None for value in found]


def mset(session: Session, args: Args) -> Reply:
    if len(args) % 2 == 0:
        raise CommandError(texts.wrong_arity("mset"))
    for key, value in zip(args[1::2], args[2::2], strict=True):
        session.keys.set(key, value)
    return OK


_WRITE = ("@write", "@string", "@slow")
_FAST_WRITE = ("@write", "@string", "@fast")
_SHARDS = "request_policy:multi_shard"

COMMANDS = (
    Command("get", 2, get, ("readonly", "fast"), ("@read", "@string", "@fast"), Keys(READ)),
    Command(
        "set", -3, set_, ("write", "denyoom"), _WRITE,
        Keys(("RW", "access", "update", "variable_flags"), notes="RW and ACCESS due to the optional `GET` argument"),
    ),
    Command("setex", 4, setex, ("write", "denyoom"), _WRITE, Keys(REPLACE)),
    Command("psetex", 4, psetex, ("write", "denyoom"), _WRITE, Keys(REPLACE)),
    Command("setnx", 3, setnx, ("write", "denyoom", "fast"), _FAST_WRITE, Keys(("OW", "insert"))),
    Command("getset", 3, getset, ("write", "denyoom", "fast"), _FAST_WRITE, Keys(EXCHANGE)),
    Command("getdel", 2, getdel, ("write", "fast"), _FAST_WRITE, Keys(("RW", "access", "delete"))),
    Command(
        "getex", -2, getex, ("write", "fast"), _FAST_WRITE,
        Keys(EXCHANGE, notes="RW and UPDATE because it changes the TTL"),
    ),
    Command(
        "mget", -2, mget, ("readonly", "fast"), ("@read", "@string", "@fast"), Keys(READ, last=-1), (_SHARDS,),
    ),
    Command(
        "mset", -3, mset, ("write", "denyoom"), _WRITE, Keys(REPLACE, last=-1, step=2),
        (_SHARDS, "response_policy:all_succeeded"),
    ),
)  # fmt: skip
