"""A day on which the cache is taken away and brought back empty: what the database is asked, moment by moment.

Rules: while the cache is away every look is a query; when it comes back it holds nothing, so the first look at each key
is a miss; before and after, entries end by their TTL alone. With no time away the sum is the day's misses.
Leaves out: what a database that cannot carry the load does; nobody waits here, everything is counted.
Source: syllabus, lesson 03, "Break it": load × 1 / (1 − h), then the warm-up hump.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kit.workloads.flights import replay
from kit.workloads.flights.rule import MINUTE_US, Day, Times, part_of

AWAY_FROM_MIN, BACK_FROM_MIN = 17 * 60 + 10, 17 * 60 + 20
_EVER_US = 4 * 1440 * MINUTE_US


@dataclass(frozen=True, slots=True)
class Away:
    """When the cache is away, in µs since local midnight; `back_us` is not included any more."""

    from_us: int
    back_us: int


TEN_MINUTES = Away(AWAY_FROM_MIN * MINUTE_US, BACK_FROM_MIN * MINUTE_US)


def queries(day: Day, grain: str, ttl_s: float, away: Away | None = None) -> Times:
    """The instants of all database queries of a day, in order (µs since local midnight)."""
    if away is None:
        return _missed(day, grain, ttl_s)
    before = part_of(day, -_EVER_US, away.from_us)
    during = part_of(day, away.from_us, away.back_us)
    after = part_of(day, away.back_us, _EVER_US)
    return np.concatenate([_missed(before, grain, ttl_s), during.looks.at_us, _missed(after, grain, ttl_s)])


def load(at_us: Times, start_us: int, end_us: int, step_us: int = MINUTE_US) -> list[int]:
    """How many instants fall into each step of [start_us, end_us)."""
    edges = np.arange(start_us, end_us + 1, step_us)
    return [int(count) for count in np.histogram(at_us, edges)[0]]


def _missed(day: Day, grain: str, ttl_s: float) -> Times:
    if not len(day.looks.at_us):
        return day.looks.at_us
    found = replay.replay(day, grain).shown(ttl_s)
    return np.sort(found.at_us[found.missed])
