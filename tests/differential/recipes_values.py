"""Recipes for strings, counters, hashes, sets and their ends."""

from __future__ import annotations

from collections.abc import Iterator

from maker import FIELDS, PAUSE, VALUES, Chunk, Maker


def set_options(make: Maker) -> list[bytes]:
    rng, options = make.rng, []
    time = rng.choice([b"", b"", b"EX", b"PX", b"EXAT", b"PXAT", b"KEEPTTL", b"PAST"])
    if time == b"PAST":
        options += rng.choice([[b"EXAT", b"1"], [b"PXAT", b"1000"]])
    elif time:
        options.append(make.case(time))
        unit_ms = 1_000 if time in (b"EX", b"EXAT") else 1
        if time != b"KEEPTTL":
            options.append(make.moment(unit_ms) if time.endswith(b"AT") else make.ttl(unit_ms))
    condition = rng.choice([b"", b"", b"NX", b"XX", b"IFEQ"])
    pieces = [[make.case(condition)] + ([make.value()] if condition == b"IFEQ" else [])] if condition else []
    if rng.random() < 0.3:
        pieces.append([make.case(b"GET")])
    pieces.append(options)
    rng.shuffle(pieces)
    return [word for piece in pieces for word in piece]


def strings(make: Maker) -> Iterator[Chunk]:
    for _ in range(6):
        yield make.one(b"SET", make.key(), make.value(), *set_options(make))
        yield make.one(b"GET", make.key())


def strings_older(make: Maker) -> Iterator[Chunk]:
    yield make.one(b"SETEX", make.key(), make.ttl(), make.value())
    yield make.one(b"PSETEX", make.key(), make.ttl(1), make.value())
    yield make.one(b"SETNX", make.key(), make.value())
    yield make.one(b"GETSET", make.key(), make.value())
    yield make.one(b"GETDEL", make.key())
    yield make.one(b"DELIFEQ", make.key(), make.value())
    yield make.one(b"MGET", make.key(), make.key(), b"none")
    yield make.one(b"MSET", make.key(), make.value(), make.key(), make.value())


def getex(make: Maker) -> Iterator[Chunk]:
    key = make.key()
    yield make.one(b"SET", key, make.value())
    yield make.one(b"GETEX", key)
    for option in (b"EX", b"PX", b"EXAT", b"PXAT"):
        unit_ms = 1_000 if option in (b"EX", b"EXAT") else 1
        time = make.moment(unit_ms) if option.endswith(b"AT") else make.ttl(unit_ms)
        yield make.one(b"GETEX", key, make.case(option), time)
        yield make.one(make.rng.choice([b"PTTL", b"PEXPIRETIME", b"TTL", b"EXPIRETIME"]), key)
    yield make.one(b"GETEX", key, make.case(b"PERSIST"))
    yield make.one(b"GETEX", key, *make.rng.choice([[b"EXAT", b"5"], [b"PXAT", b"5"]]))
    yield make.one(b"GETEX", key)


def counters(make: Maker) -> Iterator[Chunk]:
    key = make.rng.choice([b"n1", b"n1", b"n2", make.key()])
    for _ in range(3):
        yield make.one(make.rng.choice([b"INCR", b"DECR"]), key)
        yield make.one(make.rng.choice([b"INCRBY", b"DECRBY"]), key, str(make.rng.randrange(-(10**6), 10**6)).encode())
    yield make.one(b"INCRBYFLOAT", key, make.rng.choice(FLOATS))


FLOATS = [
    b"0.1", b"0.2", b"-0.3", b"1e3", b"1.5e-5", b"3.0e3", b".5", b"5.", b"+2", b"1e17", b"0x10", b"-0", b"1e-20",
    b"123456789.123456789", b"0x1.8p1", b"00012", b"1e0010",
]  # fmt: skip


def floats(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    key = rng.choice([b"fl1", b"fl2"])
    yield make.one(b"SET", key, rng.choice([*FLOATS, b"1e300", b"10", b"1e4000"]))
    for _ in range(4):
        step = rng.choice([*FLOATS, repr(rng.uniform(-1e6, 1e6)).encode(), repr(rng.uniform(-1, 1)).encode()])
        yield make.one(b"INCRBYFLOAT", key, step)


def generic(make: Maker) -> Iterator[Chunk]:
    yield make.one(b"EXISTS", make.key(), make.key(), make.key())
    yield make.one(b"TYPE", make.key())
    yield make.one(b"DEL", make.key(), *[make.key()] * make.rng.randrange(3))
    yield make.one(b"UNLINK", make.key())
    yield make.one(b"DBSIZE")


def deletes_if_equal(make: Maker) -> Iterator[Chunk]:
    key, value = make.key(), make.value()
    yield [("me", [b"SET", key, value]), ("me", [b"DELIFEQ", key, b"other"]), ("me", [b"DELIFEQ", key, value])]


def flushes(make: Maker) -> Iterator[Chunk]:
    mode = make.rng.choice([[], [make.case(b"ASYNC")], [make.case(b"SYNC")]])
    yield make.one(make.rng.choice([b"FLUSHALL", b"FLUSHDB"]), *mode)
    yield make.one(b"DBSIZE")


EXPIRES = {b"EXPIRE": 1_000, b"PEXPIRE": 1, b"EXPIREAT": 1_000, b"PEXPIREAT": 1}


def expiry(make: Maker) -> Iterator[Chunk]:
    key = make.key()
    yield make.one(b"SET", key, make.value(), *make.rng.choice([[], [b"EX", make.ttl()]]))
    for _ in range(5):
        name = make.rng.choice(list(EXPIRES))
        time = make.moment(EXPIRES[name]) if name.endswith(b"AT") else make.ttl(EXPIRES[name])
        option = make.rng.choice(
            [[], [b"NX"], [b"XX"], [b"GT"], [b"LT"], [b"XX", b"GT"], [b"LT", b"XX"], [b"NX", b"NX"]]
        )
        yield make.one(name, key, time, *map(make.case, option))
        yield make.one(make.rng.choice([b"TTL", b"PTTL", b"EXPIRETIME", b"PEXPIRETIME"]), key)
    yield make.one(b"PERSIST", key)
    yield make.one(b"PERSIST", make.key())
    yield make.one(make.rng.choice([b"TTL", b"PTTL", b"EXPIRETIME", b"PEXPIRETIME"]), make.rng.choice([key, b"none"]))


def past_ends(make: Maker) -> Iterator[Chunk]:
    key = make.key()
    past = make.rng.choice(
        [[b"EXPIRE", key, b"-1"], [b"PEXPIRE", key, b"0"], [b"EXPIREAT", key, b"1"], [b"PEXPIREAT", key, b"-5"],
         [b"EXPIRE", key, b"-9223372036854775"], [b"EXPIRE", key, b"-1", b"GT"], [b"EXPIRE", key, b"-1", b"LT"]]
    )  # fmt: skip
    yield [("me", [b"SET", key, b"v", b"EX", make.ttl()]), ("me", past), ("me", [b"EXISTS", key])]


def short_lives(make: Maker) -> Iterator[Chunk]:
    """Keys that end while nobody looks, and every way to meet one that has ended."""
    rng, key = make.rng, make.key()
    birth = rng.choice(
        [[b"SET", key, b"v", b"PX", b"3"], [b"PSETEX", key, b"2", b"v"], [b"SET", key, b"7", b"PX", b"1", b"GET"]]
    )
    meets = [
        [b"GET", key], [b"EXISTS", key], [b"TTL", key], [b"TYPE", key], [b"DEL", key], [b"SET", key, b"w", b"XX"],
        [b"SET", key, b"w", b"NX"], [b"SET", key, b"w", b"KEEPTTL"], [b"INCR", key], [b"GETEX", key, b"PERSIST"],
        [b"PERSIST", key], [b"EXPIRE", key, b"100"], [b"DELIFEQ", key, b"v"], [b"SADD", key, b"m"],
        [b"HSET", key, b"f", b"v"], [b"MSET", key, b"w"], [b"DBSIZE"], [b"FLUSHDB"], [b"GETSET", key, b"w"],
    ]  # fmt: skip
    yield [("me", [b"DEL", key]), ("me", birth), ("me", PAUSE), ("me", rng.choice(meets))]
    yield make.one(b"DBSIZE")
    yield make.one(b"GET", key)


def hashes(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    key = rng.choice([b"h1", b"h1", make.key()])
    for _ in range(3):
        pairs = [part for _ in range(rng.randrange(1, 3)) for part in (rng.choice(FIELDS), make.value())]
        yield make.one(b"HSET", key, *pairs)
        yield make.one(b"HGET", key, rng.choice(FIELDS))
        yield make.one(b"HGETALL", key)
    yield make.one(b"HDEL", key, *rng.sample(FIELDS, rng.randrange(1, 4)))
    yield make.one(b"HGETALL", key)


def sets(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    key = rng.choice([b"s1", b"s1", make.key()])
    for _ in range(2):
        yield make.one(b"SADD", key, *rng.choices(VALUES, k=rng.randrange(1, 5)))
        yield make.one(b"SMEMBERS", key)
        yield make.one(b"SREM", key, *rng.choices(VALUES, k=rng.randrange(1, 5)))
    yield make.one(b"SMEMBERS", key)


def wrong_types(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    births = {b"h9": [b"HSET", b"h9", b"f", b"v"], b"s9": [b"SADD", b"s9", b"m"], b"k9": [b"SET", b"k9", b"v"]}
    key = rng.choice(list(births))
    yield [("me", births[key])]
    tries = [
        [b"GET", key], [b"SET", key, b"v", b"GET"], [b"SET", key, b"v", b"IFEQ", b"v"], [b"GETSET", key, b"v"],
        [b"GETDEL", key], [b"GETEX", key, b"EX", b"500"], [b"DELIFEQ", key, b"v"], [b"INCR", key], [b"DECRBY", key,
        b"1"],
        [b"INCRBYFLOAT", key, b"1"], [b"HSET", key, b"f", b"v"], [b"HGET", key, b"f"], [b"HGETALL", key],
        [b"HDEL", key, b"f"], [b"SADD", key, b"m"], [b"SREM", key, b"m"], [b"SMEMBERS", key], [b"MGET", key],
        [b"SET", key, b"v", b"NX", b"GET"], [b"SET", key, b"v", b"XX", b"GET"],
    ]  # fmt: skip
    for args in rng.sample(tries, 8):
        yield [("me", args)]
    yield [("me", [b"DEL", key])]


def every_option(make: Maker) -> Iterator[Chunk]:
    """What chance alone would meet too rarely."""
    for option in (b"EX", b"PX", b"EXAT", b"PXAT"):
        time = (make.moment if option.endswith(b"AT") else make.ttl)(1_000 if option.startswith(b"E") else 1)
        yield [("me", [b"SET", b"k1", b"v"]), ("me", [b"GETEX", b"k1", make.case(option), time])]
    for name, unit_ms in EXPIRES.items():
        for option in (b"NX", b"XX", b"GT", b"LT"):
            time = make.moment(unit_ms) if name.endswith(b"AT") else make.ttl(unit_ms)
            yield make.one(name, make.key(), time, make.case(option))
    for mode in (b"ASYNC", b"SYNC"):
        yield make.one(b"FLUSHALL", make.case(mode))
        yield make.one(b"FLUSHDB", make.case(mode))
        yield make.one(b"SCRIPT", b"FLUSH", make.case(mode))
