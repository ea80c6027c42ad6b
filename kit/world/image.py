"""The day's image: the small database that a world writes to, a few rows copied from the archive.

`flights` (minutes after midnight; `delay` is the announced delay; a trigger adds 1 to `version` whenever it changes)
and `airports`. Source: contracts of the kit, "Two databases, never confused".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Row = tuple[int, str, int, str, str, int, int]  # id, carrier, number, origin, dest, sched, delay

SCHEMA = """
CREATE TABLE flights(id INTEGER PRIMARY KEY, carrier TEXT NOT NULL, number INTEGER NOT NULL, origin TEXT NOT NULL,
    dest TEXT NOT NULL, sched INTEGER NOT NULL, delay INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1);
CREATE INDEX flights_board ON flights(origin, sched);
CREATE TABLE airports(code TEXT PRIMARY KEY);
CREATE TRIGGER flights_version AFTER UPDATE OF delay ON flights WHEN new.delay IS NOT old.delay
    BEGIN UPDATE flights SET version = old.version + 1 WHERE id = new.id; END;
"""


class Image:
    """Rows of one world. `rows` as (id, carrier, number, origin, dest, sched, delay), `airports` as codes."""

    def __init__(self, rows: Iterable[Sequence[object]], airports: Iterable[str]) -> None:
        self.rows = [tuple(row) for row in rows]
        self.airports = sorted(set(airports))


def clock_time(minute: int) -> str:
    """A minute after midnight as a board shows it: 429 is `07:09`, a minute past midnight starts again."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def describe(flight: tuple[str, int, int], before: int, after: int) -> tuple[str, str, str]:
    """Label, before and after of a changed delay, as pictures show it: `('MQ3737', '07:10', '07:49')`."""
    carrier, number, sched = flight
    return f"{carrier}{number}", clock_time(sched + before), clock_time(sched + after)
