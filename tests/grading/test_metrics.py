"""What served minutes are measured by, counted on small timed scenes whose figures can be worked out by hand."""

from __future__ import annotations

import pytest

from kit.grading import metrics
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.call import call, statement
from kit.world.image import Image
from kit.world.latency import CACHE_ROUND_TRIP, STORE_ROUND_TRIP, service_time
from kit.world.script import Script
from kit.world.tape import Tape
from kit.world.timeline import Timed
from kit.world.world import World

TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
SOURCE = """
import json, threading
BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
TTL = {ttl}

def get_board(cache, db, airport):
    found = cache.get(airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    cache.set(airport, json.dumps(rows), ex=TTL)
    return rows

def post_delay(cache, db, flight, minutes):
    db.execute("{post}", flight=flight, minutes=minutes)
    if {delete}:
        cache.delete("JFK")
        cache.delete("LGA")
"""
HIT, MISS = CACHE_ROUND_TRIP, 2 * CACHE_ROUND_TRIP + STORE_ROUND_TRIP + service_time("/* board */")


def served(*timed: Timed, ttl: int = 60, delete: bool = False) -> Tape:
    def scene(script: Script) -> None:
        script.truth("board", TRUTH, airport="JFK")
        script.timeline(timed)

    source = SOURCE.format(ttl=ttl, delete=delete, post=SET_DELAY)
    run = World(LocalActors(Submission(source)), Image(COMMON, AIRPORTS)).run(scene)
    assert run.stuck is None
    return run.tape


def looks(*seconds: float) -> list[Timed]:
    return [Timed(round(at * 1e6), f"Reader {n}", call("get_board", "JFK")) for n, at in enumerate(seconds)]


def change(at: float, minutes: int = 39) -> Timed:
    return Timed(round(at * 1e6), "Writer", call("post_delay", 2, minutes))


def past(at: float, minutes: int = 39) -> Timed:
    return Timed(round(at * 1e6), "Operator", statement(SET_DELAY, flight=2, minutes=minutes))


def test_queries_are_those_of_readers_alone():
    assert metrics.queries(served(*looks(0, 1, 2, 61), change(3))) == 2


@pytest.mark.parametrize(("hits", "expected"), [(98, MISS), (99, HIT), (10, MISS)])
def test_the_slowest_hundredth_is_the_ninety_ninth_of_a_hundred(hits, expected):
    # With 98 hits and a miss the rank is 99 of 99; with one hit more 99 of 100, and the miss is the hundredth.
    assert metrics.p99_ms(served(*looks(*range(hits + 1)), ttl=600)) == expected / 1_000


def test_a_wall_is_old_from_the_answered_change_to_the_end_of_its_copy():
    tape = served(*looks(0, 10, 20, 30, 59, 70), change(15))
    assert metrics.walls_old(tape) == pytest.approx(100 * 3 / 6)  # at 20, 30 and 59 s
    assert metrics.walls_old(served(*looks(0, 10, 20, 30, 59, 70), past(15))) == pytest.approx(100 * 3 / 6)


def test_a_delete_keeps_the_wall_true():
    assert metrics.walls_old(served(*looks(0, 10, 20, 30, 59, 70), change(15), delete=True)) == 0


def test_a_look_that_meets_a_change_under_way_is_nobodys_fault():
    assert metrics.walls_old(served(*looks(0, 14.9999, 15.001, 15.0045), change(15))) == 0


def test_a_board_is_over_age_once_its_change_is_longer_past_than_the_bound():
    tape = served(*looks(0, 30, 80, 100, 200), past(15), ttl=600)
    assert metrics.over_age(tape) == pytest.approx(100 * 3 / 5)  # at 80, 100 and 200 s
    assert metrics.over_age(tape, 80) == pytest.approx(100 * 2 / 5)
    assert metrics.over_age(served(*looks(0, 30, 80, 100, 200), past(15))) == 0


def test_a_state_that_comes_back_is_no_old_wall():
    assert metrics.walls_old(served(*looks(0, 20, 30), change(5, 39), change(10, 0))) == 0


def test_commands_per_change_are_the_writers():
    assert metrics.commands_per_change(served(*looks(0, 1), change(3), change(4, 40), delete=True)) == 2
    assert metrics.commands_per_change(served(*looks(0, 1), change(3))) == 0


def test_minutes_without_looks_or_changes_measure_nothing():
    tape = served(past(1))
    assert [metrics.queries(tape), metrics.p99_ms(tape), metrics.walls_old(tape)] == [0, 0, 0]
    assert metrics.commands_per_change(tape) == 0
