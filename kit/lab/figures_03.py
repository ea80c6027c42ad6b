"""The data file of lesson 03: hit ratios against the TTL, an outage moment by moment, and a window of one key a point.

Rules: made when notebooks are built, from the archive and one seed, never typed in; making it again changes no byte;
the events of a window are those of the whole day (`kit/workloads/flights`), cut to the looks under one key, so that a
trace can be played without the archive and without counting twelve million looks anew.
Leaves out: what is drawn (`kit/views/dots.py`, `outage.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit.workloads.flights import archive, hits, image, outage, replay, rule
from kit.workloads.flights.rule import MINUTE_US, Day
from kit.workloads.scene_rows import Row

FILE = Path(__file__).with_name("lesson_03.json")
GRAINS = tuple(replay.GRAINS)
# The window of a point: so many looks under one key, from five in the afternoon on.
LOOKS, FROM_MIN = 400, 17 * 60
# The flight has 137 seats, the mean of the day, and leaves at 19:33, 348 minutes late.
KEYS = {
    "board": "board:LGA:2013-03-08",
    "hour": "board:LGA:2013-03-08:17",
    "route": "route:LGA:ATL:2013-03-08",
    "flight": "flight:AA:1073:2013-03-08",
}
# The outage: ten minutes either side of it, in steps of ten seconds.
OUTAGE_MIN, STEP_US = (17 * 60 + 5, 17 * 60 + 30), 10_000_000
OUTAGE_GRAINS, OUTAGE_TTLS_S = ("flight", "board"), (60, 600, 3600)


@dataclass(frozen=True, slots=True)
class Piece:
    """The looks under one key, and what changed meanwhile. looks: (µs since start, flight); changes: with the delay."""

    key: str
    start_us: int
    rows: tuple[Row, ...]
    looks: tuple[tuple[int, int], ...]
    changes: tuple[tuple[int, int, int], ...]


def load(path: Path = FILE) -> dict[str, Any]:
    """The file: `hits` (grain → interval → counts), `outage` (grain → TTL → queries a step), `pieces`."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def piece(data: dict[str, Any], grain: str, interval_s: int) -> Piece:
    """The window of one point of the live picture."""
    one = data["pieces"][grain][str(interval_s)]
    at_us, looks = 0, []
    for gap_ms, flight in one["looks"]:
        at_us += gap_ms * 1000
        looks.append((at_us, flight))
    changes = tuple((ms * 1000, flight, delay) for ms, flight, delay in one["changes"])
    return Piece(one["key"], FROM_MIN * MINUTE_US, tuple(Row(*row) for row in one["rows"]), tuple(looks), changes)


def make() -> bool:
    """Make the file from the archive (about a minute). Returns whether it changed."""
    from kit.grading.progress import write_whole

    text = json.dumps(_made(), separators=(",", ":"), sort_keys=True).replace('},"', '},\n"') + "\n"
    same = FILE.exists() and FILE.read_text("utf-8") == text
    if not same:
        write_whole(FILE, text)
    return not same


def _made() -> dict[str, Any]:
    year = archive.open_archive(archive.ensure().parent)
    counted: dict[str, dict[str, Any]] = {grain: {} for grain in GRAINS}
    pieces: dict[str, dict[str, Any]] = {grain: {} for grain in GRAINS}
    away: dict[str, Any] = {}
    for interval_s in hits.INTERVALS_S:
        day = rule.day_of(year, rule.STORM, hits.SEED, interval_s=interval_s)
        for grain in GRAINS:
            counted[grain][str(interval_s)] = asdict(hits.hits(day, grain, interval_s))
            pieces[grain][str(interval_s)] = _piece(day, grain)
        if interval_s == rule.INTERVAL_S:
            away = _outage(day)
    return {"seed": hits.SEED, "hits": counted, "outage": away, "pieces": pieces}


def _outage(day: Day) -> dict[str, Any]:
    start_us, end_us = (minute * MINUTE_US for minute in OUTAGE_MIN)

    def steps(times: Any) -> list[int]:
        return outage.load(times, start_us, end_us, STEP_US)

    kept = {
        grain: {
            str(ttl_s): {
                "there": steps(outage.queries(day, grain, ttl_s)),
                "back": steps(outage.queries(day, grain, ttl_s, outage.TEN_MINUTES)),
            }
            for ttl_s in OUTAGE_TTLS_S
        }
        for grain in OUTAGE_GRAINS
    }
    return {"looks": steps(day.looks.at_us), "queries": kept}


def _piece(day: Day, grain: str) -> dict[str, Any]:
    key_of = replay.GRAINS[grain]
    start_us = FROM_MIN * MINUTE_US
    mine = {place for place, flight in enumerate(day.flights) if key_of(flight, day.day) == KEYS[grain]}
    rows = [row for place, row in enumerate(image.image_at(day, start_us)) if place in mine]
    looks = _first(zip(day.looks.at_us.tolist(), day.looks.flight.tolist(), strict=True), mine, start_us)
    end_us = looks[-1][0]
    every = zip(
        *(column.tolist() for column in (day.changes.at_us, day.changes.flight, day.changes.delay)), strict=True
    )
    changes = [
        [(at_us - start_us) // 1000, day.flights[place].id, delay]
        for at_us, place, delay in every
        if start_us <= at_us < end_us and place in mine
    ]
    gaps, last_ms = [], 0
    for at_us, place in looks:
        at_ms = (at_us - start_us) // 1000
        gaps.append([at_ms - last_ms, day.flights[place].id])
        last_ms = at_ms
    return {"key": KEYS[grain], "rows": rows, "looks": gaps, "changes": changes}


def _first(events: Iterable[tuple[int, int]], mine: set[int], start_us: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at_us, place in events:
        if at_us >= start_us and place in mine:
            found.append((at_us, place))
            if len(found) == LOOKS:
                break
    return found
