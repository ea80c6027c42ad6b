"""Faults and deaths: what is done, what arrives, and what stays behind."""

from __future__ import annotations

import gc

import pytest
from worlds import Run, Script, call, play, told, words, world

from kit.cache.redis.reply import ErrorReply
from kit.world.tape import operations

SOURCE = """
import redis

def writes(cache, db):
    try:
        return cache.set("a", "1")
    except redis.RedisError as error:
        return type(error).__name__

def reads(cache, db):
    try:
        return cache.get("a")
    except redis.RedisError as error:
        return type(error).__name__

def deletes(cache, db):
    return [cache.delete("a"), cache.exists("a")]

def many(cache, db):
    seen = []
    for key in "abc":
        try:
            seen.append(cache.set(key, "1"))
        except redis.RedisError as error:
            seen.append(type(error).__name__)
    return seen

def watched(cache, db):
    with cache.pipeline() as pipe:
        try:
            pipe.watch("w")
            pipe.multi()
            pipe.set("a", "1").delete("b")
            return pipe.execute()
        except redis.RedisError as error:
            return type(error).__name__

def looks(cache, db):
    return cache.mget("a", "b", "c")

def both(cache, db):
    with db.transaction():
        db.execute("UPDATE flights SET delay = 9 WHERE id = 1")
        cache.set("a", "1")
    cache.set("b", "2")
"""


def struck(kind: str, function: str, *, at: int = 0) -> Run:
    """One actor's run in which its operation number `at` meets a fault, and a look at the cache afterwards."""

    def scene(script: Script) -> None:
        script.explore({"A": [call(function)]})
        script.call("looks")

    points = play(SOURCE, scene).points
    entry = [one.kind for one in points[at].alternatives].index(kind)
    return play(SOURCE, scene, [*[0] * at, entry])


def replies(run: Run) -> list[object]:
    return [op.reply for op in told(run.tape, "answer")]


def test_a_lost_request_is_not_done_and_its_caller_waits_in_vain() -> None:
    run = struck("request_lost", "writes")
    assert replies(run) == ["TimeoutError", [None, None, None]]
    op = operations(run.tape)[0]
    assert (op.t_sent, op.t_served, op.t_received, op.reply, op.effects) == (1, None, None, None, ())


def test_a_lost_reply_is_done_and_its_caller_does_not_know() -> None:
    run = struck("reply_lost", "writes")
    assert replies(run) == ["TimeoutError", [b"1", None, None]]
    op = operations(run.tape)[0]
    assert (op.t_sent, op.t_served, op.t_received, op.reply) == (1, 1, None, "OK")
    assert [effect.kind for effect in op.effects] == ["stored"]


def test_a_lost_message_costs_its_caller_no_time_in_an_explored_part() -> None:
    for kind in ("request_lost", "reply_lost"):
        ops = [op for op in struck(kind, "many").tape if op.actor == "A" and op.name == "SET"]
        assert [op.t_sent for op in ops] == [1, 2, 3]


def test_a_cut_link_is_dead_to_the_end_of_the_call_and_not_beyond() -> None:
    run = struck("cut", "many")
    assert replies(run) == [["ConnectionError"] * 3, [None, None, None]]
    assert words(run.tape) == ["A SET", "Writer 1 MGET"]
    assert struck("cut", "many", at=1).tape.ops[-3].reply == [b"1", None, None]


def test_a_link_that_is_cut_is_whole_again_for_the_next_call() -> None:
    def scene(script: Script) -> None:
        script.explore({"A": [call("many"), call("reads")]})

    at = [one.kind for one in play(SOURCE, scene).points[1].alternatives].index("cut")
    assert replies(play(SOURCE, scene, [0, at])) == [[True, "ConnectionError", "ConnectionError"], b"1"]


def test_an_unreachable_cache_is_met_by_one_operation() -> None:
    assert replies(struck("unreachable", "many")) == [["ConnectionError", True, True], [None, b"1", b"1"]]


def test_a_full_cache_refuses_writes_and_obeys_deletes() -> None:
    assert replies(struck("full", "writes"))[0] == "OutOfMemoryError"
    run = struck("full", "deletes")
    assert replies(run)[0] == [0, 0]
    refused = operations(struck("full", "many", at=1).tape)[1]
    assert isinstance(refused.reply, ErrorReply)
    assert refused.reply.startswith("OOM command not allowed when used memory > 'maxmemory'")
    assert (refused.t_served, refused.effects) == (2, ())


def test_a_read_only_cache_refuses_deletes_too() -> None:
    run = struck("read_only", "writes")
    assert replies(run)[0] == "ReadOnlyError"
    assert told(struck("read_only", "deletes").tape, "raised")[0].reply[0] == "ReadOnlyError"


def test_a_fault_of_a_transaction_is_one_of_its_exec() -> None:
    for kind, seen in (
        ("request_lost", "WatchError"), ("cut", "WatchError"), ("unreachable", "WatchError"),
        ("full", "ExecAbortError"), ("read_only", "ExecAbortError"),
    ):  # fmt: skip
        run = struck(kind, "watched", at=1)
        assert [replies(run)[-1]] == [[None, None, None]], kind
        assert (replies(run)[0], kind) in {(seen, kind), ("TimeoutError", kind), ("ConnectionError", kind)}
    run = struck("reply_lost", "watched", at=1)
    assert replies(run)[-1] == [b"1", None, None]


def test_a_time_out_while_watching_is_a_watch_error() -> None:
    assert replies(struck("request_lost", "watched", at=1))[0] == "WatchError"


@pytest.mark.parametrize("kind", ["request_lost", "reply_lost"])
def test_a_lost_message_costs_a_second_where_nothing_is_explored(kind: str) -> None:
    def scene(script: Script) -> None:
        script.fault(kind, on="writes", count=1)
        answer = script.call("many")
        assert answer.us == 1_000_003

    run = play(SOURCE, scene)
    assert run.stuck is None
    assert replies(run) == [["TimeoutError", True, True]]


def test_a_standing_fault_is_there_until_it_is_healed_or_used_up() -> None:
    seen: list[object] = []

    def scene(script: Script) -> None:
        for on, count in (("all", None), ("reads", None), ("writes", None), ("all", 2)):
            script.fault("unreachable", on=on, count=count)
            seen.append((script.call("many").value, script.call("reads").value))
            script.heal()
            seen.append(script.call("reads").value)
            script.call("deletes")

    play(SOURCE, scene)
    gone = "ConnectionError"
    assert seen == [
        ([gone] * 3, gone), None, ([True] * 3, gone), b"1", ([gone] * 3, None), None, ([gone, gone, True], None), None,
    ]  # fmt: skip


def test_a_cache_that_is_away_cannot_be_connected_to() -> None:
    def scene(script: Script) -> None:
        script.fault("unreachable")
        script.call("many")

    connects = [op for op in play(SOURCE, scene).tape if op.name == "CONNECT"]
    assert [(op.setup, op.t_served) for op in connects] == [(True, None)] * 2


@pytest.mark.parametrize("on", ["execute", "commit", "query"])
def test_a_database_refuses_what_it_is_told_to_refuse(on: str) -> None:
    source = """
        import sqlite3

        def go(cache, db):
            seen = []
            for ask in (lambda: db.query("SELECT delay FROM flights WHERE id = 1"),
                        lambda: db.execute("UPDATE flights SET delay = 5 WHERE id = 1"), lambda: whole(db)):
                try:
                    ask()
                    seen.append("done")
                except sqlite3.OperationalError:
                    seen.append("refused")
            return seen

        def whole(db):
            with db.transaction():
                db.execute("UPDATE flights SET delay = 6 WHERE id = 2")

        def look(cache, db):
            return [row["delay"] for row in db.query("SELECT delay FROM flights WHERE id < 3 ORDER BY id")]
    """
    found: list[object] = []

    def scene(script: Script) -> None:
        script.fault("db_error", on=on)
        found.append(script.call("go").value)
        script.heal()
        found.append(script.call("look").value)

    play(source, scene)
    assert (
        found
        == {
            "query": [["refused", "done", "done"], [5, 6]],
            "execute": [["done", "refused", "refused"], [0, 0]],
            "commit": [["done", "refused", "refused"], [0, 0]],
        }[on]
    )


def test_a_fault_that_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="no fault is called 'burnt'; there are request_lost"):
        play(SOURCE, lambda script: script.fault("burnt"))


# Deaths


def dies(source: str, function: str, at: int, **others: object) -> Run:
    def scene(script: Script) -> None:
        script.explore({"A": [call(function)], **others})  # type: ignore[dict-item]
        script.call("look")

    first = play(source, scene)
    entry = [one.kind for one in first.points[at].alternatives].index("death")
    return play(source, scene, [*[0] * at, entry])


MORTAL = """
import threading

def go(cache, db):
    try:
        cache.set("a", "1")
        with db.transaction():
            db.execute("UPDATE flights SET delay = 9 WHERE id = 1")
            cache.set("b", "2")
    finally:
        cache.set("finally", "1")

def locks(cache, db):
    with threading.Lock():
        worker = threading.Thread(target=lambda: [cache.incr("n") for _ in range(3)])
        worker.start()
        cache.get("x")
        worker.join()

def watches(cache, db):
    with cache.pipeline() as pipe:
        pipe.watch("w")
        pipe.get("w")
        pipe.multi()
        pipe.set("w", "mine")
        pipe.execute()

def look(cache, db):
    delay = db.query("SELECT delay FROM flights WHERE id = 1")[0]["delay"]
    return [delay, cache.mget("a", "b", "finally", "n", "w")]
"""


def test_a_process_that_dies_is_never_resumed_and_runs_no_finally() -> None:
    for at, cache in ((0, [None] * 5), (1, [b"1", *[None] * 4]), (3, [b"1", b"2", *[None] * 3])):
        run = dies(MORTAL, "go", at)
        assert run.stuck is None
        death = told(run.tape, "death")[0]
        assert death.actor == "A"
        assert not any(op.actor.startswith("A") for op in run.tape.ops[death.seq + 1 :])
        assert replies(run) == [[0, cache]]
        assert len(told(run.tape, "start")) == 2  # a call that never returned has a start and no answer


def test_the_threads_of_a_process_die_with_it() -> None:
    for at in range(2, 5):
        run = dies(MORTAL, "locks", at)
        assert run.stuck is None
        death = told(run.tape, "death")[0]
        assert not any(op.actor.startswith("A") for op in run.tape.ops[death.seq + 1 :])


def test_a_watch_ends_with_its_process() -> None:
    run = dies(MORTAL, "watches", 2)
    assert run.stuck is None
    assert replies(run)[0][1][4] is None  # type: ignore[index]


def test_what_swallows_everything_is_left_alone_after_its_death() -> None:
    source = """
        def go(cache, db):
            while True:
                try:
                    cache.incr("a")
                except BaseException:
                    pass

        def look(cache, db):
            return cache.get("a")
    """
    run = dies(source, "go", 3)
    assert run.stuck is None
    assert replies(run) == [b"3"]


STUBBORN = """
import threading, time

def asks(cache, db):
    while True:
        try:
            cache.incr("a")
        except BaseException:
            pass

def sleeps(cache, db):
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass

def locks(cache, db):
    lock = threading.Lock()
    while True:
        try:
            with lock:
                cache.get("a")
        except BaseException:
            pass

def tidies(cache, db):
    try:
        cache.incr("a")
        cache.incr("a")
    finally:
        TOLD.append("finally")
        cache.set("finally", "1")

def look(cache, db):
    return [cache.get("finally")]

TOLD = []
"""


@pytest.mark.parametrize("function", ["asks", "sleeps", "locks", "tidies"])
def test_in_a_lesson_an_abandoned_process_is_told_once_and_left_if_it_goes_on(function: str) -> None:
    here = world(STUBBORN)

    def scene(script: Script) -> None:
        script.explore({"A": [call(function)]})
        script.call("look")

    kinds = [one.kind for one in here.run(scene).points[1].alternatives]
    for _ in range(3):
        run = here.run(scene, [0, kinds.index("death")])
        assert run.stuck is None
        assert replies(run) == [[None]]
    kept = len(here.actors.kept)  # type: ignore[attr-defined]
    assert kept >= 3 if function != "tidies" else kept == 0
    del here
    gc.collect()


def test_versions_follow_a_board_from_the_database_into_the_cache_and_back() -> None:
    source = """
        import json

        BOARD = "SELECT id, delay FROM flights WHERE origin = 'JFK' ORDER BY sched, id"

        def get(cache, db):
            found = cache.get("board")
            if found is None:
                found = json.dumps(db.query(BOARD))
                cache.set("board", found)
            return found

        def blind(cache, db):
            cache.set("board", "x")
            return cache.get("board")
    """

    def scene(script: Script) -> None:
        script.truth("JFK", "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id", airport="JFK")
        script.call("get")
        script.operator("UPDATE flights SET delay = 39 WHERE id = 2")
        script.call("get")
        script.call("blind")

    marks = [
        [(one.kind, one.truth, one.version) for one in op.effects if one.version is not None or one.kind == "stored"]
        for op in operations(play(source, scene).tape)
    ]
    assert marks == [
        [], [("version", "JFK", 1)], [("stored", "JFK", 1)], [("changed", "JFK", 2)], [("hit", "JFK", 1)],
        [("stored", "", None)], [],
    ]  # fmt: skip
