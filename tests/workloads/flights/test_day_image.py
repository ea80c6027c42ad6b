"""Rows for a day's image: the archive's flights and ids, moved by announcements alone, and a world can hold them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from kit.workloads.flights import image, rule
from kit.world.image import SCHEMA


def test_a_day_begins_with_its_flights_under_the_archives_ids_and_nothing_announced(
    archive: sqlite3.Connection,
) -> None:
    rows = image.day_image(archive, rule.STORM)
    assert len(rows) == 979
    assert {row.delay for row in rows} == {0}
    for row in rows[::100]:
        found = archive.execute(
            "SELECT id, carrier, number, origin, dest, sched_dep FROM flight WHERE id = ?", (row.id,)
        )
        assert tuple(found.fetchone()) == tuple(row)[:6]


def test_one_airports_rows_are_those_of_the_day_that_leave_from_it(archive: sqlite3.Connection) -> None:
    whole = image.day_image(archive, rule.STORM)
    assert image.day_image(archive, rule.STORM, "LGA") == [row for row in whole if row.origin == "LGA"]
    assert len(image.day_image(archive, rule.STORM, "LGA")) == 305


def test_an_unknown_airport_or_day_has_no_rows(archive: sqlite3.Connection) -> None:
    assert image.day_image(archive, rule.STORM, "XXX") == []
    assert image.day_image(archive, "2014-01-01") == []


def test_before_the_first_change_and_after_the_last_the_image_is_the_plan_and_the_truth(
    archive: sqlite3.Connection, storm: rule.Day
) -> None:
    assert image.image_at(storm, int(storm.changes.at_us[0])) == image.day_image(archive, rule.STORM)
    ended = image.image_at(storm, int(storm.changes.at_us[-1]) + 1)
    truth = [rule.CANCELLED if flight.delay is None else flight.delay for flight in storm.flights]
    assert [row.delay for row in ended] == truth


def test_a_world_takes_the_rows_as_they_are(archive: sqlite3.Connection) -> None:
    rows = image.day_image(archive, rule.STORM, "LGA")
    with closing(sqlite3.connect(":memory:")) as world:
        world.executescript(SCHEMA)
        world.executemany(
            "INSERT INTO flights(id, carrier, number, origin, dest, sched, delay) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
        )
        world.executemany("INSERT INTO airports VALUES (?)", [(code,) for code in image.airports_in(rows)])
        assert world.execute("SELECT count(*), min(version), max(version) FROM flights").fetchone() == (305, 1, 1)


def test_the_airports_of_some_rows_are_where_they_leave_and_where_they_go(archive: sqlite3.Connection) -> None:
    airports = image.airports_in(image.day_image(archive, rule.STORM))
    assert {"EWR", "JFK", "LGA", "ATL", "LAX"} <= set(airports)
    assert airports == sorted(set(airports))
