"""The passenger rule: who looks at a board when, and when a flight's row changes.

Rules:
1. Every seat looks its flight up as a Poisson process, once per `interval_s` (600 s), from 120 minutes before schedule
   until departure; for a cancelled flight until schedule. A plane whose seats are unknown counts 137.
2. A delay is announced in steps of 15 minutes, each 15 minutes before the current estimate; then the flight departs,
   and its row shows the delay it really had. A cancellation is announced 60 minutes before schedule,
   as a delay of 9,999 minutes: the column of the image is a number.
3. Each change is spread over its minute. Schedules are multiples of 5 minutes: unspread, changes coincide, and deleting
   a board seems to need 1,895 loads instead of 5,746.
Times are whole µs since local midnight of the day and run past midnight; a flight is named by its place in
`Day.flights`. The same day and seed give the same events, for the replay of whole days and for a world's window alike.
Source: syllabus, section A, "Passenger rule".
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

STORM = "2013-03-08"
ORDINARY = "2013-03-15"
BLIZZARD = "2013-02-08"

LOOKS_FROM_MIN = 120
STEP_MIN = 15
CANCELLED_BEFORE_MIN = 60
UNKNOWN_SEATS = 137
INTERVAL_S = 600

MINUTE_US = 60_000_000
# What the row of a cancelled flight shows: no flight of the year left more than 1,301 minutes late.
CANCELLED = 9_999

Times = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

_FLIGHTS = """/* flights of a day */
SELECT f.id, f.carrier, f.number, f.origin, f.dest, f.sched_dep, f.dep_delay, coalesce(p.seats, :unknown) AS seats
FROM flight f LEFT JOIN plane p USING (tailnum)
WHERE f.origin IN ('EWR', 'JFK', 'LGA') AND f.day = :day ORDER BY f.id"""


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight as it turned out (`sched` in minutes after midnight, `delay` in minutes; None = cancelled)."""

    id: int
    carrier: str
    number: int
    origin: str
    dest: str
    sched: int
    delay: int | None
    seats: int

    @property
    def waiting_min(self) -> int:
        """How long its passengers wait, in minutes; the earliest left 43 minutes before schedule."""
        return LOOKS_FROM_MIN + (self.delay or 0)


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks in order of time: the instant, and the place of the flight looked up."""

    at_us: Times
    flight: Places


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in order of time: the instant, the flight's place, and the delay its row shows from then on."""

    at_us: Times
    flight: Places
    delay: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Day:
    """All that happens to the boards on one day. `flights` in order of id."""

    day: str
    flights: tuple[Flight, ...]
    looks: Looks
    changes: Changes


def flights_of(archive: sqlite3.Connection, day: str) -> tuple[Flight, ...]:
    """The flights scheduled on a day, in order of id; empty for a day outside 2013."""
    rows = archive.execute(_FLIGHTS, {"day": day, "unknown": UNKNOWN_SEATS})
    return tuple(Flight(*row) for row in rows)


def day_of(archive: sqlite3.Connection, day: str, seed: int, *, interval_s: float = INTERVAL_S) -> Day:
    """The events of a day.

    Args:
        seed: of both streams; changes do not depend on `interval_s`, so more looks see the same storm.
        interval_s: seconds between two looks of one passenger, the course's main load slider.

    Raises:
        ValueError: no flight is scheduled on that day.
    """
    flights = flights_of(archive, day)
    if not flights:
        raise ValueError(f"no flights on {day!r}; wanted a day of 2013, written like {STORM!r}")
    for_looks, for_changes = np.random.default_rng(seed).spawn(2)
    return Day(day, flights, looks(flights, for_looks, interval_s=interval_s), changes(flights, for_changes))


def part_of(day: Day, start_us: int, end_us: int, airport: str | None = None) -> Day:
    """The same day with only the events of [start_us, end_us), and of one airport if named."""
    here = np.array([airport in (None, flight.origin) for flight in day.flights])
    looked, changed = (
        np.flatnonzero((events.at_us >= start_us) & (events.at_us < end_us) & here[events.flight])
        for events in (day.looks, day.changes)
    )
    return replace(
        day,
        looks=Looks(day.looks.at_us[looked], day.looks.flight[looked]),
        changes=Changes(day.changes.at_us[changed], day.changes.flight[changed], day.changes.delay[changed]),
    )


def looks(flights: tuple[Flight, ...], rng: np.random.Generator, *, interval_s: float = INTERVAL_S) -> Looks:
    """Rule 1. O(n log n) in the number of looks.

    A Poisson process of n seats is one process of n times the rate: a Poisson number of instants, each anywhere.
    """
    start_us = _column([flight.sched - LOOKS_FROM_MIN for flight in flights]) * MINUTE_US
    length_us = _column([flight.waiting_min for flight in flights]) * MINUTE_US
    seats = _column([flight.seats for flight in flights])
    counts = rng.poisson(seats * length_us / (interval_s * 1_000_000))
    flight = np.repeat(np.arange(len(flights), dtype=np.int32), counts)
    at_us = start_us[flight] + (rng.random(len(flight)) * length_us[flight]).astype(np.int64)
    order = np.argsort(at_us, kind="stable")
    return Looks(at_us[order], flight[order])


def changes(flights: tuple[Flight, ...], rng: np.random.Generator) -> Changes:
    """Rules 2 and 3."""
    plan = [(minute, place, delay) for place, flight in enumerate(flights) for minute, delay in announcements(flight)]
    minute, place, delay = (_column(column) for column in zip(*plan, strict=True))
    at_us = minute * MINUTE_US + (rng.random(len(plan)) * MINUTE_US).astype(np.int64)
    order = np.argsort(at_us, kind="stable")
    return Changes(at_us[order], place[order].astype(np.int32), delay[order].astype(np.int32))


def announcements(flight: Flight) -> list[tuple[int, int]]:
    """Rule 2 for one flight: (minute, delay shown from then on), in order of time.

    >>> announcements(Flight(142_996, "DL", 485, "EWR", "ATL", 540, 39, 137))
    [(525, 15), (540, 30), (555, 45), (579, 39)]
    """
    if flight.delay is None:
        return [(flight.sched - CANCELLED_BEFORE_MIN, CANCELLED)]
    steps = [
        (flight.sched + estimate - STEP_MIN, estimate + STEP_MIN)
        for estimate in range(0, max(flight.delay, 0), STEP_MIN)
    ]
    return [*steps, (flight.sched + flight.delay, flight.delay)]


def _column(values: list[int] | tuple[int, ...]) -> Times:
    return np.array(values, dtype=np.int64)
