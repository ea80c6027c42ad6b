"""What lesson 05 draws: misses, and stale walls and phones, against the TTL.

Rules: computed from the whole day's events, never typed in; the same archive and seed give the same bytes; shares are
per cent with two digits.
A TTL of five minutes, or any multiple of it, locks in step with schedules that are multiples of five minutes: at 300 s
the wall's share hangs on the phase (75 to 89 % over forty seeds). `SEED` is one whose phase agrees with 299 s, where
nothing locks.
Source: syllabus, section A and lesson 05.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.workloads.flights import replay, rule

SEED = 570
TTLS_S = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 3600)
DAYS = {"storm": rule.STORM, "ordinary": rule.ORDINARY}
GRAINS = ("board", "flight")


@dataclass(frozen=True, slots=True)
class Series:
    """One day at one grain. `misses`, `wall` and `phone` are aligned with `ttl_s`; the latter two in per cent of looks.

    `misses_when_deleted`: what the same day costs if each change deletes its entry and nothing expires.
    """

    day: str
    grain: str
    keys: int
    looks: int
    changes: int
    misses_when_deleted: int
    ttl_s: tuple[float, ...]
    misses: tuple[int, ...]
    wall: tuple[float, ...]
    phone: tuple[float, ...]


def series(day: rule.Day, grain: str, ttls_s: Sequence[float] = TTLS_S) -> Series:
    """A day against a grid of TTLs in seconds. `grain` is one of `replay.GRAINS`."""
    laid_out = replay.replay(day, grain)
    points = [laid_out.with_ttl(ttl_s) for ttl_s in ttls_s]
    return Series(
        day=day.day,
        grain=grain,
        keys=len(laid_out.key_names),
        looks=laid_out.looks,
        changes=len(day.changes.at_us),
        misses_when_deleted=laid_out.misses_when_deleted(),
        ttl_s=tuple(ttls_s),
        misses=tuple(point.misses for point in points),
        wall=tuple(round(100 * point.wall, 2) for point in points),
        phone=tuple(round(100 * point.phone, 2) for point in points),
    )


def live(archive: sqlite3.Connection, seed: int = SEED) -> dict[str, object]:
    """All that the picture needs, as JSON knows it: `seed`, `interval_s`, and `series[day][grain]`."""
    days = {name: rule.day_of(archive, day, seed) for name, day in DAYS.items()}
    return {
        "seed": seed,
        "interval_s": rule.INTERVAL_S,
        "series": {name: {grain: asdict(series(day, grain)) for grain in GRAINS} for name, day in days.items()},
    }


def write_live(target: Path, archive: sqlite3.Connection, seed: int = SEED) -> None:
    """Write `live` to a file: whole or not at all, and the same bytes each time."""
    text = json.dumps(live(archive, seed), indent=1, sort_keys=True) + "\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, target)
