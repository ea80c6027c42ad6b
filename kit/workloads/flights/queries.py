"""Figures of the archive by plain SQL: no seed, no rule of chance, so tests demand them exactly.

Rules: each query names itself in a leading comment, has named parameters and a total order. All three airports are
named where a whole day is asked for: only then the index `board` helps.
Source: syllabus, section A.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kit.workloads.flights.rule import UNKNOWN_SEATS

DAYS = """/* days */
SELECT day, count(*) AS flights, sum(dep IS NULL) AS cancelled, avg(dep_delay) AS mean_delay,
       sum(dep_delay > 60) AS late, sum(max(dep_delay, 0)) AS lateness
FROM flight GROUP BY day ORDER BY lateness DESC, day"""

HOURS = """/* hours */
SELECT origin, sched_dep / 60 AS hour, count(*) AS flights, sum(dep IS NULL) AS cancelled, avg(dep_delay) AS mean_delay
FROM flight WHERE origin IN ('EWR', 'JFK', 'LGA') AND day = :day
GROUP BY origin, hour ORDER BY origin, hour"""

BOARD = """/* board */
SELECT f.id, f.sched_dep, f.carrier, a.name AS airline, f.number, f.dest, p.name AS destination, f.dep_delay
FROM flight f JOIN airline a USING (carrier) LEFT JOIN airport p ON p.faa = f.dest
WHERE f.origin = :airport AND f.day = :day AND f.sched_dep BETWEEN :first AND :last
ORDER BY f.sched_dep, f.carrier, f.number"""

WAITING = """/* waiting */
SELECT coalesce(sum(coalesce(p.seats, :unknown)), 0) FROM flight f LEFT JOIN plane p USING (tailnum)
WHERE f.origin IN ('EWR', 'JFK', 'LGA') AND f.day = :day
  AND :minute >= f.sched_dep - 120 AND :minute < f.sched_dep + coalesce(f.dep_delay, 0)"""

CHANGES = """/* changes */
SELECT coalesce(sum(CASE WHEN dep IS NULL THEN 1 WHEN dep_delay > 0 THEN 1 + (dep_delay + 14) / 15 ELSE 1 END), 0)
FROM flight WHERE origin IN ('EWR', 'JFK', 'LGA') AND day = :day"""

VISIBILITY = """/* visibility */
SELECT hour, min(visib) AS miles FROM weather
WHERE origin IN ('EWR', 'JFK', 'LGA') AND year = 2013 AND month = :month AND day = :number
GROUP BY hour ORDER BY hour"""

_PASSENGER_DELAY = """/* passenger minutes of delay */
SELECT coalesce(sum(coalesce(p.seats, :unknown) * max(f.dep_delay, 0)), 0)
FROM flight f LEFT JOIN plane p USING (tailnum)
WHERE f.origin IN ('EWR', 'JFK', 'LGA') AND f.day = :day"""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day in figures (`mean_delay` in minutes, `lateness` its sum over late flights)."""

    day: str
    flights: int
    cancelled: int
    mean_delay: float
    late: int
    lateness: int


def days(archive: sqlite3.Connection) -> list[DayFacts]:
    """All days of the year, the worst first."""
    return [DayFacts(*row) for row in archive.execute(DAYS)]


def waiting(archive: sqlite3.Connection, day: str, minute: int) -> int:
    """People waiting at a minute after midnight (it may lie after the next midnight)."""
    return _number(archive, WAITING, day=day, minute=minute, unknown=UNKNOWN_SEATS)


def changes(archive: sqlite3.Connection, day: str) -> int:
    """Status changes of a day."""
    return _number(archive, CHANGES, day=day)


def passenger_hours(archive: sqlite3.Connection, day: str) -> float:
    """Hours that passengers lost: seats times delay, early departures counting nothing."""
    return _number(archive, _PASSENGER_DELAY, day=day, unknown=UNKNOWN_SEATS) / 60


def board(
    archive: sqlite3.Connection, airport: str, day: str, first: int = 0, last: int = 1439
) -> list[dict[str, object]]:
    """The departures of an airport scheduled from minute `first` to minute `last`, as they turned out."""
    rows = archive.execute(BOARD, {"airport": airport, "day": day, "first": first, "last": last})
    return [dict(row) for row in rows]


def _number(archive: sqlite3.Connection, sql: str, **params: object) -> int:
    return int(archive.execute(sql, params).fetchone()[0])
