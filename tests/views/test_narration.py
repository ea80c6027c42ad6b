"""Sentences: looks.md's race word for word, every kind of step, and the length that holds whatever the names are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import race
from hypothesis import given
from hypothesis import strategies as st

from kit.cache.clock import ManualClock
from kit.cache.effects import Effect
from kit.cache.redis.engine import Engine
from kit.cache.redis.lock_scripts import SCRIPTS
from kit.cache.redis.reply import OK, ErrorReply
from kit.views.narration import lines, narrate, tell
from kit.views.steps import steps
from kit.views.words import LONGEST
from kit.world.tape import Op, Tape

AS_DRAWN = (
    "Reader 1 asks the cache for the board of EWR.",
    "The cache holds nothing under board:EWR: a miss.",
    "Reader 1 asks the database for the board.",
    "The database gives Reader 1 version 1: MQ3737 leaves at 07:10.",
    "The writer delays MQ3737 to 07:49: the database holds version 2.",
    "Reader 1 still holds version 1. It is stale now.",
    "The writer deletes board:EWR from the cache.",
    "The cache finds nothing to delete.",
    "Reader 1 puts version 1 back. The cache is now wrong.",
    "The cache accepts it: nothing tells it that version 1 is stale.",
    "Reader 2 asks the cache for the same board.",
    "Reader 2 gets a hit, and a stale board: 07:10 instead of 07:49.",
)
_NAMES = (
    "GET SET SETEX PSETEX SETNX GETEX GETSET GETDEL DEL DELIFEQ UNLINK EXISTS TYPE PERSIST "
    "EXPIRE PEXPIRE EXPIREAT PEXPIREAT TTL PTTL EXPIRETIME PEXPIRETIME INCR INCRBY INCRBYFLOAT DECR DECRBY MGET "
    "MSET MSETNX HSET HGET HGETALL HDEL HINCRBY HMGET HEXISTS SADD SREM SMEMBERS SISMEMBER SCARD "
    "EXEC WATCH EVAL EVALSHA SCRIPT FLUSHALL FLUSHDB DBSIZE INFO CONFIG COMMAND PING STRLEN APPEND "
    "LPUSH NOSUCHCOMMAND "
)
ROWS = {row.name.upper(): row for row in Engine(ManualClock(0)).rows.values()}
COMMANDS = sorted({*_NAMES.split(), *ROWS})
RELEASE = next(digest for digest, script in SCRIPTS.items() if script.__name__ == "release")
STORE = ("query", "execute", "commit", "rollback", "begin")
MOVES = (("clock", "sleep"), ("clock", "leap"), ("lock", "acquire"), ("lock", "release"), ("lock", "wait"),
         ("lock", "wake"), ("scene", "death"), ("scene", "raised"), ("cache", "expire"))  # fmt: skip


def test_the_race_is_told_word_for_word() -> None:
    assert tell(race.race()) == AS_DRAWN


def test_a_terminal_gets_numbered_lines() -> None:
    assert lines(race.race())[8] == " 9  Reader 1 puts version 1 back. The cache is now wrong."


def test_a_tape_with_times_tells_them() -> None:
    at = race.Recorder(timed=True)
    at.start("Reader", "get_board", "EWR")
    at.get("Reader", race.miss(), took=500)
    at.query("Reader", None, took=6_000)
    at.put("Reader", None, 60_000, took=500)
    at.get("Reader", race.hit(None, 60_000), b"[]", took=500)
    at.now = 61_000_000
    expired = replace(race.miss())
    at.add("Reader", "cache", "GET", [b"GET", race.KEY], None, keys=[race.KEY],
           effects=[Effect("expired", race.KEY), expired], took=500)  # fmt: skip
    assert tell(at.tape()) == (
        "The reader asks the cache for the board of EWR.",
        "The cache holds nothing under board:EWR: a miss.",
        "The reader asks the database for the board.",
        "The database answers with 3 rows after 6 ms.",
        "The reader stores board:EWR for 60 s.",
        "The cache accepts it.",
        "The reader asks the cache for the board of EWR.",
        "The cache answers in 0.5 ms: a hit. The database is spared.",
        "The reader asks the cache for the board of EWR.",
        "The key board:EWR has lived its 60 s and expires.",
    )


def sentences(*records: tuple[str, dict[str, object]]) -> list[str]:
    at = race.Recorder()
    at.truth()
    at.start("Reader 1", "get_board", "EWR")
    for method, values in records:
        getattr(at, method)(**values)
    return list(tell(at.tape()))


def test_a_copy_that_is_in_the_cache_when_the_writer_commits_is_stale_at_once() -> None:
    at = race.Recorder()
    at.truth()
    at.query("Reader 1", 1)
    at.put("Reader 1", 1)
    at.update("Writer", 2, 0, 39)
    at.delete("Writer", 1)
    told = tell(at.tape())
    assert told[2] == "Reader 1 puts version 1 into the cache for 300 s."
    assert told[5:] == (
        "The cache still holds version 1. It is stale now.",
        "The writer deletes board:EWR from the cache.",
        "The cache deletes board:EWR.",
    )


def test_a_writer_whom_nobody_disturbs_is_confirmed() -> None:
    at = race.Recorder()
    at.truth()
    at.update("Writer 1", 2, 0, 39)
    at.update("Writer 1", 3, 39, 5)
    assert tell(at.tape()) == (
        "Writer 1 delays MQ3737 to 07:49: the database holds version 2.",
        "The database confirms the delay to Writer 1.",
        "Writer 1 sets MQ3737 to 07:15: the database holds version 3.",
        "The database confirms the change to Writer 1.",
    )


def record(**values: object) -> dict[str, object]:
    return values


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (record(name="SET", request=[b"SET", b"lease:EWR", b"a", b"NX", b"EX", b"5"], reply=None, keys=[b"lease:EWR"]),
         ["Reader 1 stores lease:EWR, if it is absent.", "The cache does nothing: the condition does not hold."]),
        (record(name="SET", request=[b"SET", b"board:EWR", b"[]", b"IFEQ", b"a"], reply=None, keys=[b"board:EWR"]),
         ["Reader 1 stores board:EWR, if its value is unchanged.",
          "The cache does nothing: the condition does not hold."]),
        (record(name="EXEC", request=[[b"GET", b"a"], [b"SET", b"b", b"1"]], reply=None, keys=[b"a", b"b"]),
         ["Reader 1 runs 2 commands as one: GET, SET.", "A watched key has changed: the cache does none of it."]),
        (record(name="EXEC", request=[[b"INCR", b"a"]], reply=[1], keys=[b"a"], effects=[Effect("stored", b"a")]),
         ["Reader 1 runs 1 command as one: INCR.", "The cache does all of it at once."]),
        (record(name="SET", request=[b"SET", b"lock:EWR", b"a", b"NX", b"EX", b"5"], reply=OK, keys=[b"lock:EWR"],
                effects=[Effect("stored", b"lock:EWR", ttl_ms=5_000)]),
         ["Reader 1 stores lock:EWR for 5 s, if it is absent.", "The cache accepts it."]),
        (record(name="EVALSHA", request=[b"EVALSHA", RELEASE, b"1", b"lock:EWR", b"a"], reply=0, keys=[b"lock:EWR"]),
         ["Reader 1 gives the lock lock:EWR back.", "The cache does nothing: the lock is no longer its own."]),
        (record(name="EVALSHA", request=[b"EVALSHA", RELEASE, b"1", b"lock:EWR", b"a"], keys=[b"lock:EWR"],
                reply=ErrorReply("NOSCRIPT No matching script. Please use EVAL.")),
         ["Reader 1 gives the lock lock:EWR back.", "The cache does not know the script yet."]),
        (record(name="EXISTS", request=[b"EXISTS", b"board:EWR"], reply=1, keys=[b"board:EWR"],
                effects=[Effect("hit", b"board:EWR", truth=race.TRUTH, version=1)]),
         ["Reader 1 asks whether board:EWR is in the cache.", "The cache holds board:EWR."]),
        (record(name="SET", request=[b"SET", b"k", b"v"], reply=ErrorReply("OOM command not allowed"), keys=[b"k"]),
         ["Reader 1 stores k.", "The cache is full and refuses the write."]),
        (record(name="SET", request=[b"SET", b"k", b"v"], reply=ErrorReply("READONLY You can't write"), keys=[b"k"]),
         ["Reader 1 stores k.", "The cache only answers reads and refuses the write."]),
        (record(name="FOO", request=[b"FOO", b"k"], reply=ErrorReply("ERR unknown command 'FOO'")),
         ["Reader 1 sends FOO to the cache.", "The cache does not know the command FOO."]),
        (record(name="INCR", request=[b"INCR", b"n"], reply=7, keys=[b"n"], effects=[Effect("stored", b"n")]),
         ["Reader 1 adds 1 to n.", "The cache answers Reader 1: 7."]),
        (record(name="TTL", request=[b"TTL", b"board:EWR"], reply=41, keys=[b"board:EWR"]),
         ["Reader 1 asks how long board:EWR has left to live.", "The key board:EWR lives for another 41 s."]),
        (record(name="DEL", request=[b"DEL", b"a", b"b"], reply=2, keys=[b"a", b"b"]),
         ["Reader 1 deletes 2 keys from the cache.", "The cache deletes 2 keys."]),
        (record(name="GET", request=[b"GET", b"lease:board:EWR"], reply=b"x", keys=[b"lease:board:EWR"],
              effects=[Effect("hit", b"lease:board:EWR")]),
         ["Reader 1 asks the cache for lease:board:EWR.", "The cache answers Reader 1: a hit."]),
        (record(name="GET", request=[b"GET", b"board:EWR"], lost="request", keys=[b"board:EWR"]),
         ["Reader 1 asks the cache for the board of EWR.",
          "The cache never hears of it: the message of Reader 1 is lost."]),
        (record(name="DEL", request=[b"DEL", b"k"], lost="reply", keys=[b"k"], effects=[Effect("deleted", b"k")]),
         ["Reader 1 deletes k from the cache.", "The cache obeys, but its answer to Reader 1 is lost."]),
    ],
)  # fmt: skip
def test_every_turn_of_a_command_has_its_sentence(values: dict[str, object], told: list[str]) -> None:
    write = values["name"] in ("SET", "DEL", "EXEC", "INCR")
    assert sentences(("add", {"actor": "Reader 1", "peer": "cache", "write": write, **values})) == told


@pytest.mark.parametrize(
    ("peer", "name", "values", "told"),
    [
        ("clock", "sleep", {}, "Reader 1 sleeps."),
        ("clock", "leap", {"actor": "world"}, "The clock leaps ahead to the next sleeper."),
        ("lock", "acquire", {"reply": True}, "Reader 1 takes the lock."),
        ("lock", "acquire", {"reply": False}, "Reader 1 finds the lock taken."),
        ("lock", "wait", {}, "Reader 1 waits for the lock."),
        ("lock", "release", {}, "Reader 1 gives the lock back."),
        ("scene", "death", {}, "Reader 1 dies here. Nothing of it runs any more."),
        ("scene", "raised", {"reply": ["TimeoutError", "Timeout reading"]}, "Reader 1 raises TimeoutError."),
        ("cache", "expire", {"actor": "world", "keys": [race.KEY], "effects": [Effect("expired", race.KEY)]},
         "The copy of board:EWR expires."),
    ],
)  # fmt: skip
def test_what_nobody_answers_is_one_step(peer: str, name: str, values: dict[str, object], told: str) -> None:
    assert sentences(("add", {"actor": "Reader 1", "peer": peer, "name": name, **values})) == [told]


def test_a_copy_expires_after_the_life_it_was_given() -> None:
    at = race.Recorder()
    at.truth()
    at.query("Reader 1", 1)
    at.put("Reader 1", 1, 60_000)
    at.add("world", "cache", "expire", keys=[race.KEY], effects=[Effect("expired", race.KEY)])
    assert tell(at.tape())[-1] == "The copy of board:EWR has lived its 60 s and expires."


def test_a_write_inside_a_transaction_changes_nothing_yet() -> None:
    at = race.Recorder()
    at.truth()
    at.add("Writer", "store", "execute", [race.SET_DELAY, {}], 1, write=True)
    at.add("Writer", "store", "commit", None, None, write=True,
           effects=[Effect("committed", size=1), race.changed(2, 0, 39)])  # fmt: skip
    assert tell(at.tape())[::2] == (
        "The writer updates flights in a transaction.",
        "The writer commits 07:49 for MQ3737: the database holds version 2.",
    )


# Whatever the names are

words = st.text(min_size=1, max_size=90)
names = st.one_of(st.sampled_from(["Reader 1", "Writer", "Writer 12/3"]), words)
versions = st.one_of(st.none(), st.integers(1, 12))
replies = st.one_of(
    st.none(), st.just(OK), st.integers(-2, 10**12), words.map(str.encode), st.lists(st.integers(), max_size=3),
    words.map(ErrorReply), st.just(ErrorReply("OOM command not allowed when used memory > 'maxmemory'.")),
    st.just(ErrorReply("")), st.floats(allow_nan=False),
)  # fmt: skip


@st.composite
def operations(draw: st.DrawFn) -> Op:
    peer, name = draw(
        st.one_of(
            st.sampled_from(COMMANDS).map(lambda command: ("cache", command)),
            st.sampled_from(STORE).map(lambda name: ("store", name)),
            st.sampled_from(MOVES),
        )
    )
    actor = "world" if name in ("expire", "leap") else draw(names)
    keys = draw(st.lists(words.map(str.encode), max_size=3))
    args = [
        *keys,
        *draw(st.lists(st.sampled_from([b"EX", b"60", b"NX", b"XX", b"IFEQ", b"KEEPTTL", b"0"]), max_size=3)),
    ]
    request: object = [name.encode(), *args]
    if name == "EXEC":
        request = draw(st.lists(st.sampled_from(COMMANDS).map(lambda command: [command.encode(), b"k"]), max_size=9))
    if peer == "store":
        request = draw(st.sampled_from([[race.BOARD, {}], [race.SET_DELAY, {}], ["DELETE FROM flights", {}], ["", {}]]))
    kinds = st.sampled_from(
        ["hit", "miss", "stored", "deleted", "expired", "evicted", "version", "changed", "committed"]
    )
    effects = draw(st.lists(st.builds(
        Effect, kind=kinds, key=st.sampled_from(keys or [b"k"]), ttl_ms=st.one_of(st.none(), st.integers(1, 10**11)),
        truth=st.sampled_from(["", race.TRUTH]), version=versions, label=st.one_of(st.just("MQ3737"), words),
        before=st.one_of(st.just("07:10"), words), after=st.one_of(st.just("07:49"), words),
    ), max_size=4))  # fmt: skip
    lost = draw(st.sampled_from(["", "", "request", "reply"]))
    reply: object = race.rows(0) if name == "query" else draw(replies)
    if name == "raised":
        reply = [draw(words), "text"]
    return Op(
        0, actor, peer, name, tuple(keys), draw(st.booleans()), request, reply, tuple(effects), False,
        draw(st.integers(0, 10**9)), None if lost == "request" else 10**9, None if lost else 10**9 + 7, None,
    )  # fmt: skip


@st.composite
def tapes(draw: st.DrawFn) -> Tape:
    start = Op(0, draw(names), "scene", "start", (), False, ["get_board", draw(words)], None, (), False, 0, 0, 0, None)
    ops = [start, *draw(st.lists(operations(), min_size=1, max_size=6))]
    numbered = tuple(replace(op, seq=seq) for seq, op in enumerate(ops))
    return Tape("any", 0, (), draw(st.booleans()), numbered)


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.kind == "visible"))
def test_every_visible_command_of_the_engine_has_a_sentence_of_its_own(name: str) -> None:
    op = Op(0, "Reader 1", "cache", name, (b"k",), True, [name.encode(), b"k", b"1"], 1, (), False, 0, 0, 0, None)
    assert " sends " not in tell(Tape("any", 0, (), False, (op,)))[0]


@given(tapes())
def test_no_sentence_is_longer_than_it_may_be(tape: Tape) -> None:
    told = tell(tape)
    assert len(told) == len(steps(tape))
    for sentence in told:
        assert 0 < len(sentence) <= LONGEST
        assert sentence[-1] in ".…"
        assert not re.search(r"[\x00-\x1f\x7f]", sentence)


@given(tapes())
def test_an_untimed_tape_tells_no_time(tape: Tape) -> None:
    shifted = replace(tape, timed=False, ops=tuple(
        replace(op, t_sent=op.t_sent and op.t_sent * 3, t_received=op.t_received and op.t_received * 5) for op in tape
    ))  # fmt: skip
    assert tell(replace(tape, timed=False)) == tell(shifted)


@given(st.sampled_from(COMMANDS), names)
def test_no_template_exclaims_or_speaks_to_you(command: str, actor: str) -> None:
    op = Op(0, "Reader 1", "cache", command, (b"k",), True, [command.encode(), b"k"], 1, (), False, 0, 0, 0, None)
    for sentence in tell(Tape("any", 0, (), False, (op,))):
        assert "!" not in sentence
        assert not re.search(r"\byou", sentence, re.IGNORECASE)


def test_a_prefix_is_told_as_the_whole_was() -> None:
    whole = race.race()
    told = tell(whole)
    for length in range(len(whole) + 1):
        part = [entry.sentence for entry, _ in narrate(whole.prefix(length))]
        assert len(part) <= len(told)
        # Only what a version shows may be missing where the change that showed it has not been recorded yet.
        assert all(one == other or "version 1: " in one for one, other in zip(part, told, strict=False))
