"""Recipes for everything that is refused."""

from __future__ import annotations

from collections.abc import Iterator

from maker import Chunk, Maker, words
from recipes_values import EXPIRES


def refused_syntax(make: Maker) -> Iterator[Chunk]:
    rng, key = make.rng, make.key()
    tries = [
        "SET k v NX XX", "SET k v EX", "SET k v IFEQ", "SET k v IFEQ a NX", "SET k v IFEQ a IFEQ b",
        "SET k v KEEPTTL EX 5",
        "SET k v EX 5 PX 5", "SET k v PERSIST", "SET k v nosuch", "GETEX k NX", "GETEX k EX", "GETEX k PERSIST EX 5",
        "GETEX k EX 5 PERSIST", "GETEX k KEEPTTL", "GETEX k IFEQ k", "FLUSHALL NOW", "FLUSHDB SYNC ASYNC",
        "SET k v EX x y",
        "SET k v XX IFEQ a", "SET k v EXAT 5 KEEPTTL", "GETEX k GET",
    ]  # fmt: skip
    for text in rng.sample(tries, 5):
        yield [("me", words(text))]
    bad = rng.choice([b"x", b"", b"1.5", b" 1", b"+1", b"01", b"-0", b"9223372036854775808", b"--1", b"1\n"])
    numbers = [
        [b"EXPIRE", key, bad], [b"SETEX", key, bad, b"v"], [b"SET", key, b"v", b"EX", bad], [b"GETEX", key, b"PX", bad],
        [b"INCRBY", key, bad], [b"DECRBY", key, bad], [b"SELECT", bad], [b"PEXPIREAT", key, bad],
    ]  # fmt: skip
    for args in rng.sample(numbers, 4):
        yield [("me", args)]


def refused_times(make: Maker) -> Iterator[Chunk]:
    rng, key = make.rng, make.rng.choice([make.key(), b"none"])
    big = b"9223372036854775807"
    tries = [
        [b"SET", key, b"v", b"EX", b"0"], [b"SET", key, b"v", b"PX", b"-1"], [b"SET", key, b"v", b"EXAT", b"0"],
        [b"SET", key, b"v", b"PXAT", b"-5"], [b"SET", key, b"v", b"EX", big], [b"SET", key, b"v", b"PX", big],
        [b"SETEX", key, b"0", b"v"], [b"SETEX", key, b"-1", b"v"], [b"PSETEX", key, b"0", b"v"], [b"PSETEX", key,
        big, b"v"],
        [b"GETEX", key, b"EX", b"0"], [b"GETEX", key, b"PX", big], [b"GETEX", key, b"EXAT", b"-1"],
        [b"EXPIRE", key, big], [b"EXPIRE", key, b"-" + big], [b"PEXPIRE", key, big], [b"EXPIREAT", key, big],
        [b"EXPIRE", key, b"9223372036854775"], [b"SET", key, b"v", b"EX", b"9223372036854775"],
        [b"PEXPIREAT", key, b"-9223372036854775808"], [b"PEXPIRE", key, b"-9223372036854775808"],
    ]  # fmt: skip
    for args in rng.sample(tries, 6):
        yield [("me", args)]
    yield [("me", [b"EXPIRE", make.key(), b"500", rng.choice([b"NOSUCH", b"no\nsuch"])])]
    yield [
        (
            "me",
            [
                rng.choice(list(EXPIRES)),
                make.key(),
                b"500",
                *rng.choice([[b"NX", b"GT"], [b"nx", b"XX"], [b"LT", b"NX"]]),
            ],
        )
    ]
    yield [("me", [rng.choice(list(EXPIRES)), make.key(), b"500", b"GT", b"LT"])]


def refused_numbers(make: Maker) -> Iterator[Chunk]:
    rng, big = make.rng, b"9223372036854775807"
    yield [
        ("me", [b"SET", b"n8", big]),
        ("me", rng.choice([[b"INCR", b"n8"], [b"INCRBY", b"n8", b"5"], [b"DECRBY", b"n8", b"-1"]])),
    ]
    yield [
        ("me", [b"SET", b"n8", b"-" + big]),
        ("me", [b"DECRBY", b"n8", b"2"]),
        ("me", [b"DECRBY", b"n8", b"-9223372036854775808"]),
    ]
    yield [("me", [b"SET", b"n8", rng.choice([b"x", b"", b"1.5", b" 1"])]), ("me", [b"INCR", b"n8"])]
    yield [
        ("me", [b"SET", b"n8", rng.choice([b"x", b"", b" 1", b"1 ", b"nan", b"1e"])]),
        ("me", [b"INCRBYFLOAT", b"n8", b"1"]),
    ]
    yield [
        ("me", [b"SET", b"n8", b"1"]),
        ("me", [b"INCRBYFLOAT", b"n8", rng.choice([b"x", b"", b"1 ", b"nan", b"1e99999"])]),
    ]
    yield [("me", [b"SET", b"n8", b"1"]), ("me", [b"INCRBYFLOAT", b"n8", rng.choice([b"inf", b"-INF", b"+Infinity"])])]
    yield [("me", [b"SET", b"n8", b"1e4932"]), ("me", [b"INCRBYFLOAT", b"n8", rng.choice([b"1e4932", b"1"])])]


def refused_arity(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    for text in rng.sample(ARITIES, 6):
        yield [("me", words(text))]


ARITIES = [
    "GET", "GET a b", "SET", "SET a", "SETEX a 5", "PSETEX a 5", "SETNX a", "GETEX", "GETSET a", "GETDEL", "DEL",
    "DELIFEQ a",
    "UNLINK", "EXISTS", "TYPE", "PERSIST", "EXPIRE a", "PEXPIRE a", "EXPIREAT a", "PEXPIREAT a", "TTL", "PTTL a b",
    "EXPIRETIME",
    "PEXPIRETIME", "INCR", "DECR a b", "INCRBY a", "DECRBY a", "INCRBYFLOAT a", "MGET", "MSET", "MSET a",
    "MSET a b c", "HSET a b",
    "HSET a b c d", "HGET a", "HGETALL", "HDEL a", "SADD a", "SREM a", "SMEMBERS", "MULTI a", "DISCARD a", "WATCH",
    "UNWATCH a", "EVAL a", "EVALSHA a", "SCRIPT", "SCRIPT LOAD", "SCRIPT LOAD a b", "SCRIPT EXISTS", "DBSIZE a",
    "CONFIG",
    "CONFIG GET", "CONFIG SET a", "CONFIG RESETSTAT a", "COMMAND COUNT a", "COMMAND GETKEYS", "AUTH", "SELECT",
    "SELECT a b",
    "CLIENT", "CLIENT ID a", "CLIENT GETNAME a", "CLIENT SETNAME", "CLIENT SETINFO a", "ECHO", "RESET a", "EXEC a",
]  # fmt: skip


def unknown(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    name = rng.choice([b"NOSUCH", b"lpop2", b"", b"a" * 200, b"no\r\nsuch", b"\xff\x00x", b"GETT", b"it's", b"get|x"])
    count = rng.choice([0, 1, 3, 12, 40])
    pool = [b"a", b"", b"b" * 127, b"c" * 128, b"d" * 200, b"x\ny", b"\x00", b"q\x00r", b"\xff\xfe", b"'", b"e" * 60]
    yield [("me", [name, *rng.choices(pool, k=count)])]
    yield make.one(
        rng.choice([b"CONFIG", b"SCRIPT", b"COMMAND", b"CLIENT"]), rng.choice([b"NOSUCH", b"z" * 150, b"", b"\x00"])
    )
