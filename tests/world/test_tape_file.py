"""The tape as a file: JSON lines that give back what was written, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at_random, call, play, together

from kit.cache.effects import Effect
from kit.cache.redis.reply import ErrorReply, Status
from kit.world.tape import FORMAT, Op, Tape, decode, encode, operations

PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text() | st.binary()
KEYS = st.text() | st.binary() | st.integers()
VALUES = st.recursive(
    PLAIN | st.builds(Status, st.text()) | st.builds(ErrorReply, st.text()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
MOMENTS = st.none() | st.integers(0, 10**12)
EFFECTS = st.builds(
    Effect, st.sampled_from(["hit", "stored", "expired", "changed"]), st.binary(max_size=9), st.integers(0, 99),
    st.none() | st.integers(0, 10**6), st.text("0123456789abcdef", max_size=8), st.text(max_size=4),
    st.none() | st.integers(1, 9), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5),
    st.none() | st.lists(st.tuples(st.integers(), st.integers()), max_size=3).map(tuple),
)  # fmt: skip
OPS = st.builds(
    Op, st.integers(0, 999), st.text(), st.sampled_from(["cache", "store", "clock", "scene"]), st.text(),
    st.lists(st.binary(), max_size=3).map(tuple), st.booleans(), VALUES, VALUES,
    st.lists(EFFECTS, max_size=3).map(tuple), st.booleans(), MOMENTS, MOMENTS, MOMENTS, MOMENTS,
)  # fmt: skip
TAPES = st.builds(
    Tape, st.text(), st.integers(0, 2**31), st.lists(st.integers(0, 99), max_size=9).map(tuple), st.booleans(),
    st.lists(OPS, max_size=5).map(tuple),
)  # fmt: skip


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same type all the way down (True is not 1, a status is no text)."""
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, list):
        return all(map(same, one, other))
    if isinstance(one, dict):
        return all(map(same, one, other)) and all(map(same, one.values(), other.values()))
    return True


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_a_value_comes_back_as_it_went(value: Any) -> None:
    assert same(decode(json.loads(json.dumps(encode(value)))), value)


@settings(max_examples=80, deadline=None)
@given(TAPES)
def test_a_tape_comes_back_as_it_went(tape: Tape) -> None:
    text = tape.dumps()
    assert Tape.loads(text) == tape
    assert Tape.loads(text).dumps() == text
    assert text.isascii()
    assert text.count("\n") == len(tape) + 1


def test_bytes_are_latin_1() -> None:
    everything = bytes(range(256))
    assert encode(everything) == {"b": everything.decode("latin-1")}
    assert decode(encode(everything)) == everything


def test_the_header_says_what_it_is() -> None:
    tape = play("def go(cache, db): return cache.get('a')", together(A=call("go"), B=call("go")), [1], seed=2).tape
    assert json.loads(tape.dumps().splitlines()[0]) == {
        "tape": 1, "scene": "scene", "seed": 2, "choices": [1], "timed": False,
    }  # fmt: skip


@pytest.mark.parametrize("number", [0, 2, "1", None])
def test_another_format_is_refused_by_its_number(number: object) -> None:
    text = Tape("", 0, (), False, ()).dumps().replace('"tape": 1', f'"tape": {json.dumps(number)}')
    with pytest.raises(ValueError, match=f"this reader knows tape format {FORMAT}; the file says"):
        Tape.loads(text)


@pytest.mark.parametrize("text", ["", "{}", "no JSON", "[]", "\n"])
def test_what_is_no_tape_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"tape|JSON|Expecting"):
        Tape.loads(text)


def test_a_prefix_is_a_tape_of_its_own() -> None:
    tape = play("def go(cache, db): return cache.get('a')", together(A=call("go"))).tape
    assert [op.name for op in tape.prefix(2)] == ["start", "GET"]
    assert tape.prefix(len(tape)) == tape
    assert tape.prefix(0).dumps().count("\n") == 1


def test_operations_are_neither_set_up_nor_records_of_the_scene() -> None:
    source = """
        import redis

        def go(cache, db):
            try:
                cache.get("a")
            except redis.RedisError:
                return cache.set("b", b"\\xff")
    """
    first = play(source, together(A=call("go"))).points[0].alternatives
    tape = play(source, together(A=call("go")), [[one.kind for one in first].index("request_lost")]).tape
    assert [op.name for op in tape] == ["start", "GET", "CONNECT", "SET", "answer", "end"]
    assert [op.name for op in operations(tape)] == ["GET", "SET"]


def test_a_real_run_comes_back_from_its_file_with_the_same_bytes() -> None:
    source = """
        import json, time

        def go(cache, db):
            rows = db.query("SELECT * FROM flights")
            with cache.pipeline() as pipe:
                pipe.set("a", json.dumps(rows), ex=9).hset("h", mapping={"x": b"\\xff\\x00"}).hgetall("h")
                pipe.execute()
            time.sleep(0.5)
            return [rows, cache.get("a"), {"x": 1.5}]
    """
    for seed in range(10):
        tape = play(source, together(A=call("go"), B=call("go")), at_random(seed, 0.2)).tape
        assert Tape.loads(tape.dumps()).dumps() == tape.dumps()
