"""Recipes for the connection, the server, logins and scripts."""

from __future__ import annotations

from collections.abc import Iterator

from maker import Chunk, Maker, words
from played import PASSWORD


def set_up(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    yield make.one(b"HELLO", rng.choice([b"2", b"3"]))
    yield make.one(b"HELLO", *rng.choice([[], [b"3", b"AUTH", b"default", b"any"], [b"3", b"setname", b"me"]]))
    yield make.one(b"CLIENT", make.case(b"SETNAME"), rng.choice([b"one", b"two", b""]))
    yield make.one(b"CLIENT", make.case(b"GETNAME"))
    yield make.one(b"CLIENT", b"SETINFO", make.case(b"LIB-NAME"), rng.choice([b"redis-py", b""]))
    yield make.one(b"CLIENT", b"SETINFO", make.case(b"LIB-VER"), b"8.1.0")
    yield make.one(b"CLIENT", make.case(b"ID"))
    yield make.one(b"PING", *rng.choice([[], [b"hi"]]))
    yield make.one(b"ECHO", make.value())
    yield make.one(b"AUTH", b"default", b"any")


def set_up_refused(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    yield make.one(b"HELLO", rng.choice([b"1", b"4", b"-3"]))
    yield make.one(b"HELLO", rng.choice([b"x", b"2 ", b""]))
    yield make.one(b"HELLO", b"3", rng.choice([b"NOSUCH", b"AUTH", b"SETNAME", b"no\nsuch"]))
    yield make.one(b"HELLO", b"3", b"SETNAME", b"a b")
    yield make.one(b"HELLO", b"2", b"AUTH", b"nobody", b"x")
    yield make.one(b"AUTH", b"any")
    yield make.one(b"AUTH", b"nobody", b"any")
    yield make.one(b"AUTH", b"a", b"b", b"c")
    yield make.one(b"CLIENT", b"SETNAME", rng.choice([b"a b", b"a\n", b"\xff"]))
    yield make.one(b"CLIENT", b"SETINFO", rng.choice([b"LIB-NAME", b"lib-ver"]), b"a b")
    yield make.one(b"CLIENT", b"SETINFO", b"NOSUCH", b"x")
    yield make.one(b"CLIENT", rng.choice([b"NOSUCH", b"no\r\nsuch", b"MAINT_NOTIFICATIONS"]), b"x")
    yield make.one(b"SELECT", rng.choice([b"16", b"-1", b"x"]))
    yield make.one(b"PING", b"a", b"b")


def select(make: Maker) -> Iterator[Chunk]:
    yield make.one(b"SELECT", make.rng.choice([b"1", b"15"]))
    yield make.one(b"SET", make.key(), b"elsewhere")
    yield make.one(b"WATCH", make.key())
    yield make.one(b"DBSIZE")
    yield [("me", [b"SELECT", b"0"])]
    yield make.one(b"GET", make.key())


def leave(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    if rng.random() < 0.5:
        yield make.one(b"MULTI")
    yield make.one(*rng.choice([[b"RESET"], [b"QUIT"], [b"QUIT", b"now"], [b"RESET", b"x"]]))
    yield [("me", [b"RESET"]), ("me", [b"HELLO", rng.choice([b"2", b"3"])])]


def server(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    yield make.one(b"CONFIG", make.case(b"RESETSTAT"))
    yield make.one(b"GET", make.key())
    yield make.one(b"INFO", *rng.choice([[], [b"stats"], [b"keyspace", b"Memory"], [b"nosuch"], [b"all"]]))
    yield make.one(b"COMMAND", make.case(b"COUNT"))
    yield make.one(b"COMMAND", make.case(b"INFO"), b"nosuch", *rng.choices(NAMES, k=3))
    yield make.one(b"COMMAND", make.case(b"GETKEYS"), *rng.choice(GETKEYS))
    yield make.one(b"CONFIG", make.case(b"GET"), *rng.choice(CONFIG_GETS))


NAMES = words(
    "get set mget mset del client config script eval evalsha exec watch hset smembers flushall info command hello "
    "expire incrbyfloat delifeq getex client|id config|set script|load nosuch|get client|nosuch command|info ECHO quit "
    "setex psetex setnx getset getdel unlink exists type persist ttl pttl expiretime pexpiretime incr decr "
    "incrby decrby hget hgetall hdel sadd srem multi discard unwatch flushdb dbsize auth select ping reset"
)
GETKEYS = [
    words("GET a"), words("MSET a 1 b 2"), words("EVAL s 2 a b c"), words("EVAL s 0"), words("EVAL s x"), words("PING"),
    words("NOSUCH a"), words("GET"), words("WATCH a b"), words("CLIENT ID"), words("CLIENT NOSUCH"), words("CLIENT"),
    words("HSET a b"), words("MULTI x"),
]  # fmt: skip
CONFIG_GETS = [
    words("maxmemory"), words("MaxMemory"), words("maxmemory-policy maxmemory"), words("maxmemory-p*"), words("nosuch"),
    words("m?xmemory"), words("maxmemory nosuch"),
]  # fmt: skip


def getkeys_refused(make: Maker) -> Iterator[Chunk]:
    for given in ("PING", "NOSUCH a", "GET"):
        yield make.one(b"COMMAND", b"GETKEYS", *words(given))


def settings_refused(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    yield make.one(b"CONFIG", b"SET", b"nosuch", b"1")
    yield make.one(b"CONFIG", b"SET", b"maxmemory", rng.choice([b"x", b"-1", b"1xb", b"1.5", b" 5", b"1t", b"kb"]))
    yield make.one(b"CONFIG", b"SET", b"maxmemory", b"0", b"maxmemory", b"0")
    yield make.one(b"CONFIG", b"SET", b"maxmemory", b"0", b"x")
    yield make.one(b"CONFIG", b"SET", b"maxmemory-policy", b"nosuch")
    yield make.one(b"CONFIG", b"SET", b"maxmemory-policy", rng.choice([b"noeviction", b"NoEviction"]))
    yield make.one(b"CONFIG", b"NOSUCH")


def full(make: Maker) -> Iterator[Chunk]:
    """A full server refuses what needs memory and obeys the rest; never interrupted, for everybody is refused."""
    rng = make.rng
    limit = rng.choice([b"1", b"1b", b"2"])
    writes = [
        [b"SET", b"k1", b"v"], [b"INCR", b"n1"], [b"MSET", b"k1", b"v"], [b"HSET", b"h1", b"f", b"v"],
        [b"SADD", b"s1", b"m"],
        [b"SETEX", b"k1", b"600", b"v"], [b"GETSET", b"k1", b"v"], [b"INCRBYFLOAT", b"n1", b"1"], [b"SETNX", b"k1",
        b"v"],
    ]  # fmt: skip
    obeyed = [
        [b"DEL", b"k1"], [b"GET", b"k1"], [b"EXPIRE", b"k2", b"600"], [b"GETDEL", b"k2"], [b"HDEL", b"h1", b"f1"],
        [b"SREM", b"s1", b"1"], [b"DELIFEQ", b"k1", b"v"], [b"GETEX", b"k1", b"PERSIST"], [b"UNLINK", b"k1"],
    ]  # fmt: skip
    chunk: Chunk = [("me", [b"SET", b"filler", b"v"]), ("me", [b"CONFIG", b"SET", b"maxmemory", limit])]
    chunk += [("me", args) for args in rng.sample(writes, 2) + rng.sample(obeyed, 2)]
    chunk += [("me", [b"MULTI"]), ("me", rng.choice([*writes, *obeyed])), ("me", [b"EXEC"])]
    chunk += [("me", [b"CONFIG", b"SET", b"maxmemory", rng.choice([b"0", b"", b"100mb", b"1gb", b"90000kb", b"90M"])])]
    yield chunk


def full_at_exec(make: Maker) -> Iterator[Chunk]:
    """The server fills between queueing and EXEC, of a transaction that may have to fail already."""
    queued = make.rng.choice([[b"SET", b"k1", b"v"], [b"SET", b"k1", b"v"], [b"GET", b"k1"]])
    changed: Chunk = [("other", [b"SET", b"k3", b"v"])]
    before, after = make.rng.choice([([], []), ([], []), (changed, []), ([], changed)])
    yield [
        ("other", [b"SET", b"filler", b"v"]), ("me", [b"WATCH", b"k3"]), ("me", [b"MULTI"]),
        *before, ("me", queued), *after,
        ("other", [b"CONFIG", b"SET", b"maxmemory", b"1"]), ("me", [b"EXEC"]),
        ("other", [b"CONFIG", b"SET", b"maxmemory", b"0"]), ("me", [b"EXEC"]),
    ]  # fmt: skip


def other_scripts(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    yield make.one(b"EVAL", b"return 1", b"0")
    yield make.one(b"EVAL", b"return redis.call('get', KEYS[1])", b"1", make.key())
    yield make.one(b"EVALSHA", rng.choice([b"abc", b"e" * 40]), b"0")
    yield make.one(b"SCRIPT", make.case(b"LOAD"), b"return 1")
    yield make.one(b"SCRIPT", make.case(b"EXISTS"), b"e" * 40, b"abc")
    yield make.one(b"SCRIPT", make.case(b"FLUSH"), *rng.choice([[], [b"ASYNC"], [b"sync"]]))
    yield make.one(b"SCRIPT", b"FLUSH", *rng.choice([[b"LATER"], [b"SYNC", b"x"]]))
    yield make.one(b"EVAL", b"return 1", rng.choice([b"-1", b"7"]), b"x")
    yield make.one(rng.choice([b"EVAL", b"EVALSHA"]), b"e" * 40, rng.choice([b"-1", b"7", b"x"]), b"x")


def locked(make: Maker) -> Iterator[Chunk]:
    rng = make.rng
    for text in rng.sample(
        ["GET k", "NOSUCH", "GET", "PING", "MULTI", "EXEC", "CLIENT ID", "COMMAND", "SELECT 0", "WATCH"], 4
    ):
        yield [("me", words(text))]
    yield make.one(b"HELLO", *rng.choice([[], [b"3"], [b"2", b"SETNAME", b"x"]]))
    yield make.one(b"HELLO", rng.choice([b"x", b"9"]))
    yield make.one(b"HELLO", b"3", b"AUTH", b"default", b"wrong")
    yield make.one(b"AUTH", b"wrong")
    yield make.one(b"AUTH", *rng.choice([[], [b"a", b"b", b"c"], [b"nobody", PASSWORD], [b"default", b"wrong"]]))
    ways = [[b"AUTH", PASSWORD], [b"AUTH", b"default", PASSWORD], [b"HELLO", b"3", b"AUTH", b"default", PASSWORD]]
    yield [("me", rng.choice(ways))]
    yield make.one(b"SET", b"k", b"v")
    yield make.one(b"AUTH", b"wrong")
    yield make.one(b"GET", b"k")
    yield [("me", rng.choice([[b"RESET"], [b"QUIT"]]))]


def lock_scripts(make: Maker) -> Iterator[Chunk]:
    from redis.lock import Lock

    rng = make.rng
    release, extend, again = (
        text.encode() for text in (Lock.LUA_RELEASE_SCRIPT, Lock.LUA_EXTEND_SCRIPT, Lock.LUA_REACQUIRE_SCRIPT)
    )
    digests = {
        release: b"c3f8721cbb97f72bc19e972846bd7aaf91901658", extend: b"a4e8783852e6b949f9ef3a97212805108459a890",
        again: b"1cac51482acf5858da00f6d685d68f886cd6b6b2",
    }  # fmt: skip
    births = [
        [b"SET", b"lock", b"me", b"PX", make.ttl(1)], [b"SET", b"lock", b"me"], [b"SET", b"lock", b"you", b"EX",
        make.ttl()],
        [b"DEL", b"lock"], [b"HSET", b"lock", b"f", b"v"],
    ]  # fmt: skip
    tails = {
        release: [[b"1", b"lock", b"me"], [b"1", b"lock", b"you"], [b"1", b"lock"], [b"0"]],
        extend: [
            [b"1", b"lock", b"me", make.ttl(1), b"0"], [b"1", b"lock", b"me", make.ttl(1), b"1"], [b"0"], [b"0",
            b"lock"],
            [b"1", b"lock", b"me", b"x", b"0"], [b"1", b"lock", b"me", b"x", b"1"], [b"1", b"lock", b"me", b"1.5",
            b"0"],
            [b"1", b"lock", b"me"], [b"1", b"lock", b"me", b"-999999999999", b"0"], [b"1", b"lock", b"you", b"5", b"1"],
            [b"1", b"lock", b"me", make.ttl(1)],
        ],
        again: [[b"1", b"lock", b"me", make.ttl(1)], [b"1", b"lock", b"you", b"5"], [b"1", b"lock", b"me"], [b"0"],
                [b"1", b"lock", b"me", b"x"], [b"1", b"lock", b"me", b"-1"]],
    }  # fmt: skip
    for text, choices in tails.items():
        yield [("me", [b"SCRIPT", b"FLUSH"])] if rng.random() < 0.3 else []
        yield [("me", [b"DEL", b"lock"]), ("me", rng.choice(births))]
        tail = rng.choice(choices)
        yield [("me", [b"EVALSHA", digests[text], *tail])]
        way = rng.choice(
            [[[b"EVAL", text, *tail]], [[b"SCRIPT", b"LOAD", text], [b"EVALSHA", digests[text].upper(), *tail]]]
        )
        yield [("me", args) for args in way]
        yield [("me", [b"SCRIPT", b"EXISTS", digests[text], b"x"])]
        yield [
            ("me", [b"MULTI"]),
            ("me", [b"EVAL", text, *rng.choice(choices)]),
            ("me", [b"PTTL", b"lock"]),
            ("me", [b"EXEC"]),
        ]
        yield [("me", [b"PTTL", b"lock"]), ("me", [b"GET", b"lock"])]
    yield [
        ("me", [b"SET", b"lock", b"me", b"PX", make.ttl(1)]),
        ("me", [b"EVAL", extend, b"1", b"lock", b"me", b"x", b"0"]),
        ("me", [b"EVAL", extend, b"1", b"lock"]),
    ]
    yield [("me", [b"CONFIG", b"RESETSTAT"])]
    yield [("me", [b"SET", b"lock", b"me", b"PX", make.ttl(1)])]
    yield [("me", [b"EVAL", extend, b"1", b"lock", b"me", make.ttl(1), b"0"]), ("me", [b"INFO", b"stats"])]


def every_name(make: Maker) -> Iterator[Chunk]:
    """What chance alone would meet too rarely."""
    yield make.one(b"COMMAND")
    yield make.one(b"HELLO", b"3", b"SETNAME", b"me")
    yield make.one(b"HELLO", make.rng.choice([b"2", b"3"]), b"AUTH", b"default", b"any")
    yield make.one(b"HELLO", b"2")
    yield make.one(b"UNWATCH")
    yield make.one(b"EVAL", b"return 1", b"-1", b"x")
    for section in (b"stats", b"keyspace", b"memory", b"all"):
        yield make.one(b"INFO", make.case(section))
    yield make.one(b"CONFIG", b"GET", b"maxmemory", b"maxmemory-policy")
    yield make.one(b"SELECT", b"16")
    yield [("me", [b"DISCARD"])]
    yield make.one(b"EVAL", b"return 1", b"2", b"x")
    yield [("me", [b"MULTI"]), ("me", [b"MULTI"]), ("me", [b"WATCH", b"k1"]), ("me", [b"DISCARD"])]
    yield [("me", [b"QUIT"])]
