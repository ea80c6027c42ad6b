"""Lesson 03's figures: hit ratios beside the formula, five times the looks, and a cache that is taken away."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from kit.workloads.flights import hits, outage, replay, rule
from kit.workloads.flights.rule import MINUTE_US, Changes, Day, Flight, Looks


@pytest.fixture(scope="module")
def storm(archive: sqlite3.Connection) -> Day:
    return rule.day_of(archive, rule.STORM, hits.SEED)


@pytest.fixture(scope="module")
def boards(storm: Day) -> hits.Hits:
    return hits.hits(storm, "board", rule.INTERVAL_S, (60,))


@pytest.fixture(scope="module")
def flights(storm: Day) -> hits.Hits:
    return hits.hits(storm, "flight", rule.INTERVAL_S, (20, 60, 300))


def test_the_syllabus_queries_are_met_within_a_thousandth(boards: hits.Hits) -> None:
    assert boards.looks == pytest.approx(2_498_150, rel=2e-3)
    assert boards.misses_when_deleted == pytest.approx(5_746, rel=1e-3)
    assert boards.misses[0] == pytest.approx(4_004, rel=1e-3)


def test_five_times_the_looks_cost_seven_thousandths_more_queries(
    archive: sqlite3.Connection, boards: hits.Hits
) -> None:
    crowd = replay.replay(rule.day_of(archive, rule.STORM, hits.SEED, interval_s=120), "board")
    assert crowd.looks == pytest.approx(12_481_873, rel=2e-3)
    assert crowd.misses_when_deleted() == pytest.approx(5_784, rel=1e-3)
    assert crowd.misses_when_deleted() / boards.misses_when_deleted == pytest.approx(1.007, abs=5e-4)


def test_the_formula_and_the_replay_give_the_syllabus_hit_ratio(flights: hits.Hits) -> None:
    assert round(100 * hits.expected(137 / 600, 60), 1) == 93.2
    assert round(100 * flights.ratio(60), 1) == 93.3


def test_the_dots_lie_on_the_curve_or_a_little_above_it(flights: hits.Hits) -> None:
    for ttl_s in flights.ttl_s:
        above = flights.ratio(ttl_s) - hits.expected(flights.rate, ttl_s)
        assert -0.002 < above < 0.015, ttl_s


def test_the_rate_is_the_mean_seats_over_the_interval_for_keys_of_one_flight() -> None:
    one = Flight(1, "UA", 1, "EWR", "ORD", 600, 0, 120)
    assert hits.rate([one], "2013-03-08", "flight", 600) == pytest.approx(0.2)
    assert hits.rate([one, one], "2013-03-08", "flight", 600) == pytest.approx(0.4), "two flights under one key"


def test_a_key_that_nobody_awaits_for_an_hour_has_its_rate_from_the_hours_in_which_somebody_does() -> None:
    early, late = Flight(1, "UA", 1, "EWR", "ORD", 600, 0, 120), Flight(2, "UA", 2, "EWR", "ORD", 1200, 0, 120)
    assert hits.rate([early, late], "2013-03-08", "board", 600) == pytest.approx(0.2)


def test_a_ttl_that_was_not_counted_has_no_ratio(flights: hits.Hits) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        flights.ratio(61)


def _small() -> Day:
    """Two flights, a look every ten seconds at the first and every minute at the second, for an hour."""
    flights = (Flight(1, "UA", 1, "EWR", "ORD", 60, 0, 1), Flight(2, "UA", 2, "LGA", "ORD", 60, 0, 1))
    events = [(at * 1_000_000, 0) for at in range(0, 3600, 10)] + [(at * 1_000_000, 1) for at in range(5, 3600, 60)]
    at_us, place = (np.array(column, dtype=np.int64) for column in zip(*sorted(events), strict=True))
    nothing = np.array([], dtype=np.int64)
    changes = Changes(nothing, nothing.astype(np.int32), nothing.astype(np.int32))
    return Day("2013-03-08", flights, Looks(at_us, place.astype(np.int32)), changes)


def test_without_an_outage_the_queries_are_the_days_misses() -> None:
    day = _small()
    assert len(outage.queries(day, "flight", 60)) == replay.replay(day, "flight").with_ttl(60).misses


def test_while_the_cache_is_away_every_look_is_a_query_and_afterwards_each_key_misses_once() -> None:
    day, away = _small(), outage.Away(20 * MINUTE_US, 30 * MINUTE_US)
    load = outage.load(outage.queries(day, "flight", 3600, away), 0, 60 * MINUTE_US)
    assert load[0] == 2
    assert load[1:20] == [0] * 19
    assert load[20:30] == [7] * 10
    assert load[30] == 2
    assert load[31:] == [0] * 29


def test_the_storms_load_is_multiplied_by_one_over_one_minus_the_hit_ratio(storm: Day) -> None:
    start, end = 17 * 60 * MINUTE_US, 17 * 60 * MINUTE_US + 10 * MINUTE_US
    looks = sum(outage.load(storm.looks.at_us, start, end))
    misses = sum(outage.load(outage.queries(storm, "flight", 60), start, end))
    away = outage.load(outage.queries(storm, "flight", 60, outage.TEN_MINUTES), end, end + 10 * MINUTE_US)
    assert sum(away) == pytest.approx(looks / misses * misses, rel=0.03), "every look is a query"
    assert looks / misses == pytest.approx(16, abs=1)
    assert sum(away) / 600 == pytest.approx(57, abs=1), "looks a second at the peak"


def test_a_cold_cache_asks_once_for_each_flight_that_anybody_awaits(storm: Day) -> None:
    back = outage.TEN_MINUTES.back_us
    hump = outage.load(outage.queries(storm, "flight", 3600, outage.TEN_MINUTES), back, back + MINUTE_US)
    assert 200 < hump[0] < 240, "at most 238 flights have anybody waiting"
    boards = outage.load(outage.queries(storm, "board", 60, outage.TEN_MINUTES), back, back + MINUTE_US)
    assert boards[0] == 3, "three boards, three queries: no hump"
