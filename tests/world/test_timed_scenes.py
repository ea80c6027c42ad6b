"""Timed scenes: modelled latencies, a database with few cores, staleness counted from the tape."""

from __future__ import annotations

import pytest

from kit.views.staleness import staleness
from kit.world.latency import CACHE_ROUND_TRIP, STORE_ROUND_TRIP, service_time
from kit.world.script import Script
from kit.world.tape import Tape, operations
from kit.world.timeline import Timed, Timeline
from tests.world.worlds import BOARD, call, play

SOURCE = """
BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"

def get_board(cache, db, airport):
    found = cache.get(airport)
    if found is None:
        found = repr([tuple(row.values()) for row in db.query(BOARD, airport=airport)])
        cache.set(airport, found, ex=60)
    return found

def ask(cache, db, airport):
    return len(db.query(BOARD, airport=airport))

def post_delay(cache, db, flight, minutes):
    db.execute("/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight", flight=flight, minutes=minutes)

def wait(cache, db):
    import time
    time.sleep(1)
"""


def timed(*calls: Timed, cores: int = 2) -> Tape:
    def scene(script: Script) -> None:
        script.truth("board", BOARD, airport="JFK")
        script.timeline(calls, cores=cores)

    run = play(SOURCE, scene)
    assert run.stuck is None
    return run.tape


def at(seconds: float, actor: str, function: str, *args: object) -> Timed:
    return Timed(round(seconds * 1_000_000), actor, call(function, *args))


def test_a_miss_takes_three_round_trips_and_the_work_of_the_database():
    tape = timed(at(0, "Reader 1", "get_board", "JFK"))
    (answer,) = (op for op in tape if op.name == "answer")
    assert answer.t_received == 2 * CACHE_ROUND_TRIP + STORE_ROUND_TRIP + service_time("/* board */")


def test_a_hit_takes_one_round_trip():
    tape = timed(at(0, "Reader 1", "get_board", "JFK"), at(1, "Reader 2", "get_board", "JFK"))
    *_, answer = (op for op in tape if op.name == "answer")
    assert answer.t_received == 1_000_000 + CACHE_ROUND_TRIP


def test_a_request_is_served_between_its_sending_and_its_reply():
    tape = timed(*(at(i / 100, f"Reader {i % 3}", "get_board", "JFK") for i in range(12)))
    for op in operations(tape):
        assert op.t_sent is not None
        assert op.t_served is not None
        assert op.t_received is not None
        assert op.t_sent < op.t_served < op.t_received


def test_records_stand_in_order_of_service():
    tape = timed(*(at(i / 1000, f"Reader {i % 5}", "get_board", "JFK") for i in range(25)))
    served = [op.t_served for op in operations(tape)]
    assert served == sorted(served)  # type: ignore[type-var]
    assert [op.seq for op in tape] == list(range(len(tape)))


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_a_database_serves_as_many_statements_at_once_as_it_has_cores(cores):
    tape = timed(*(at(0, f"Reader {i}", "ask", "JFK") for i in range(6)), cores=cores)
    served = [op.t_served for op in tape if op.name == "query"]
    rounds = [service_time("/* board */") * (i // cores + 1) + STORE_ROUND_TRIP // 2 for i in range(6)]
    assert served == rounds


def test_an_actor_that_is_late_begins_its_next_call_when_it_is_free():
    tape = timed(at(0, "Reader 1", "ask", "JFK"), at(0.001, "Reader 1", "ask", "JFK"))
    first, second = (op.t_sent for op in tape if op.name == "query")
    assert (first, second) == (0, STORE_ROUND_TRIP + service_time("/* board */"))


def test_the_same_calls_give_the_same_bytes():
    calls = [at(i / 50, f"Reader {i % 3}", "get_board", "JFK") for i in range(20)]
    assert timed(*calls).dumps() == timed(*calls).dumps()


def test_a_board_that_only_its_ttl_ends_is_stale_for_the_rest_of_it():
    looks = [at(i / 4, f"Reader {i % 3}", "get_board", "JFK") for i in range(300)]
    tape = timed(*looks, at(10, "Writer", "post_delay", 2, 39))
    (found,) = staleness(tape)
    assert found.label == "DL120"
    assert found.answers == 200  # four a second, from the commit at 10 s to the end of the copy at 60 s
    assert found.seconds == pytest.approx(50, abs=0.3)


def test_nothing_is_stale_where_nothing_was_cached():
    tape = timed(at(0, "Writer", "post_delay", 2, 39), at(1, "Reader 1", "get_board", "JFK"))
    (found,) = staleness(tape)
    assert (found.seconds, found.answers, found.last_us) == (0, 0, None)


def test_staleness_of_a_tape_without_times_is_refused():
    run = play(SOURCE, lambda script: script.call("ask", "JFK") and None)
    with pytest.raises(ValueError, match="no times"):
        staleness(run.tape)


def test_a_wait_that_cannot_be_modelled_is_refused_by_name():
    with pytest.raises(ValueError, match="sleep"):
        timed(at(0, "Reader 1", "wait"))


def test_a_database_without_cores_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Timeline(0)
