"""The vectorised replay against a cache of one dictionary that is played look by look: equal in every figure."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.workloads.flights import replay, rule, window
from kit.workloads.flights.live import SEED
from kit.workloads.flights.rule import Flight

_US = 1_000_000


@dataclass
class Played:
    """One look or change after another. Rows are counted up when they change; a value is a copy of its key's rows."""

    key_of: dict[int, str]
    ttl_us: int | None = None
    rows: dict[int, int] = field(default_factory=dict)
    cache: dict[str, tuple[int, dict[int, int]]] = field(default_factory=dict)
    misses: int = 0
    wall: int = 0
    phone: int = 0

    def value(self, key: str) -> dict[int, int]:
        return {flight: self.rows.get(flight, 0) for flight, its_key in self.key_of.items() if its_key == key}

    def look(self, at_us: int, flight: int) -> None:
        key = self.key_of[flight]
        entry = self.cache.get(key)
        if entry is None or (self.ttl_us is not None and at_us >= entry[0] + self.ttl_us):
            self.misses += 1
            entry = self.cache[key] = (at_us, self.value(key))
        self.wall += entry[1] != self.value(key)
        self.phone += entry[1][flight] != self.rows.get(flight, 0)

    def change(self, flight: int) -> None:
        self.rows[flight] = self.rows.get(flight, 0) + 1
        if self.ttl_us is None:
            self.cache.pop(self.key_of[flight], None)


def _play(day: rule.Day, grain: str, ttl_us: int | None) -> Played:
    played = Played({place: replay.GRAINS[grain](flight, day.day) for place, flight in enumerate(day.flights)}, ttl_us)
    looks = zip(day.looks.at_us.tolist(), day.looks.flight.tolist(), strict=True)
    changes = zip(day.changes.at_us.tolist(), day.changes.flight.tolist(), strict=True)
    events = [(at_us, 1, place) for at_us, place in looks] + [(at_us, 0, place) for at_us, place in changes]
    for at_us, is_look, place in sorted(events):
        if is_look:
            played.look(at_us, place)
        else:
            played.change(place)
    return played


# Six flights that differ in each part of a key, so that each grain groups them in another way.
_FLIGHTS = tuple(
    Flight(place, carrier, number, origin, dest, sched, 0, 100)
    for place, (carrier, number, origin, dest, sched) in enumerate(
        [
            ("UA", 1, "EWR", "ORD", 480),
            ("UA", 2, "EWR", "ORD", 490),
            ("UA", 3, "EWR", "LAX", 545),
            ("B6", 3, "JFK", "LAX", 480),
            ("B6", 4, "JFK", "LAX", 700),
            ("DL", 1, "LGA", "ATL", 480),
        ]
    )
)


def _events(times: list[tuple[int, int]]) -> tuple[rule.Times, rule.Places]:
    ordered = sorted(times)
    return (
        np.array([at_us for at_us, _ in ordered], dtype=np.int64),
        np.array([place for _, place in ordered], dtype=np.int32),
    )


_instants = st.lists(st.tuples(st.integers(-40, 40), st.integers(0, len(_FLIGHTS) - 1)), max_size=60)


@given(looks=_instants, changes=_instants, grain=st.sampled_from(list(replay.GRAINS)), ttl_us=st.integers(1, 50))
@settings(max_examples=400, deadline=None)
def test_a_generated_day_costs_and_shows_what_playing_it_does(
    looks: list[tuple[int, int]], changes: list[tuple[int, int]], grain: str, ttl_us: int
) -> None:
    # A day begins before midnight for flights shortly after it, hence instants below 0.
    at_us, place = _events(changes)
    day = rule.Day(
        "2013-03-08", _FLIGHTS, rule.Looks(*_events(looks)), rule.Changes(at_us, place, np.zeros(len(place), np.int32))
    )
    laid_out, played = replay.replay(day, grain), _play(day, grain, ttl_us)
    found = laid_out.with_ttl(ttl_us / _US)
    assert (found.misses, round(found.wall * len(looks)), round(found.phone * len(looks))) == (
        played.misses,
        played.wall,
        played.phone,
    )
    deleted = _play(day, grain, None)
    assert laid_out.misses_when_deleted() == deleted.misses
    assert (deleted.wall, deleted.phone) == (0, 0)


@pytest.mark.parametrize("ttl_s", [1, 10, 60, None])
@pytest.mark.parametrize("grain", ["board", "flight"])
def test_a_window_of_the_storm_costs_in_numbers_what_its_events_cost_one_by_one(
    archive: sqlite3.Connection, storm: rule.Day, grain: str, ttl_s: int | None
) -> None:
    events = window.window(archive, rule.STORM, "LGA", 540, 545, SEED).events
    part = rule.part_of(storm, 540 * rule.MINUTE_US, 545 * rule.MINUTE_US, "LGA")
    key_of = {flight.id: replay.GRAINS[grain](flight, part.day) for flight in part.flights if flight.origin == "LGA"}
    played = Played(key_of, ttl_s and ttl_s * _US)
    for event in events:
        if isinstance(event, window.Look):
            played.look(event.at_us, event.flight)
        else:
            played.change(event.flight)
    laid_out = replay.replay(part, grain)
    if ttl_s is None:
        assert played.misses == laid_out.misses_when_deleted()
    else:
        found = laid_out.with_ttl(ttl_s)
        assert (found.misses, found.wall * laid_out.looks, found.phone * laid_out.looks) == pytest.approx(
            (played.misses, played.wall, played.phone)
        )


def test_a_change_that_nobody_reads_before_the_next_is_counted_once() -> None:
    looks = rule.Looks(*_events([(10, 0), (40, 0)]))
    at_us, place = _events([(20, 0), (30, 0), (50, 0)])
    day = rule.Day("2013-03-08", _FLIGHTS, looks, rule.Changes(at_us, place, np.zeros(3, np.int32)))
    assert replay.replay(day, "flight").changes_never_read() == 2


def test_an_unknown_grain_is_an_error_that_names_it(storm: rule.Day) -> None:
    with pytest.raises(KeyError, match="gate"):
        replay.replay(storm, "gate")
