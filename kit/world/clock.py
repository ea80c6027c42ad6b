"""The world's clock: moves when told to, and starts again with each schedule."""

from __future__ import annotations

from kit.cache.clock import ManualClock


class VirtualClock(ManualClock):
    """A manual clock that knows where it began."""

    __slots__ = ("_start",)

    def __init__(self, start_us: int) -> None:
        super().__init__(start_us)
        self._start = start_us

    def restart(self) -> None:
        """Back to the beginning, for another schedule."""
        self._now = self._start
