"""The walk: depth-first over all orders of a scene, by running it again and again, with sleep sets.

Rules: an order that differs from an earlier one only in steps that nobody can tell apart (`label.py`) is not run; of
two actors with the same calls, only the first moves first.
Source: sleep sets, Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032 (1996).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kit.grading.label import Label, budget, dependent, label
from kit.world.choice import Alternative, Point
from kit.world.tape import Op
from kit.world.world import Run


class Pruned(Exception):
    """Every alternative left at a point sleeps: this order was seen in another guise."""


def spent(chosen: Iterable[Alternative]) -> dict[str, int]:
    """How many moves of each kind these are; kinds that share a bound are one."""
    found: dict[str, int] = {}
    for one in chosen:
        kind = budget(one.kind) or one.kind
        found[kind] = found.get(kind, 0) + 1
    return found


def twins(run: Run, faulty: Sequence[str]) -> dict[str, str]:
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


class Walk:
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
        allowed = self._allowed(alternatives, spent(point.chosen for point in points))
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
