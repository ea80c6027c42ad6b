"""Recipes for WATCH, MULTI and EXEC, and for a server that is full."""

from __future__ import annotations

from collections.abc import Iterator

from maker import KEYS, PAUSE, Chunk, Maker


def transaction(make: Maker) -> Iterator[Chunk]:
    """WATCH, something by somebody, MULTI, commands, EXEC or DISCARD."""
    rng = make.rng
    keys = rng.sample(KEYS, rng.randrange(1, 3))
    if rng.random() < 0.8:
        yield make.one(b"WATCH", *keys)
    for _ in range(rng.randrange(3)):
        yield [(rng.choice(["me", "other"]), some_write(make, rng.choice(keys)))]
    if rng.random() < 0.15:
        yield make.one(b"UNWATCH")
    yield make.one(b"MULTI")
    for _ in range(rng.randrange(5)):
        yield [("me", some_command(make))]
    yield make.one(rng.choice([b"EXEC", b"EXEC", b"EXEC", b"DISCARD"]))


def some_write(make: Maker, key: bytes) -> list[bytes]:
    return make.rng.choice(
        [[b"SET", key, b"1"], [b"SET", key, b"1", b"NX"], [b"DEL", key], [b"INCR", key], [b"EXPIRE", key, make.ttl()],
         [b"PERSIST", key], [b"HSET", key, b"f", b"1"], [b"SADD", key, b"m"], [b"SREM", key, b"no"], [b"FLUSHALL"],
         [b"HDEL", key, b"no"], [b"GETEX", key, b"PERSIST"], [b"GETDEL", key], [b"DELIFEQ", key, b"1"],
         [b"SET", key, b"2", b"IFEQ", b"1"], [b"EXPIRE", key, b"-1"], [b"GET", key], [b"SET", key, b"1", b"PXAT", b"1"],
         [b"MSET", key, b"2"], [b"GETSET", key, b"1"], [b"INCRBYFLOAT", key, b"0"]]
    )  # fmt: skip


def some_command(make: Maker) -> list[bytes]:
    key = make.key()
    return make.rng.choice(
        [[b"GET", key], [b"SET", key, make.value()], [b"INCR", key], [b"MGET", key, b"none"], [b"DEL", key],
         [b"HSET", key, b"f", b"v"], [b"HGETALL", key], [b"SADD", key, b"m"], [b"SMEMBERS", key], [b"TTL", key],
         [b"PING"], [b"ECHO", b"hi"], [b"UNWATCH"], [b"EXPIRE", key, make.ttl()], [b"CLIENT", b"ID"], [b"GETEX", key],
         [b"DBSIZE"], [b"EXISTS", key, key]]
    )  # fmt: skip


def watched_end(make: Maker) -> Iterator[Chunk]:
    """A key that ends before or after it is watched, and what others do to it then."""
    rng, key = make.rng, make.key()
    birth: Chunk = [("me", [b"DEL", key]), ("me", [b"SET", key, b"v", b"PX", b"5"])]
    watch: Chunk = [("me", [b"WATCH", key])]
    chunk = rng.choice([[*birth, *watch, ("me", PAUSE)], [*birth, ("me", PAUSE), *watch]])
    for _ in range(rng.randrange(3)):
        chunk.append(("other", some_write(make, key)))
    yield [*chunk, ("me", [b"MULTI"]), ("me", [b"GET", key]), ("me", [b"EXEC"])]


def failed_transaction(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    yield make.one(b"MULTI")
    yield [("me", rng.choice([[b"NOSUCH", b"x"], [b"GET"], [b"MULTI"], [b"WATCH", b"k1"], [b"CLIENT", b"NOSUCH"]]))]
    yield make.one(b"SET", make.key(), b"never")
    yield make.one(rng.choice([b"EXEC", b"EXEC", b"DISCARD"]))
    yield make.one(rng.choice([b"EXEC", b"DISCARD", b"GET"]), *([make.key()] if rng.random() < 0.1 else []))


def refused_exec(make: Maker) -> Iterator[Chunk]:
    yield make.one(b"MULTI")
    yield make.one(b"SET", make.key(), b"never")
    yield [("me", [b"EXEC", b"x"]), ("me", [b"EXEC"])]
