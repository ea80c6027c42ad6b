"""Keys of any type: DEL, UNLINK, DELIFEQ, EXISTS, TYPE, DBSIZE, FLUSHDB, FLUSHALL.

Rules: deleting a missing key changes nothing and tells no watcher; UNLINK is DEL (freeing in the background cannot be
seen from outside); EXISTS counts a key as often as it is named.
Source: Valkey 9.1.2, db.c and t_string.c (`delifeqCommand`).
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.reply import OK, Status
from kit.cache.redis.session import Session
from kit.cache.redis.strings import text
from kit.cache.redis.table import DELETE, LOOK, Args, Command, Keys, Reply
from kit.cache.redis.values import kind_of


def delete(session: Session, args: Args) -> Reply:
    return sum(session.keys.delete(key) for key in args[1:])


def delifeq(session: Session, args: Args) -> Reply:
    value = text(session.keys.peek(args[1]))
    return int(value is not None and value == args[2] and session.keys.delete(args[1]))


def exists(session: Session, args: Args) -> Reply:
    return sum(session.keys.get(key) is not None for key in args[1:])


def type_(session: Session, args: Args) -> Reply:
    return Status(kind_of(session.keys.get(args[1])))


def dbsize(session: Session, args: Args) -> Reply:
    return len(session.keys)


def flushdb(session: Session, args: Args) -> Reply:
    _check_mode(args)
    session.keys.flush()
    return OK


def flushall(session: Session, args: Args) -> Reply:
    _check_mode(args)
    for keys in session.engine.databases:
        keys.flush()
    return OK


def _check_mode(args: Args) -> None:
    """ASYNC and SYNC are accepted and mean the same here."""
    if len(args) > 2 or (len(args) == 2 and bytes(args[1]).upper() not in (b"ASYNC", b"SYNC")):
        raise CommandError(texts.SYNTAX)


_SUM = ("request_policy:multi_shard", "response_policy:agg_sum")
_FLUSH = ("@keyspace", "@write", "@slow", "@dangerous")
_ALL = ("request_policy:all_shards", "response_policy:all_succeeded")

COMMANDS = (
    Command("del", -2, delete, ("write",), ("@keyspace", "@write", "@slow"), Keys(DELETE, last=-1), _SUM),
    Command(
        "unlink", -2, delete, ("write", "fast"), ("@keyspace", "@write", "@fast"), Keys(DELETE, last=-1), _SUM,
    ),
    Command("delifeq", 3, delifeq, ("write", "fast"), ("@write", "@string", "@fast"), Keys(DELETE)),
    Command(
        "exists", -2, exists, ("readonly", "fast"), ("@keyspace", "@read", "@fast"), Keys(LOOK, last=-1), _SUM,
    ),
    Command("type", 2, type_, ("readonly", "fast"), ("@keyspace", "@read", "@fast"), Keys(LOOK)),
    Command(
        "dbsize", 1, dbsize, ("readonly", "fast"), ("@keyspace", "@read", "@fast"), None,
        ("request_policy:all_shards", "response_policy:agg_sum"),
    ),
    Command("flushdb", -1, flushdb, ("write",), _FLUSH, None, _ALL),
    Command("flushall", -1, flushall, ("write",), _FLUSH, None, _ALL),
)  # fmt: skip
