"""The series of lesson 05 in words and figures: misses, and walls and phones that are stale, against the TTL.

Rules: a function of its arguments alone; `live.js` holds the same functions for the moving slider, and a test demands
the same answers from both. Before the bet is answered the data has one stop.
Source: looks.md, "Live picture"; syllabus.md, lesson 05, Live.
Leaves out: the drawing (`plot.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
"""{"stops": [seconds, …], "days": {day: {"grains": {grain: {"misses": […], "wall": […], "phone": […]}}}}}; shares in
per cent with one decimal; each list has one entry for each stop."""

DAYS = {"storm": "8 March, the storm", "ordinary": "15 March, ordinary"}
GRAINS = {"board": "airport boards", "flight": "single flights"}
NAMES = ("misses", "wall", "phone")


@dataclass(frozen=True, slots=True)
class Point:
    """Where the sliders stand. stop: index into the data's stops."""

    day: str
    grain: str
    stop: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The learner's bet: which share of walls (per cent) they expected at a TTL (seconds)."""

    ttl: int
    wall: float


def sentence(data: Data, now: Point, before: Point | None) -> str:
    """What the change did; without a change, how things stand."""
    new, ttl = value(data, now), span(data["stops"][now.stop])
    if before is None or before == now:
        return f"At a TTL of {ttl}: {count(new['misses'])} misses, {share(new['wall'])} of walls stale."
    old = value(data, before)
    walls = f"stale walls {old['wall']:.1f} to {share(new['wall'])}"
    phones = f"phones {old['phone']:.1f} to {share(new['phone'])}"
    return f"{times(old['misses'], new['misses'])}; {walls}, {phones}."


def figures(data: Data, now: Point, before: Point | None) -> list[dict[str, str]]:
    """The three figures above the picture: name, value now, value before ('' if nothing was set)."""
    new, old = value(data, now), value(data, before) if before and before != now else None
    return [
        {
            "key": "misses",
            "name": "Misses a day",
            "now": count(new["misses"]),
            "was": count(old["misses"]) if old else "",
        },
        {"key": "wall", "name": "Walls stale", "now": share(new["wall"]), "was": share(old["wall"]) if old else ""},
        {"key": "phone", "name": "Phones stale", "now": share(new["phone"]), "was": share(old["phone"]) if old else ""},
    ]


def row(data: Data, point: Point) -> list[str]:
    """One row of the table: day, grain, TTL, misses, wall, phone."""
    new = value(data, point)
    return [
        DAYS[point.day], GRAINS[point.grain], span(data["stops"][point.stop]), count(new["misses"]), share(new["wall"]),
        share(new["phone"]),
    ]  # fmt: skip


def value(data: Data, point: Point) -> dict[str, float]:
    """The three figures of one point."""
    lists = data["days"][point.day]["grains"][point.grain]
    return {name: lists[name][point.stop] for name in NAMES}


def only(data: Data, point: Point) -> tuple[Data, Point]:
    """The data cut to one point: all that a page may hold before the bet is answered."""
    lists = {name: [amount] for name, amount in value(data, point).items()}
    cut = {"stops": [data["stops"][point.stop]], "days": {point.day: {"grains": {point.grain: lists}}}}
    return cut, Point(point.day, point.grain, 0)


def span(seconds: int) -> str:
    """`45 s`, `5 min`, `1 h`; what is no whole minute stays in seconds."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def count(amount: float) -> str:
    return f"{int(amount):,}"


def share(per_cent: float) -> str:
    return f"{per_cent:.1f} %"


def times(old: float, new: float) -> str:
    """How much more or less: `2.0 times the misses`, `a half of the misses` and so on."""
    ratio = new / old
    if 0.97 < ratio < 1.03:
        return "As many misses"
    if ratio >= 10:
        return f"{math.floor(ratio + 0.5)} times the misses"
    if ratio >= 1:
        return f"{math.floor(ratio * 10 + 0.5) / 10:.1f} times the misses"
    return f"{math.floor((1 - ratio) * 100 + 0.5)} % fewer misses"
