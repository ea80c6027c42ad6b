"""The wrong and right files of an exercise: what they claim, and what the judge says of each.

A wrong file's docstring is `Fails: <check id>`, a blank line, the idea in a sentence, and `Hint: …`; a right one's
begins `Passes:` with the idea.

    python -m kit.grading.examples invalidate_on_write    # verdicts of all files as a table
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.grading.exercise import Exercise, ExerciseError, load
from kit.grading.judge import check


@dataclass(frozen=True, slots=True)
class Example:
    """One file. fails: the check at which it must fail first, None for a right one; idea and hint: its docstring's."""

    path: Path
    fails: str | None
    idea: str
    hint: str

    @property
    def name(self) -> str:
        """Folder and file: `wrong/11_textbook.py`."""
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")


def examples(exercise: Exercise) -> list[Example]:
    """Right files, then wrong ones, by name. Raises ExerciseError where a docstring is not of the form."""
    paths = [*sorted((exercise.folder / "right").glob("*.py")), *sorted((exercise.folder / "wrong").glob("*.py"))]
    return [read(path) for path in paths]


def read(path: Path) -> Example:
    """The example at `path`. Raises ExerciseError, saying what its docstring wants."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first, _, rest = text.partition("\n")
    claim, _, what = first.partition(":")
    idea, _, hint = rest.strip().partition("\nHint:")
    if (path.parent.name, claim) == ("right", "Passes") and what.strip():
        return Example(path, None, what.strip(), "")
    if (path.parent.name, claim) == ("wrong", "Fails") and idea and hint:
        return Example(path, what.strip(), " ".join(idea.split()), " ".join(hint.split()))
    wanted = "'Fails: <check>', an idea and 'Hint: …' in a wrong file, 'Passes: <idea>' in a right one"
    raise ExerciseError(f"{path}: the docstring begins {first!r}; wanted is {wanted}")


def first_failing(verdict: dict[str, Any]) -> dict[str, Any] | None:
    """The check that decided a verdict; None if all passed."""
    return next((one for one in verdict["checks"] if one["passed"] is False), None)


def row(example: Example, verdict: dict[str, Any]) -> str:
    """One line of the table: file, outcome, first failing check, level, schedules, seconds."""
    failed = first_failing(verdict) or {"id": "", "level": None}
    level = "" if failed["level"] is None else failed["level"]
    seconds, schedules = verdict["seconds"], verdict["schedules"]
    return f"{example.name:<44}{verdict['outcome']:<12}{failed['id']:<13}{level!s:>5}{schedules:>11}{seconds:>9.2f}"


def main(arguments: list[str]) -> int:
    """Judge every file; 1 where one is not judged as it claims."""
    exercise = load(arguments[0] if arguments else "")
    print(f"{'file':<44}{'outcome':<12}{'first':<13}{'level':>5}{'schedules':>11}{'seconds':>9}")
    astray = 0
    for example in examples(exercise):
        verdict = check(exercise, example.source)
        failed = first_failing(verdict)
        right = (failed["id"] if failed else None) == example.fails
        astray += not right
        print(row(example, verdict) + ("" if right else f"   claims {example.fails or 'to pass'}"), flush=True)
    return int(bool(astray))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
