"""Clocks: the only module of the kit that may read the wall clock.

Rules: a time is an `int` of microseconds since the Unix epoch; whoever needs the time takes a `Clock`.
Ruff bans `time.time` and its kin everywhere else.
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time, in microseconds since the Unix epoch."""

    def now_us(self) -> int: ...


class WallClock:
    """The machine's own clock, for real servers and for progress on screen; never for a recording."""

    def now_us(self) -> int:
        return time.time_ns() // 1_000

    def monotonic_s(self) -> float:
        """Seconds on a clock that never goes back: for measuring, never for a recording."""
        return time.monotonic()


class ManualClock:
    """A clock that moves when told to.

    >>> clock = ManualClock(5); clock.advance(3); clock.now_us()
    8
    """

    __slots__ = ("_now",)

    def __init__(self, now_us: int = 0) -> None:
        self._now = now_us

    def now_us(self) -> int:
        return self._now

    def advance(self, us: int) -> None:
        """Move forward by `us` microseconds. Raises ValueError for a negative step: time never goes back."""
        if us < 0:
            raise ValueError(f"a clock cannot go back by {-us} µs")
        self._now += us

    def set(self, now_us: int) -> None:
        """Move to `now_us`. Raises ValueError if that lies in the past."""
        self.advance(now_us - self._now)
