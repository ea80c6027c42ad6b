"""Rows of scenes: constants that can be had for nothing, each of them a real flight."""

from __future__ import annotations

import sqlite3

import pytest

from kit.workloads import scene_rows
from kit.workloads.scene_rows import (
    COMMON,
    COMMON_DAY,
    MORNING,
    MORNING_DELAY,
    RACE,
    RACE_AS_DRAWN,
    Race,
    Row,
)

_FIND = (
    "SELECT id, dep_delay FROM flight WHERE day = ? AND (carrier, number, origin, dest, sched_dep) = (?, ?, ?, ?, ?)"
)


def _found(archive: sqlite3.Connection, day: str, row: Row) -> list[tuple[int, int | None]]:
    return [tuple(found) for found in archive.execute(_FIND, (day, *row[1:6]))]


@pytest.mark.parametrize("row", [*COMMON, *MORNING], ids=lambda row: row.label)
def test_each_flight_of_the_common_scene_and_of_the_morning_flew_on_8_march(
    archive: sqlite3.Connection, row: Row
) -> None:
    assert len(_found(archive, COMMON_DAY, row)) == 1


def test_the_common_scene_has_the_ids_airports_and_times_that_exercises_name() -> None:
    assert [(row.id, row.origin, row.sched) for row in COMMON if row.origin == "JFK"] == [
        (1, "JFK", 480),
        (2, "JFK", 540),
        (4, "JFK", 900),
    ]
    assert [row.id for row in COMMON if row.origin == "LGA"] == [3]
    assert set(scene_rows.AIRPORTS) == {"JFK", "LGA", "XXX"}
    assert all(row.delay == 0 for row in COMMON)


def test_the_first_departure_of_the_morning_is_neither_the_first_row_nor_the_last(archive: sqlite3.Connection) -> None:
    board = [row for row in MORNING if row.origin == "JFK"]
    first = min(board, key=lambda row: row.sched)
    assert first not in (board[0], board[-1])
    assert [delay for _, delay in _found(archive, COMMON_DAY, first)] == [MORNING_DELAY]
    assert first.sched + MORNING_DELAY > sorted(row.sched for row in board)[1]
    day = "SELECT carrier, number FROM flight WHERE day = ? AND origin = ? ORDER BY sched_dep LIMIT 1"
    assert tuple(archive.execute(day, (COMMON_DAY, "JFK")).fetchone()) == (first.carrier, first.number)


@pytest.mark.parametrize("race", [RACE, RACE_AS_DRAWN], ids=lambda race: race.day)
def test_a_race_is_flown_with_the_archives_ids_and_its_delay_really_happened(
    archive: sqlite3.Connection, race: Race
) -> None:
    for row in race.rows:
        assert [id_ for id_, _ in _found(archive, race.day, row)] == [row.id]
        assert row.origin == race.airport
    assert [delay for _, delay in _found(archive, race.day, race.delayed)] == [race.delay] == [39]


def test_the_race_as_drawn_goes_from_07_10_to_07_49() -> None:
    row = RACE_AS_DRAWN.delayed
    assert (row.label, row.dest) == ("MQ3737", "ORD")
    assert (row.sched, row.sched + RACE_AS_DRAWN.delay) == (7 * 60 + 10, 7 * 60 + 49)


@pytest.mark.parametrize("rows", [COMMON, RACE.rows, RACE_AS_DRAWN.rows], ids=["common", "race", "as drawn"])
def test_a_board_reads_in_order_of_time_and_ids_agree_with_it(rows: tuple[Row, ...]) -> None:
    for airport in {row.origin for row in rows}:
        board = [row for row in rows if row.origin == airport]
        assert board == sorted(board, key=lambda row: (row.sched, row.carrier, row.number))
        assert board == sorted(board, key=lambda row: row.id)


def test_a_row_is_a_plain_tuple_in_the_order_of_the_images_columns() -> None:
    assert tuple(COMMON[0]) == (1, "UA", 397, "JFK", "SFO", 480, 0)
