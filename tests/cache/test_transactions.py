"""What dirties a watched key: the facts on which verdicts hang. Each row was run on Valkey 9.1.2."""

from __future__ import annotations

import pytest
from conversation import Conversation

RUNS: list[object] = []
NIL = None

ROWS = [
    # before the watch, the other's commands, the answer of an empty EXEC
    ([], ["DEL k"], RUNS),  # deleting a missing key changes nothing: the stale set's loophole
    ([], ["FLUSHALL"], RUNS),
    (["SET k 1"], ["FLUSHALL"], NIL),
    (["SET k 1"], ["FLUSHDB"], NIL),
    (["SET k 1"], ["DEL k"], NIL),
    (["SET k 1"], ["UNLINK k"], NIL),
    (["SET k 1"], ["SET k 1"], NIL),  # also the same bytes
    (["SET k 1"], ["SET k 2 NX"], RUNS),
    ([], ["SET k 2 NX"], NIL),
    ([], ["SET k 2", "DEL k"], NIL),
    (["SET k 1"], ["SET k 2 IFEQ 2"], RUNS),
    (["SET k 1"], ["SET k 1 PXAT 1"], NIL),
    ([], ["SET k 1 PXAT 1"], RUNS),
    (["SET k 1"], ["DELIFEQ k 2"], RUNS),
    (["SET k 1"], ["DELIFEQ k 1"], NIL),
    (["SET k 1"], ["EXPIRE k 100"], NIL),
    (["SET k 1 EX 100"], ["EXPIRE k 10 GT"], RUNS),
    (["SET k 1"], ["EXPIRE k -1"], NIL),
    (["SET k 1"], ["PERSIST k"], RUNS),
    (["SET k 1 EX 100"], ["PERSIST k"], NIL),
    (["SET k 1"], ["GET k", "TTL k", "EXISTS k"], RUNS),
    (["SET k 1"], ["GETEX k"], RUNS),
    (["SET k 1"], ["GETEX k PERSIST"], RUNS),
    (["SET k 1"], ["GETEX k EX 10"], NIL),
    (["SET k 1"], ["GETDEL k"], NIL),
    (["SET k 1"], ["INCRBY k 0"], NIL),
    (["SET k 1"], ["INCRBYFLOAT k 0"], NIL),
    (["HSET k f v"], ["HSET k f v"], NIL),
    (["HSET k f v"], ["HDEL k none"], RUNS),
    (["SADD k m"], ["SADD k m"], RUNS),
    (["SADD k m"], ["SREM k none"], RUNS),
    (["SADD k m"], ["SREM k m"], NIL),
    ([], ["SELECT 1", "SET k 1"], RUNS),
    (["SET k 1"], ["MULTI", "SET k 2"], RUNS),
    (["SET k 1"], ["MULTI", "SET k 2", "EXEC"], NIL),
]


@pytest.mark.parametrize(("before", "others", "answer"), ROWS)
def test_what_dirties_a_watched_key(before: list[str], others: list[str], answer: list[object] | None) -> None:
    talk = Conversation()
    for line in before:
        talk.ask(line)
    talk.ask("WATCH k")
    for line in others:
        talk.ask(line, "other")
    talk.ask("MULTI")
    outcome = talk.outcome("EXEC")
    assert outcome.reply == answer
    assert outcome.null_array is (answer is None)


@pytest.mark.parametrize(
    ("watched_first", "others", "answer"),
    [
        (True, [], NIL),
        (True, ["GET k"], NIL),
        (False, [], RUNS),  # it had ended before anybody watched: its removal is no change
        (False, ["GET k"], RUNS),
        (False, ["DEL k"], RUNS),
        (False, ["FLUSHALL"], RUNS),
        (False, ["EXPIRE k 5"], RUNS),
        (False, ["SET k 2"], NIL),
        (False, ["GET k", "SET k 2"], NIL),
    ],
)
def test_the_end_of_a_watched_key(watched_first: bool, others: list[str], answer: list[object] | None) -> None:
    talk = Conversation()
    talk.ask("SET k 1 PX 5")
    if watched_first:
        talk.ask("WATCH k")
    talk.clock.advance(6_000)
    if not watched_first:
        talk.ask("WATCH k")
    for line in others:
        talk.ask(line, "other")
    talk.ask("MULTI")
    assert talk.ask("EXEC") == answer


def test_the_worlds_own_expiry_dirties_too() -> None:
    talk = Conversation()
    talk.ask("SET k 1 EX 30")
    talk.ask("WATCH k")
    talk.engine.expire_now(b"k")
    talk.ask("MULTI")
    assert talk.ask("EXEC") is None


def test_exec_after_a_refused_command_runs_nothing() -> None:
    talk = Conversation()
    for refused in ("NOSUCH", "GET", "MULTI", "WATCH k", "CLIENT NOSUCH"):
        talk.ask("MULTI")
        talk.ask("SET k 1")
        assert talk.ask(refused).startswith("ERR ")
        assert talk.ask("EXEC") == "EXECABORT Transaction discarded because of previous errors."
        assert talk.ask("GET k") is None


def test_a_command_that_fails_while_running_undoes_nothing() -> None:
    talk = Conversation()
    for line in ("MULTI", "SET k x", "INCR k", "SET k y"):
        talk.ask(line)
    assert talk.ask("EXEC") == ["OK", "ERR value is not an integer or out of range", "OK"]
    assert talk.ask("GET k") == b"y"


def test_exec_and_discard_end_the_watch() -> None:
    for last in ("EXEC", "DISCARD", "UNWATCH"):
        talk = Conversation()
        talk.ask("WATCH k")
        if last != "UNWATCH":
            talk.ask("MULTI")
        talk.ask(last)
        talk.ask("SET k 1", "other")
        talk.ask("MULTI")
        assert talk.ask("EXEC") == []


def test_a_session_taken_back_keeps_its_set_up_and_loses_its_transaction() -> None:
    talk = Conversation(password=b"a long secret")
    session = talk.session()
    talk.engine.execute(session, [b"HELLO", b"3", b"AUTH", b"default", b"a long secret", b"SETNAME", b"web"])
    for line in ("SELECT 1", "WATCH k", "MULTI", "SET k 1"):
        talk.ask(line)
    session.reset()
    assert (session.proto, session.authenticated, session.name, session.db) == (3, True, b"web", 0)
    assert (session.queue, session.watched, session.dirty, session.failed) == (None, {}, False, False)
    assert talk.ask("EXEC") == "ERR EXEC without MULTI"


def test_a_closed_connection_is_forgotten() -> None:
    talk = Conversation()
    talk.ask("WATCH k", "other")
    talk.session("other").close()
    talk.ask("SET k 1")
    assert not talk.session("other").dirty
    assert talk.engine.connected == 1


def test_time_stands_still_in_a_transaction() -> None:
    class Running:
        """A clock that moves whenever it is read."""

        now = 0

        def now_us(self) -> int:
            self.now += 1_000
            return self.now

    talk = Conversation()
    talk.engine.shared.clock = Running()
    for line in ("MULTI", "SET k v PX 100", "PTTL k", "PTTL k", "PEXPIRETIME k"):
        talk.ask(line)
    ok, first, second, _ = talk.ask("EXEC")
    assert (ok, first, second) == ("OK", 100, 100)
