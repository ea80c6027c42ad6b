"""A verdict: what `kit check --json` prints, built in one place from evidence.

Outcomes: correct · wrong · raised · timed_out · not_attempted · not_repeatable · fault (in the check: ours). It is
that of the first check that failed; hidden checks run only when every public one passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.grading.check import Check
from kit.grading.exercise import Exercise

EXIT_CODES = {"correct": 0, "fault": 3}


@dataclass
class Judged:
    """One check as it was judged. passed: None = not run; level None = the walk's own failure, or none at all."""

    check: Check
    passed: bool | None = None
    outcome: str = "correct"
    message: str = ""
    seen: str = ""
    schedules: int = 0
    failing: int = 0
    level: int | None = None
    operations: int = 0
    coverage: list[str] = field(default_factory=list)
    trace: str | None = None
    mistake: tuple[str, list[tuple[str, str, str]]] | None = None
    line: int | None = None

    def as_json(self) -> dict[str, Any]:
        check = self.check
        return {
            "id": check.id, "title": check.title, "points": check.points if self.passed else 0,
            "max_points": check.points, "hidden": check.hidden, "passed": self.passed, "message": self.message,
            "seen": self.seen, "schedules": self.schedules, "failing": self.failing, "level": self.level,
            "operations": self.operations, "coverage": self.coverage, "trace": None if check.hidden else self.trace,
        }  # fmt: skip


def exit_code(verdict: dict[str, Any]) -> int:
    """0 correct, 3 a fault of ours, 1 every other outcome."""
    return EXIT_CODES.get(verdict["outcome"], 1)


def verdict(
    exercise: Exercise, judged: Sequence[Judged], *, engine: str, seed: int, seconds: float, output: str,
    previous: dict[str, Any] | None, hints_shown: int,
) -> dict[str, Any]:  # fmt: skip
    """The object of `--json`."""
    failed = next((one for one in judged if one.passed is False), None)
    public = [one for one in judged if not one.check.hidden]
    hidden = [one for one in judged if one.check.hidden]
    ran = [one for one in hidden if one.passed is not None]
    return {
        "exercise": exercise.id,
        "outcome": failed.outcome if failed else "correct",
        "points": sum(one.check.points for one in judged if one.passed),
        "max_points": exercise.max_points,
        "public": {"passed": sum(bool(one.passed) for one in public), "total": len(public)},
        "hidden": {"passed": sum(bool(one.passed) for one in hidden) if ran else None, "total": len(hidden)},
        "checks": [one.as_json() for one in judged],
        "mistake": _known(exercise, failed) if failed else None,
        "previous": previous,
        "hints": {"shown": hints_shown, "total": len(exercise.hints)},
        "output": output,
        "schedules": sum(one.schedules for one in judged),
        "coverage": _coverage(judged) if not failed else "",
        "trace": failed.trace if failed and not failed.check.hidden else None,
        "engine": engine,
        "seed": seed,
        "seconds": round(seconds, 3),
    }


def _known(exercise: Exercise, failed: Judged) -> dict[str, Any] | None:
    if failed.mistake is None:
        return None
    known = exercise.mistakes.get(failed.mistake[0], {})
    return {"id": failed.mistake[0], "name": known.get("name"), "hint": known.get("hint")}


def _coverage(judged: Sequence[Judged]) -> str:
    """What a pass covered, each claim once, the widest last."""
    claims = list(dict.fromkeys(claim for one in judged for claim in one.coverage))
    return " · ".join(claims)
