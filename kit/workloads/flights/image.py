"""Rows for the image of a day: the small table that a world writes to, with the ids of the archive.

Rules: `delay` is the *announced* delay, moved by the passenger rule's changes alone: 0 before the first of them;
`rule.CANCELLED` (9,999 minutes) once a cancellation is announced. Rows are in order of id.
Source: contracts of the kit, "Two databases, never confused".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from kit.workloads.flights.rule import Day, Flight, flights_of
from kit.workloads.scene_rows import Row


def day_image(archive: sqlite3.Connection, day: str, origin: str | None = None) -> list[Row]:
    """The rows before anything was announced; of one airport's departures if `origin` is named.

    An unknown day or airport has no rows: that is an answer, not an error.
    """
    return [row_of(flight, 0) for flight in flights_of(archive, day) if origin in (None, flight.origin)]


def image_at(day: Day, at_us: int, origin: str | None = None) -> list[Row]:
    """The rows as announced until just before `at_us` (µs since the day's midnight)."""
    announced = [0] * len(day.flights)
    until = int(day.changes.at_us.searchsorted(at_us))
    for place, delay in zip(day.changes.flight[:until].tolist(), day.changes.delay[:until].tolist(), strict=True):
        announced[place] = delay
    both = zip(day.flights, announced, strict=True)
    return [row_of(flight, delay) for flight, delay in both if origin in (None, flight.origin)]


def airports_in(rows: Iterable[Row]) -> list[str]:
    """Codes of all airports that the rows name, sorted: what the image's `airports` holds."""
    return sorted({code for row in rows for code in (row.origin, row.dest)})


def row_of(flight: Flight, delay: int) -> Row:
    return Row(flight.id, flight.carrier, flight.number, flight.origin, flight.dest, flight.sched, delay)
