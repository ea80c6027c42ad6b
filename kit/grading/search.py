"""The search over schedules: levels, then a walk with sleep sets, then levels again.

Level d = all lists with d entries that are not 0. Levels 0 and 1 come first; if all pass, the walk proves all orders
(each other kind within its bound); if it finds a failure, levels 2, 3, … go on until the first that holds one. The
first failing level is finished, so the failure reported (fewest operations shown, then the smallest list) is the
canonical shortest one. Levels are never reduced: bounded and pruned would be neither.
Source: sleep sets, Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032 (1996).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kit.grading.check import Bounds
from kit.grading.label import budget
from kit.grading.walk import Pruned, Walk, spent, twins
from kit.world.choice import Alternative, Chooser, Point, chooser, normal
from kit.world.tape import Tape
from kit.world.world import Run

MOST_WALKED = 600
MOST_LISTS = 3_000

Choices = tuple[int, ...]
Play = Callable[[Chooser], Run]
Judge = Callable[[Run], "Failure | None"]
Watch = Callable[[int], None]


class Failure(NamedTuple):
    """A schedule that breaks a rule. shown: how many records, up to the one at which it breaks; operations: of them."""

    choices: Choices
    message: str
    shown: int
    operations: int
    run: Run


_NOTHING = Run(Tape("", 0, (), False, ()), [], None)
_TOO_MANY = Failure((), "", 0, 0, _NOTHING)


@dataclass
class Evidence:
    """What a search of one part came to. level: of the failure, None = the walk's own; failing: how many there."""

    schedules: int = 0
    failure: Failure | None = None
    level: int | None = None
    failing: int = 0
    coverage: str = ""


@dataclass
class Search:
    """One part's search. `play` runs a schedule, `judge` looks at it; `watch` hears the number of schedules so far."""

    play: Play
    judge: Judge
    bounds: Bounds
    faulty: tuple[str, ...] = ()
    watch: Watch = lambda count: None
    most_walked: int = MOST_WALKED
    most_lists: int = MOST_LISTS
    evidence: Evidence = field(default_factory=Evidence)
    _default: Run = _NOTHING

    def always(self) -> Evidence:
        """No schedule may break the rule."""
        evidence = self.evidence
        frontier: list[tuple[Choices, list[Point]]] = []
        for level in (0, 1):
            frontier = self._level(level, frontier)
            if evidence.failure is not None:
                return evidence
            if not level and not frontier[0][1]:
                evidence.coverage = "the scene as it is told"
                return evidence
        walked = self._walk(twins(self._default, self.faulty))
        if walked is None:
            return evidence
        if walked is _TOO_MANY:
            frontier = self._level(2, frontier)
            evidence.coverage = "all with at most two deviations"
            return evidence
        return self._from_the_walk(walked, frontier)

    def sometimes(self) -> Evidence:
        """One schedule must reach the goal: `judge` gives None for it."""
        evidence = self.evidence
        missed: Failure | None = None
        frontier: list[tuple[Choices, list[Point]]] = []
        for level in range(3):
            runs = self._successors(tuple(frontier)) if level else iter([((), self._run(()))])
            frontier = []
            for choices, run in runs:
                frontier.append((choices, run.points))
                failure = self.judge(run)
                if failure is None:
                    evidence.coverage = "reached in a schedule"
                    return evidence
                missed = missed or failure
        evidence.failure, evidence.level, evidence.failing = missed, 0, evidence.schedules
        return evidence

    # Levels

    def _level(self, level: int, frontier: list[tuple[Choices, list[Point]]]) -> list[tuple[Choices, list[Point]]]:
        """Play every list of a level; the frontier is the level below."""
        runs = [((), self._run(()))] if level == 0 else self._successors(frontier)
        found: list[tuple[Choices, list[Point]]] = []
        failures: list[Failure] = []
        for choices, run in runs:
            found.append((choices, run.points))
            if not level:
                self._default = run
            if (failure := self.judge(run)) is not None:
                failures.append(failure)
        if failures:
            evidence = self.evidence
            evidence.failure = min(failures, key=lambda one: (one.operations, one.choices))
            evidence.level, evidence.failing = level, len(failures)
        return found

    def _successors(self, frontier: Sequence[tuple[Choices, list[Point]]]) -> Iterator[tuple[Choices, Run]]:
        """Every list with one deviation more, each played once."""
        for choices, points in frontier:
            used = spent(point.chosen for point in points)
            for at in range(len(choices), len(points)):
                for entry in self._allowed(points[at].alternatives, used):
                    if entry:
                        longer = (*(point.taken for point in points[:at]), entry)
                        yield longer, self._run(longer)

    def _allowed(self, alternatives: Sequence[Alternative], used: dict[str, int]) -> list[int]:
        return [index for index, one in enumerate(alternatives) if self._may(one, used)]

    def _may(self, one: Alternative, used: dict[str, int]) -> bool:
        kind = budget(one.kind)
        if not kind:
            return one.kind != "switch" or self.bounds.switches is None or used.get("switch", 0) < self.bounds.switches
        most = {"leap": self.bounds.leaps, "expiry": self.bounds.expiries, "fault": self.bounds.faults}
        if used.get(kind, 0) >= most.get(kind, self.bounds.deaths):
            return False
        return kind in ("leap", "expiry") or not self.faulty or one.actor in self.faulty

    # The walk

    def _walk(self, twins: dict[str, str]) -> Failure | None:
        """All orders. None: all pass; _TOO_MANY: not finished; else the walk's own failure."""
        walk = Walk(self._allowed, twins)
        for _ in range(self.most_walked):
            try:
                run: Run | None = self._play(walk.choose)
            except Pruned:
                run = None
            if run is not None and (failure := self.judge(run)) is not None:
                return failure
            if not walk.backtrack(run):
                kinds = self.bounds.words()
                self.evidence.coverage = "all orders of these actors" + (f", with {kinds}" if kinds else "")
                return None
        return _TOO_MANY

    def _from_the_walk(self, walked: Failure, frontier: list[tuple[Choices, list[Point]]]) -> Evidence:
        """The walk found a failure: the levels say which is the shortest, up to a counted bound."""
        evidence = self.evidence
        begun = evidence.schedules
        level = 1
        while frontier:
            level += 1
            if self._size(frontier) + evidence.schedules - begun > self.most_lists:
                break
            frontier = self._level(level, frontier)
            if evidence.failure is not None:
                return evidence
        evidence.failure, evidence.level, evidence.failing = walked, None, 1
        return evidence

    def _size(self, frontier: Sequence[tuple[Choices, list[Point]]]) -> int:
        total = 0
        for choices, points in frontier:
            used = spent(point.chosen for point in points)
            total += sum(
                len(self._allowed(points[at].alternatives, used)) - 1 for at in range(len(choices), len(points))
            )
        return total

    def _run(self, choices: Choices) -> Run:
        return self._play(chooser(choices))

    def _play(self, choose: Chooser) -> Run:
        self.evidence.schedules += 1
        self.watch(self.evidence.schedules)
        return self.play(choose)


__all__ = ["Evidence", "Failure", "Search", "normal"]
