"""The data file of lesson 00: the boards of one moment, people waiting minute by minute, two days hour by hour.

Rules: made when notebooks are built, from the archive and one seed, never typed in; making it again changes no byte.
The moment is one at which more age means more wrong rows on every board, so that picture and sentence agree.
Leaves out: what is drawn (`kit/views/departures.py`, `strips.py`, `storm_day.py`).
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from kit.workloads.flights import archive, boards, people, queries, rule
from kit.workloads.flights.rule import Day
from kit.workloads.scene_rows import Row

FILE = Path(__file__).with_name("lesson_00.json")
SEED = 29  # as lesson 05's: the seed whose shares lie nearest to the means that the syllabus quotes
MOMENT_US, CLOCK = (9 * 3600 + 5) * 1_000_000, "09:00:05"
TTLS_S = (0, 1, 5, 10, 30, 60, 120, 300, 600)
ROWS = 10
FIRST_MIN, LAST_MIN = 3 * 60, 27 * 60 + 20  # from the first who waits to the last
DAYS = {"blizzard": rule.BLIZZARD, "storm": rule.STORM}


def load(path: Path = FILE) -> dict[str, Any]:
    """The file: `board`, `people` (of the storm, a number a minute), `days` (hour by hour)."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def make(year: sqlite3.Connection) -> str:
    """The text of the file (about three seconds)."""
    day = rule.day_of(year, rule.STORM, SEED)
    made = {
        "seed": SEED,
        "board": _boards(day),
        "people": people.waiting(day.flights, FIRST_MIN, LAST_MIN),
        "days": {name: _hours(year, date) for name, date in DAYS.items()},
    }
    return json.dumps(made, indent=None, separators=(",", ":"), sort_keys=True) + "\n"


def write() -> bool:
    """Make the file anew. Returns whether it changed."""
    from kit.grading.progress import write_whole

    text = make(archive.open_archive(archive.ensure().parent))
    if FILE.exists() and FILE.read_text("utf-8") == text:
        return False
    write_whole(FILE, text)
    return True


def _boards(day: Day) -> dict[str, Any]:
    costs = [boards.cost(day, MOMENT_US, ttl_s) for ttl_s in TTLS_S]
    return {
        "clock": CLOCK,
        "stops": list(TTLS_S),
        "queries": [round(one.queries, 2) for one in costs],
        "wall": [round(100 * one.wall, 1) for one in costs],
        "airports": {airport: _airport(day, airport) for airport in boards.AIRPORTS},
    }


def _airport(day: Day, airport: str) -> dict[str, Any]:
    loaded = [boards.loaded_us(day, airport, MOMENT_US, ttl_s) for ttl_s in TTLS_S]
    copies = [boards.board(day, airport, at_us) for at_us in loaded]
    true = boards.board(day, airport, MOMENT_US)
    places = _chosen(copies, true)
    return {
        "rows": len(true),
        "age_s": [round((MOMENT_US - at_us) / 1e6, 1) for at_us in loaded],
        "wrong": [sum(one != other for one, other in zip(copy, true, strict=True)) for copy in copies],
        "flights": [[true[at].sched, true[at].label, true[at].dest] for at in places],
        "shown": [[copy[at].delay for at in places] for copy in copies],
        "true": [true[at].delay for at in places],
    }


def _chosen(copies: list[list[Row]], true: list[Row]) -> list[int]:
    """Ten rows: those that a fresher copy has wrong come first, then the next departures; in order of schedule."""
    wrong = [[copy[at] != true[at] for copy in copies].count(True) for at in range(len(true))]
    minute = MOMENT_US // rule.MINUTE_US
    order = sorted(range(len(true)), key=lambda at: (-wrong[at], true[at].sched < minute, abs(true[at].sched - minute)))
    return sorted(order[:ROWS])


def _hours(year: sqlite3.Connection, day: str) -> dict[str, Any]:
    flights, cancelled = [0] * 24, [0] * 24
    for row in year.execute(queries.HOURS, {"day": day}):
        flights[row["hour"]] += row["flights"]
        cancelled[row["hour"]] += row["cancelled"]
    miles = {row["hour"]: row["miles"] for row in year.execute(queries.VISIBILITY, _date(day))}
    return {"flights": flights, "cancelled": cancelled, "miles": [miles.get(hour) for hour in range(24)]}


def _date(day: str) -> dict[str, int]:
    _, month, number = map(int, day.split("-"))
    return {"month": month, "number": number}
