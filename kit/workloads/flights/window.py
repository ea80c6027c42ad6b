"""A window of a day, small enough for a world to play message by message.

Rules: its events are exactly those of the whole day's replay that fall into it (same seed, same instants); they are in
order of time, a change before a look at the same instant; a window of more than `max_events` is refused, not thinned:
a thinned one would be another storm.
Source: syllabus, section A, "Passenger rule" (3).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kit.workloads.flights import image, rule
from kit.workloads.flights.errors import WindowError
from kit.workloads.scene_rows import Row

MAX_EVENTS = 4_000


@dataclass(frozen=True, slots=True)
class Look:
    """A passenger of `flight` (its id) asks for the airport's board. `at_us`: µs since the day's local midnight."""

    at_us: int
    flight: int
    airport: str


@dataclass(frozen=True, slots=True)
class Change:
    """The announced delay of `flight` goes from `before` to `delay` minutes.

    The two are equal where a flight departs exactly as announced: its row changes on the wall ("departed"), its delay
    does not.
    """

    at_us: int
    flight: int
    airport: str
    before: int
    delay: int


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of one airport. `rows` is its image when the window opens; `events` what then happens."""

    day: str
    airport: str
    start_us: int
    end_us: int
    seed: int
    rows: tuple[Row, ...]
    events: tuple[Look | Change, ...]

    @property
    def looks(self) -> tuple[Look, ...]:
        return tuple(event for event in self.events if isinstance(event, Look))

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(event for event in self.events if isinstance(event, Change))


def window(
    archive: sqlite3.Connection,
    day: str,
    airport: str,
    start_min: int,
    end_min: int,
    seed: int,
    max_events: int = MAX_EVENTS,
    *,
    interval_s: float = rule.INTERVAL_S,
) -> Window:
    """The looks and changes of an airport from one minute after midnight to another (the latter not included).

    interval_s: seconds between two looks of one passenger: a longer one brings more minutes of the same storm into one
    window, since changes do not depend on it.

    Raises:
        WindowError: the window is empty or turned round, or holds more than `max_events` events.
        ValueError: no flight is scheduled on that day.
    """
    if not start_min < end_min:
        raise WindowError(f"a window from minute {start_min} to {end_min} has no length: the end must come later")
    whole = rule.day_of(archive, day, seed, interval_s=interval_s)
    start_us, end_us = start_min * rule.MINUTE_US, end_min * rule.MINUTE_US
    part = rule.part_of(whole, start_us, end_us, airport)
    count = len(part.looks.at_us) + len(part.changes.at_us)
    if count > max_events:
        fitting = (end_min - start_min) * max_events // count
        raise WindowError(
            f"{airport} has {count:,} events between minute {start_min} and {end_min} of {day}, more than "
            f"{max_events:,}: take about {fitting} minutes"
        )
    rows = image.image_at(whole, start_us, airport)
    return Window(day, airport, start_us, end_us, seed, tuple(rows), _events(part, rows))


def _events(part: rule.Day, rows: list[Row]) -> tuple[Look | Change, ...]:
    delays = {row.id: row.delay for row in rows}
    events: list[Look | Change] = []
    changes = (part.changes.at_us, part.changes.flight, part.changes.delay)
    for at_us, place, delay in zip(*(column.tolist() for column in changes), strict=True):
        flight = part.flights[place]
        events.append(Change(at_us, flight.id, flight.origin, delays[flight.id], delay))
        delays[flight.id] = delay
    for at_us, place in zip(part.looks.at_us.tolist(), part.looks.flight.tolist(), strict=True):
        flight = part.flights[place]
        events.append(Look(at_us, flight.id, flight.origin))
    return tuple(sorted(events, key=lambda event: event.at_us))  # stable: changes were put first
