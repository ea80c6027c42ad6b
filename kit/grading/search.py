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
from kit.grading.label import Label, budget, dependent, label
from kit.world.choice import Alternative, Chooser, Point, chooser, normal
from kit.world.tape import Op, Tape
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


class Pruned(Exception):
    """Every alternative left at a point sleeps: this order was seen in another guise."""


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
        walked = self._walk(_twins(self._default, self.faulty))
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
            spent = _spent(point.chosen for point in points)
            for at in range(len(choices), len(points)):
                for entry in self._allowed(points[at].alternatives, spent):
                    if entry:
                        longer = (*(point.taken for point in points[:at]), entry)
                        yield longer, self._run(longer)

    def _allowed(self, alternatives: Sequence[Alternative], spent: dict[str, int]) -> list[int]:
        return [index for index, one in enumerate(alternatives) if self._may(one, spent)]

    def _may(self, one: Alternative, spent: dict[str, int]) -> bool:
        kind = budget(one.kind)
        if not kind:
            return one.kind != "switch" or self.bounds.switches is None or spent.get("switch", 0) < self.bounds.switches
        most = {"leap": self.bounds.leaps, "expiry": self.bounds.expiries, "fault": self.bounds.faults}
        if spent.get(kind, 0) >= most.get(kind, self.bounds.deaths):
            return False
        return kind in ("leap", "expiry") or not self.faulty or one.actor in self.faulty

    # The walk

    def _walk(self, twins: dict[str, str]) -> Failure | None:
        """All orders. None: all pass; _TOO_MANY: not finished; else the walk's own failure."""
        walk = _Walk(self._allowed, twins)
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
            spent = _spent(point.chosen for point in points)
            total += sum(
                len(self._allowed(points[at].alternatives, spent)) - 1 for at in range(len(choices), len(points))
            )
        return total

    def _run(self, choices: Choices) -> Run:
        return self._play(chooser(choices))

    def _play(self, choose: Chooser) -> Run:
        self.evidence.schedules += 1
        self.watch(self.evidence.schedules)
        return self.play(choose)


def _spent(chosen: Iterator[Alternative]) -> dict[str, int]:
    spent: dict[str, int] = {}
    for one in chosen:
        kind = budget(one.kind) or one.kind
        spent[kind] = spent.get(kind, 0) + 1
    return spent


def _twins(run: Run, faulty: Sequence[str]) -> dict[str, str]:
    """Explored actors that make the same calls as an earlier one of the scene, and may meet the same faults."""
    explored = list(dict.fromkeys(one.actor for point in run.points for one in point.alternatives))
    calls: dict[str, list[object]] = {actor: [] for actor in explored}
    for op in run.tape:
        if op.peer == "scene" and op.name == "start" and op.actor in calls:
            calls[op.actor].append(op.request)
    roles = {actor: (calls[actor], actor in faulty) for actor in explored if calls[actor]}
    return {
        actor: earlier[-1]
        for number, actor in enumerate(explored)
        if actor in roles and (earlier := [one for one in explored[:number] if roles.get(one) == roles[actor]])
    }


Identity = tuple[str, str, str]


def _identity(one: Alternative) -> Identity:
    """A move wherever it is offered: `run` and `switch` are the same step of an actor."""
    if one.kind in ("run", "switch"):
        return ("step", one.actor, "")
    return (one.kind, one.actor, one.what if one.kind == "expire" else "")


@dataclass(slots=True)
class _Node:
    """One point of the walk's current path."""

    alternatives: Sequence[Alternative]
    allowed: list[int]
    sleep: dict[Identity, Label]
    taken: int = 0


class _Walk:
    """Depth-first over all orders by running again, with sleep sets.

    twins: actor → the one before it in the scene that makes the same calls. Of two that have not moved yet only the
    first may: the other order is the same one under exchanged names.
    """

    def __init__(
        self, allowed: Callable[[Sequence[Alternative], dict[str, int]], list[int]], twins: dict[str, str]
    ) -> None:
        self._allowed = allowed
        self._twins = twins
        self._path: list[_Node] = []
        self._last_points: Sequence[Point] = ()
        self._last_ops: Sequence[Op] = ()

    def choose(self, alternatives: Sequence[Alternative], ops: Sequence[Op], points: Sequence[Point]) -> int:
        self._last_points, self._last_ops = points, ops
        depth = len(points)
        if depth < len(self._path):
            return self._path[depth].taken
        sleep: dict[Identity, Label] = {}
        if points:
            step = label(points[-1], ops[points[-1].at :])
            parent = self._path[depth - 1]
            sleep = {move: one for move, one in parent.sleep.items() if not dependent(one, step)}
        allowed = self._allowed(alternatives, _spent(point.chosen for point in points))
        if self._twins:
            moved = {point.chosen.actor for point in points}
            allowed = [index for index in allowed if not self._mirrored(alternatives[index].actor, moved)]
        node = _Node(alternatives, allowed, sleep)
        self._path.append(node)
        return self._take(node)

    def _mirrored(self, actor: str, moved: set[str]) -> bool:
        """Whether this actor's first step is its twin's under another name."""
        return actor not in moved and self._twins.get(actor, actor) not in moved and actor in self._twins

    def _take(self, node: _Node) -> int:
        for index in node.allowed:
            if _identity(node.alternatives[index]) not in node.sleep:
                node.taken = index
                return index
        raise Pruned

    def backtrack(self, run: Run | None) -> bool:
        """Go to the next order. False: there is none. `run`: what the current path came to; None: it was pruned."""
        if run is None:
            self._path.pop()  # the point at which everything slept
            points, ops = self._last_points, self._last_ops
        else:
            points, ops = run.points, run.tape.ops
        while self._path:
            node = self._path[-1]
            point = points[len(self._path) - 1]
            end = points[len(self._path)].at if len(self._path) < len(points) else len(ops)
            node.sleep[_identity(point.chosen)] = label(point, ops[point.at : end])
            try:
                self._take(node)
                return True
            except Pruned:
                self._path.pop()
        return False


__all__ = ["Evidence", "Failure", "Search", "normal"]
