"""A window: the day's own events, in order, few enough to be played."""

from __future__ import annotations

import sqlite3

import pytest

from kit.workloads.flights import image, rule, window
from kit.workloads.flights.errors import WindowError
from kit.workloads.flights.live import SEED


@pytest.fixture(scope="module")
def at_nine(archive: sqlite3.Connection) -> window.Window:
    """LaGuardia from 09:00 to 09:05: the window that lesson 05 plays."""
    return window.window(archive, rule.STORM, "LGA", 540, 545, SEED)


def test_the_lessons_window_is_small_enough_and_three_flights_are_cancelled_in_it(at_nine: window.Window) -> None:
    assert 3_000 < len(at_nine.events) <= window.MAX_EVENTS
    assert [change.delay for change in at_nine.changes].count(rule.CANCELLED) == 3
    assert len(at_nine.looks) + len(at_nine.changes) == len(at_nine.events)


def test_its_events_are_in_order_within_it_and_of_its_airport(at_nine: window.Window) -> None:
    instants = [event.at_us for event in at_nine.events]
    assert instants == sorted(instants)
    assert at_nine.start_us <= instants[0]
    assert instants[-1] < at_nine.end_us
    assert {event.airport for event in at_nine.events} == {"LGA"}
    assert {event.flight for event in at_nine.events} <= {row.id for row in at_nine.rows}


def test_each_change_begins_at_what_the_image_shows_and_the_last_image_follows_from_them(
    at_nine: window.Window, storm: rule.Day
) -> None:
    shown = {row.id: row.delay for row in at_nine.rows}
    for change in at_nine.changes:
        assert change.before == shown[change.flight]
        shown[change.flight] = change.delay
    assert shown == {row.id: row.delay for row in image.image_at(storm, at_nine.end_us, "LGA")}


def test_two_windows_side_by_side_are_the_longer_one(archive: sqlite3.Connection, at_nine: window.Window) -> None:
    first, second = (window.window(archive, rule.STORM, "LGA", *minutes, SEED) for minutes in ((540, 542), (542, 545)))
    assert first.events + second.events == at_nine.events


def test_a_window_with_too_many_events_is_refused_and_the_fitting_length_is_named(archive: sqlite3.Connection) -> None:
    with pytest.raises(WindowError, match=r"more than 4,000: take about [5-6] minutes"):
        window.window(archive, rule.STORM, "LGA", 540, 600, SEED)


def test_a_window_without_length_is_refused(archive: sqlite3.Connection) -> None:
    with pytest.raises(WindowError, match="the end must come later"):
        window.window(archive, rule.STORM, "LGA", 545, 545, SEED)
