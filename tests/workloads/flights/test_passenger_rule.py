"""The passenger rule: who looks when, what changes when, and that chance has a seed."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.workloads.flights import rule
from kit.workloads.flights.rule import CANCELLED, Flight, announcements

_flights = st.builds(
    Flight,
    id=st.just(1),
    carrier=st.just("UA"),
    number=st.just(1),
    origin=st.just("EWR"),
    dest=st.just("ORD"),
    sched=st.integers(5, 1439),
    delay=st.none() | st.integers(-43, 1301),
    seats=st.integers(2, 450),
)


def test_a_delay_of_39_minutes_is_announced_in_three_steps_and_then_departs() -> None:
    flight = Flight(142_996, "DL", 485, "EWR", "ATL", 540, 39, 137)
    assert announcements(flight) == [(525, 15), (540, 30), (555, 45), (579, 39)]


@given(_flights)
def test_a_flight_changes_as_often_as_the_sql_counts(flight: Flight) -> None:
    late = flight.delay or 0
    assert len(announcements(flight)) == (1 + (late + 14) // 15 if late > 0 else 1)


@given(_flights)
def test_each_delay_is_announced_15_minutes_before_the_estimate_that_it_moves(flight: Flight) -> None:
    estimate = flight.sched
    *steps, last = announcements(flight)
    for minute, delay in steps:
        assert (minute, flight.sched + delay) == (estimate - 15, estimate + 15)
        estimate = flight.sched + delay
    if flight.delay is None:
        assert last == (flight.sched - 60, CANCELLED)
    else:
        assert last == (flight.sched + flight.delay, flight.delay)
        assert estimate - 15 < flight.sched + max(flight.delay, 0) <= estimate


@given(_flights)
def test_the_changes_of_a_flight_lie_in_different_minutes_so_spreading_keeps_their_order(flight: Flight) -> None:
    minutes = [minute for minute, _ in announcements(flight)]
    assert minutes == sorted(set(minutes))


def test_every_look_falls_between_two_hours_before_schedule_and_departure(storm: rule.Day) -> None:
    start = np.array([flight.sched - 120 for flight in storm.flights]) * rule.MINUTE_US
    end = np.array([flight.sched + (flight.delay or 0) for flight in storm.flights]) * rule.MINUTE_US
    at_us, flight = storm.looks.at_us, storm.looks.flight
    assert ((start[flight] <= at_us) & (at_us < end[flight])).all()


def test_every_change_is_spread_over_the_minute_that_the_rule_names(storm: rule.Day) -> None:
    planned = sorted(
        (minute, place) for place, flight in enumerate(storm.flights) for minute, _ in announcements(flight)
    )
    found = sorted(zip((storm.changes.at_us // rule.MINUTE_US).tolist(), storm.changes.flight.tolist(), strict=True))
    assert found == planned
    seconds = storm.changes.at_us % rule.MINUTE_US / 1e6
    assert (seconds.min(), seconds.mean(), seconds.max()) == (
        pytest.approx(0, abs=0.1),
        pytest.approx(30, abs=1),
        pytest.approx(60, abs=0.1),
    )


def test_looks_and_changes_come_in_order_of_time(storm: rule.Day) -> None:
    assert (np.diff(storm.looks.at_us) >= 0).all()
    assert (np.diff(storm.changes.at_us) >= 0).all()


def test_a_full_plane_looks_in_proportion_to_its_seats(storm: rule.Day) -> None:
    counts = np.bincount(storm.looks.flight, minlength=len(storm.flights))
    expected = np.array([flight.seats * flight.waiting_min / 10 for flight in storm.flights])
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected) + 5).all()


def test_the_same_seed_gives_the_same_day_and_another_seed_another(archive: sqlite3.Connection) -> None:
    first, again, other = (rule.day_of(archive, rule.BLIZZARD, seed) for seed in (1, 1, 2))
    assert (first.looks.at_us == again.looks.at_us).all()
    assert (first.looks.flight == again.looks.flight).all()
    assert (first.changes.at_us == again.changes.at_us).all()
    assert (first.changes.at_us != other.changes.at_us).any()


def test_more_looks_see_the_same_storm(archive: sqlite3.Connection) -> None:
    calm, eager = (rule.day_of(archive, rule.BLIZZARD, 1, interval_s=interval) for interval in (600, 300))
    assert (calm.changes.at_us == eager.changes.at_us).all()
    assert len(eager.looks.at_us) == pytest.approx(2 * len(calm.looks.at_us), rel=0.002)


def test_a_day_outside_the_year_is_refused_with_what_was_wanted(archive: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="'2014-03-08'; wanted a day of 2013"):
        rule.day_of(archive, "2014-03-08", 1)


def test_a_part_of_a_day_keeps_exactly_the_events_within_it(storm: rule.Day) -> None:
    part = rule.part_of(storm, 540 * rule.MINUTE_US, 545 * rule.MINUTE_US, "LGA")
    for events, all_events in ((part.looks, storm.looks), (part.changes, storm.changes)):
        expected = [
            (at_us, place)
            for at_us, place in zip(all_events.at_us.tolist(), all_events.flight.tolist(), strict=True)
            if 32_400_000_000 <= at_us < 32_700_000_000 and storm.flights[place].origin == "LGA"
        ]
        assert list(zip(events.at_us.tolist(), events.flight.tolist(), strict=True)) == expected != []
