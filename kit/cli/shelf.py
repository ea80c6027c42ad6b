"""The exercises as a learner stands to them: points, outcome, and which one is next."""

from __future__ import annotations

from dataclasses import dataclass

from kit.grading import exercise, progress
from kit.grading.exercise import Exercise
from kit.grading.progress import Entry


@dataclass(frozen=True, slots=True)
class Place:
    """One exercise and what is recorded of it."""

    exercise: Exercise
    entry: Entry

    @property
    def passed(self) -> bool:
        return bool(self.entry.get("passed"))

    @property
    def points(self) -> int:
        """The best so far."""
        return int(self.entry.get("points", 0))

    @property
    def outcome(self) -> str:
        """`correct` once it was, else the last verdict's."""
        return "correct" if self.passed else str(self.entry.get("outcome", "not_attempted"))


def places() -> list[Place]:
    """All exercises in the order of lessons."""
    kept = progress.read()["exercises"]
    return [Place(exercise.load(ident), kept.get(ident, {})) for ident in exercise.ids()]


def next_one(after: str | None = None) -> Exercise | None:
    """The first exercise that has not been passed; those behind `after` come first. None: all have been."""
    found = places()
    at = next((number for number, one in enumerate(found, 1) if one.exercise.id == after), 0)
    rest = (one for one in (*found[at:], *found[:at]) if not one.passed and one.exercise.id != after)
    return next((one.exercise for one in rest), None)
