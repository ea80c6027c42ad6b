"""A submission judged for a verb: the progress line, the record, the sentences of the trace.

Rules: recorded is a verdict of the learner's own file on the model alone, and never an interrupted one; the child that
runs the learner's code is ended whatever happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.cli import terminal
from kit.grading import judge, progress
from kit.grading.apart import pair
from kit.grading.bench import CheckFault
from kit.grading.exercise import Exercise
from kit.grading.proxy import ChildEnded
from kit.grading.replay import replay
from kit.grading.token import TokenError
from kit.real.child import Child
from kit.views.narration import lines


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be judged, and how. own: it is the learner's own file, so it counts."""

    exercise: Exercise
    source: bytes
    seed: int = 0
    engine: str = "model"
    own: bool = True

    @property
    def counts(self) -> bool:
        return self.own and self.engine == "model"


def judged(order: Order, children: tuple[Child, Child] | None = None) -> dict[str, Any]:
    """The object of `--json`, recorded where it counts. children: two that stand ready; they are ended here."""
    exercise = order.exercise
    previous = progress.entry(exercise.id).get("trace") if order.counts else None
    children = children or pair()
    try:
        with terminal.Status() as status:
            verdict = judge.check(
                exercise, order.source, seed=order.seed, watch=status.news, children=children, previous=previous,
                engine=order.engine,
            )  # fmt: skip
    finally:
        for child in children:
            child.end()
    if order.counts and (problem := progress.record(verdict, order.source)):
        terminal.note(problem)
    return verdict


def sentences(order: Order, verdict: dict[str, Any]) -> list[str]:
    """The canonical shortest trace of a public failure, numbered; empty where there is none to show."""
    if not verdict["trace"] or verdict["outcome"] == "not_attempted":
        return []
    try:
        with terminal.Status() as status:
            status.show("Your code breaks a rule; playing the shortest trace again.")
            found = replay(verdict["trace"], source=order.source.decode())
    except (TokenError, ChildEnded, CheckFault):
        return []
    return lines(found.tape) if found.message is not None else []
