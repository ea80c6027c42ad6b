"""Effects: what each command says that it did, and that INFO counts nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from conversation import START_US, Conversation
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.clock import ManualClock
from kit.cache.effects import Effect, digest
from kit.cache.redis.engine import Engine
from kit.cache.redis.reply import ErrorReply


@pytest.mark.parametrize(
    ("before", "line", "effects"),
    [
        ([], "GET k", [("miss", b"k")]),
        (["SET k v"], "GET k", [("hit", b"k")]),
        ([], "SET k v", [("stored", b"k")]),
        (["SET k v"], "SET k w NX", []),
        (["SET k v"], "SET k w GET", [("hit", b"k"), ("stored", b"k")]),
        (["SET k v"], "SET k w IFEQ v", [("stored", b"k")]),
        (["SET k v"], "SET k w PXAT 1", [("expired", b"k")]),
        ([], "SET k w PXAT 1", []),
        (["SET k v"], "DEL k none", [("deleted", b"k")]),
        (["SET k v"], "DELIFEQ k other", []),
        (["SET k v"], "GETDEL k", [("hit", b"k"), ("deleted", b"k")]),
        (["SET k v"], "EXPIRE k 10", []),
        (["SET k v"], "EXPIRE k -1", [("expired", b"k")]),
        (["SET a 1"], "MGET a b", [("hit", b"a"), ("miss", b"b")]),
        ([], "MSET a 1 b 2", [("stored", b"a"), ("stored", b"b")]),
        ([], "INCR n", [("stored", b"n")]),
        ([], "HSET h f v", [("stored", b"h")]),
        (["HSET h f v g w"], "HDEL h f", [("stored", b"h")]),
        (["HSET h f v"], "HDEL h f", [("deleted", b"h")]),
        (["HSET h f v"], "HGET h none", [("hit", b"h")]),
        (["SADD s a"], "SADD s a", []),
        (["SADD s a"], "SREM s a", [("deleted", b"s")]),
        (["SADD s a"], "GET s", [("hit", b"s")]),
        (["SET a 1", "SET b 2"], "FLUSHALL", [("deleted", b"a"), ("deleted", b"b")]),
        (["MULTI", "GET k", "SET k v"], "EXEC", [("miss", b"k"), ("stored", b"k")]),
        (["MULTI"], "SET k v", []),
        ([], "SET k", []),
    ],
)
def test_what_a_command_says_that_it_did(before: list[str], line: str, effects: list[tuple[str, bytes]]) -> None:
    talk = Conversation()
    for earlier in before:
        talk.ask(earlier)
    assert talk.effects(line) == effects


def test_an_effect_has_size_life_and_digest() -> None:
    talk = Conversation()
    assert talk.effect("SET k value EX 30") == Effect("stored", b"k", 5, 30_000, digest(b"value"))
    talk.clock.advance(10_000_000)
    assert talk.effect("GET k") == Effect("hit", b"k", 5, 20_000, digest(b"value"))
    assert talk.effect("GETEX k PERSIST") == Effect("hit", b"k", 5, 20_000, digest(b"value"))
    assert talk.effect("DEL k") == Effect("deleted", b"k", 5, None, digest(b"value"))
    assert talk.effect("GET k") == Effect("miss", b"k")


def test_a_key_that_has_ended_says_so_to_whoever_meets_it() -> None:
    talk = Conversation()
    talk.ask("SET k value PX 10")
    talk.clock.advance(11_000)
    assert talk.outcome("GET k").effects == (
        Effect("expired", b"k", 5, 0, digest(b"value")),
        Effect("miss", b"k"),
    )
    talk.ask("SET k value PX 10")
    talk.clock.advance(11_000)
    assert talk.effects("SET k new") == [("expired", b"k"), ("stored", b"k")]


def test_the_digest_of_a_hash_or_set_is_that_of_its_contents_alone() -> None:
    one, two = Conversation(), Conversation()
    assert one.effect("HSET h a 1 b 2").digest == [two.effect("HSET h b 0"), two.effect("HSET h a 1 b 2")][1].digest
    assert one.effect("HSET h a 2").digest != two.effect("HSET h b 1").digest
    assert one.effect("SADD s x y").digest == [two.effect("SADD s y"), two.effect("SADD s x")][1].digest
    assert one.effect("HSET p a 12").digest != one.effect("HSET q a1 2").digest
    size = one.effect("HGETALL h").size
    assert size == len(b"a2b2")


keys = st.sampled_from([b"a", b"b", b"c"])
values = st.sampled_from([b"1", b"x", b""])
commands = st.one_of(
    st.tuples(st.sampled_from([b"GET", b"DEL", b"TTL", b"GETDEL", b"INCR", b"TYPE", b"HGETALL", b"SMEMBERS"]), keys),
    st.tuples(st.sampled_from([b"MGET", b"EXISTS", b"DEL"]), keys, keys),
    st.tuples(st.just(b"SET"), keys, values, st.just(b"PX"), st.sampled_from([b"1", b"5", b"1000"])),
    st.tuples(st.sampled_from([b"SET", b"SETNX", b"GETSET", b"DELIFEQ", b"SADD", b"SREM", b"HDEL"]), keys, values),
    st.tuples(st.just(b"HSET"), keys, values, values),
    st.tuples(st.just(b"EXPIRE"), keys, st.sampled_from([b"-1", b"1", b"100"])),
    st.sampled_from([(b"FLUSHALL",), (b"MULTI",), (b"EXEC",), (b"NOSUCH",), (b"GET",), (b"DISCARD",)]),
)


@given(st.lists(st.tuples(commands, st.integers(0, 3_000))))
@settings(deadline=None, derandomize=True, max_examples=120)
def test_info_counts_what_the_effects_say(run: list[tuple[Sequence[bytes], int]]) -> None:
    clock = ManualClock(START_US)
    engine = Engine(clock)
    session = engine.session()
    seen: Counter[str] = Counter()
    executed = 0
    for args, pause_us in run:
        clock.advance(pause_us)
        outcome = engine.execute(session, args)
        seen.update(effect.kind for effect in outcome.effects)
        executed += ran(outcome.reply, args, inside=session.queue is not None)
    info = dict(line.split(b":", 1) for line in stats(engine).split(b"\r\n") if b":" in line)
    assert int(info[b"keyspace_hits"]) == seen["hit"]
    assert int(info[b"keyspace_misses"]) == seen["miss"]
    assert int(info[b"expired_keys"]) == seen["expired"]
    assert int(info[b"evicted_keys"]) == seen["evicted"] == 0
    assert int(info[b"total_commands_processed"]) == executed


def stats(engine: Engine) -> bytes:
    reply = engine.execute(engine.session(), [b"INFO", b"stats"]).reply
    assert isinstance(reply, bytes)
    return reply


def ran(reply: object, args: Sequence[bytes], *, inside: bool) -> int:
    """How many commands a reply stands for: a refused or queued one for none, EXEC for itself and its queue."""
    if args[0] in (b"NOSUCH",) or args == (b"GET",) or (args == (b"MULTI",) and isinstance(reply, ErrorReply)):
        return 0
    if reply == "QUEUED":
        return 0
    return 1 + (len(reply) if args == (b"EXEC",) and isinstance(reply, list) else 0)
