"""Ratios measured side by side: what a line of the bench is, and how its figure comes about.

Rules: the sides of a comparison are measured in turn in one run, each round in the reverse order of the last, and the
figure is the median of the rounds' own ratios, so that a machine that slows down slows all sides; a peer that is not
installed is said to be missing, never guessed; nothing is stored and nothing fails for being slow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import process_time

from kit.cache.clock import WallClock

Side = Callable[[], float]
"""Does its work once and returns what it cost, in any unit that the other sides share."""


class Broken(Exception):
    """What was to be measured does not do its work, so its time says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. figure: a ratio, None = not measured and `beside` says why; unit: of what it is a multiple.

    amount, of: the same in the unit in which a target is stated that is no ratio (`s`, `ms`, `a second`); target,
    stretch: of the amount where there is one, else of the ratio; None = there is none; least: more is better.
    """

    what: str
    figure: float | None
    unit: str = ""
    target: float | None = None
    stretch: float | None = None
    beside: str = ""
    amount: float | None = None
    of: str = ""
    least: bool = False

    def __str__(self) -> str:
        if self.figure is None:
            return f"  {self.what:<42} not measured: {self.beside}"
        amount = "" if self.amount is None else f"{_short(self.amount)} {self.of}"
        columns = f"{_short(self.figure):>7} {self.unit:<22} {amount:>14} {self._limit(self.target):>8}"
        return f"  {self.what:<42} {columns} {self._limit(self.stretch):>8}  {self._word():<8} {self.beside}".rstrip()

    def _word(self) -> str:
        if self.target is None:
            return ""
        return "stretch" if self._meets(self.stretch) else "target" if self._meets(self.target) else "missed"

    def _meets(self, limit: float | None) -> bool:
        amount = self.figure if self.amount is None else self.amount
        if limit is None or amount is None:
            return False
        return amount >= limit if self.least else amount <= limit

    def _limit(self, value: float | None) -> str:
        return "-" if value is None else f"{'≥' if self.least else '≤'} {_short(value)}"


HEAD = f"  {'':<42} {'ratio':>7} {'':<22} {'amount':>14} {'target':>8} {'stretch':>8}"


@dataclass(frozen=True, slots=True)
class Rounds:
    """What every side cost in every round."""

    costs: Mapping[str, list[float]]

    def cost(self, name: str) -> float:
        """The median cost of a side."""
        return median(self.costs[name])

    def ratio(self, name: str, reference: str) -> float:
        """The median of the ratios of the rounds."""
        pairs = zip(self.costs[name], self.costs[reference], strict=True)
        return median(one / other for one, other in pairs)


def paired(sides: Mapping[str, Side], rounds: int, *, warm: int = 1) -> Rounds:
    """Measure every side once a round, in alternating order. warm: rounds before, which do not count."""
    order = list(sides)
    costs: dict[str, list[float]] = {name: [] for name in order}
    for number in range(-warm, rounds):
        for name in order if number % 2 else reversed(order):
            cost = sides[name]()
            if number >= 0:
                costs[name].append(cost)
    return Rounds(costs)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    begun = process_time()
    work()
    return process_time() - begun


def wall(work: Callable[[], object]) -> float:
    """Seconds on the wall: for what several processes do together."""
    clock = WallClock()
    begun = clock.monotonic_s()
    work()
    return clock.monotonic_s() - begun


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
