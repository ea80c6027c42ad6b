"""People who wait, a slow database's queue, what a copy of a board costs: exact where SQL is, bounded elsewhere."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.workloads.flights import boards, image, people, queries, rule
from kit.workloads.flights.rule import MINUTE_US

FIRST_MIN, LAST_MIN = 3 * 60, 27 * 60 + 20
NINE_US = 9 * 60 * MINUTE_US
RATES = st.lists(st.floats(0, 1_000), max_size=40)


@pytest.mark.parametrize(
    ("day", "hours", "most", "minute"),
    [
        (rule.STORM, [21_910, 20_480, 33_081, 9_374], 34_461, 17 * 60 + 10),
        (rule.ORDINARY, [19_215, 12_801, 21_637, 3_134], 22_873, 15 * 60 + 40),
        (rule.BLIZZARD, [20_118, 14_529, 17_687, 1_060], 22_133, 7 * 60 + 5),
    ],
)
def test_people_waiting_are_those_of_the_plain_query(
    archive: sqlite3.Connection, day: str, hours: list[int], most: int, minute: int
) -> None:
    found = people.waiting(rule.flights_of(archive, day), FIRST_MIN, LAST_MIN)
    assert len(found) == LAST_MIN - FIRST_MIN + 1
    assert [found[hour * 60 - FIRST_MIN] for hour in (8, 12, 17, 22)] == hours
    assert max(found) == most
    assert found[minute - FIRST_MIN] == most
    for place in range(0, len(found), 97):
        assert found[place] == queries.waiting(archive, day, FIRST_MIN + place)


def test_looks_of_a_day_are_waiting_minutes_over_the_interval(archive: sqlite3.Connection, storm: rule.Day) -> None:
    found = people.waiting(storm.flights, 0, 30 * 60)
    assert sum(found) * 60 / rule.INTERVAL_S == pytest.approx(2_496_130, rel=1e-6)
    assert len(storm.looks.at_us) == pytest.approx(2_496_130, rel=0.002)
    assert [round(people.looks_a_second(34_461, interval)) for interval in (600, 60, 10)] == [57, 574, 3_446]


@given(RATES, st.floats(0, 1_000), st.floats(1, 600))
def test_nobody_is_left_where_the_database_keeps_up_and_nobody_vanishes(
    looks: list[float], served: float, step: float
) -> None:
    left = people.backlog(looks, [served] * len(looks), step)
    assert len(left) == len(looks)
    assert all(one >= 0 for one in left)
    assert people.backlog(looks, [max(looks, default=0.0)] * len(looks), step) == [0.0] * len(looks)
    for before, after, asked in zip([0.0, *left], left, looks, strict=False):
        assert after == pytest.approx(max(0.0, before + (asked - served) * step))


def test_without_a_cache_every_look_asks_and_no_board_is_stale(storm: rule.Day) -> None:
    cost = boards.cost(storm, NINE_US, 0)
    around = rule.part_of(storm, NINE_US - 10 * MINUTE_US, NINE_US + 10 * MINUTE_US)
    assert cost == boards.Cost(len(around.looks.at_us) / 20, 0.0)
    assert boards.loaded_us(storm, "LGA", NINE_US, 0) == NINE_US


@pytest.mark.parametrize("ttl_s", [1, 10, 60, 600])
def test_a_copy_is_never_older_than_its_ttl_and_three_boards_are_loaded_once_in_it(storm: rule.Day, ttl_s: int) -> None:
    loaded = [boards.loaded_us(storm, airport, NINE_US, ttl_s) for airport in boards.AIRPORTS]
    assert all(0 <= NINE_US - one < (ttl_s + 1) * 1_000_000 for one in loaded)
    assert boards.cost(storm, NINE_US, ttl_s).queries == pytest.approx(3 * 60 / ttl_s, rel=0.15)


def test_a_board_has_the_rows_of_the_image_by_schedule(storm: rule.Day) -> None:
    rows = boards.board(storm, "LGA", NINE_US)
    assert [row.sched for row in rows] == sorted(row.sched for row in rows)
    assert sorted(row.id for row in rows) == sorted(row.id for row in image.image_at(storm, NINE_US, "LGA"))


@pytest.mark.parametrize(("day", "worst"), [("2013-03-08", 0.5), ("2013-02-08", 0.5)])
def test_sight_is_the_worst_of_three_airports(archive: sqlite3.Connection, day: str, worst: float) -> None:
    _, month, number = map(int, day.split("-"))
    miles = [row["miles"] for row in archive.execute(queries.VISIBILITY, {"month": month, "number": number})]
    assert min(one for one in miles if one is not None) == worst
    assert max(one for one in miles if one is not None) == 10
