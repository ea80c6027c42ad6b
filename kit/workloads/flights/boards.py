"""What the boards cost and show around one moment: queries a minute, stale walls, and the copy itself, row by row.

Rules: a copy is what the last passenger before the moment was shown, loaded at the instant that the replay of the whole
day says; rows are those announced then and now (`image.image_at`); a TTL of 0 means no cache: every look asks.
Source: syllabus, section A and lesson 00.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.workloads.flights import image, replay, rule
from kit.workloads.flights.rule import MINUTE_US, Day
from kit.workloads.scene_rows import Row

AIRPORTS = ("EWR", "JFK", "LGA")
# Around the moment: long enough for a TTL of ten minutes to end twice.
AROUND_MIN = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Over all boards: database queries a minute, and the share of looks (0 to 1) that show a stale wall."""

    queries: float
    wall: float


def cost(day: Day, at_us: int, ttl_s: float) -> Cost:
    """What this TTL costs from ten minutes before the moment to ten minutes after it."""
    start_us, end_us = at_us - AROUND_MIN * MINUTE_US, at_us + AROUND_MIN * MINUTE_US
    if not ttl_s:
        around = rule.part_of(day, start_us, end_us)
        return Cost(len(around.looks.at_us) / (2 * AROUND_MIN), 0.0)
    found = replay.replay(day, "board").shown(ttl_s)
    here = (found.at_us >= start_us) & (found.at_us < end_us)
    return Cost(int(found.missed[here].sum()) / (2 * AROUND_MIN), float(found.wall[here].mean()))


def loaded_us(day: Day, airport: str, at_us: int, ttl_s: float) -> int:
    """When the board was loaded that the last passenger before the moment was shown."""
    if not ttl_s:
        return at_us
    found = replay.replay(rule.part_of(day, -MINUTE_US * 1440, MINUTE_US * 4320, airport), "board").shown(ttl_s)
    last = int(found.at_us.searchsorted(at_us)) - 1
    return int(found.loaded_us[last])


def board(day: Day, airport: str, at_us: int) -> list[Row]:
    """The rows of an airport's board at an instant, by schedule."""
    rows = image.image_at(day, at_us, airport)
    return sorted(rows, key=lambda row: (row.sched, row.carrier, row.number))
