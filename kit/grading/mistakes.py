"""The known mistakes of an exercise, from its wrong files: `mistakes.json`, which gives a learner's mistake its name.

Rules: each wrong file is searched in the check that its docstring names (that this check is its first failure is
asserted by the tests of the exercise), here and not in a child: both come to the same trace. Two files with one mistake
are an error, and so is a file that passes its check.
Leaves out: limits of time. A wrong file that never ends is not for here; its mistake has no trace either.

    python -m kit.grading.mistakes invalidate_on_write
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from kit.grading import progress
from kit.grading.bench import Bench
from kit.grading.check import Check
from kit.grading.examples import Example, examples
from kit.grading.exercise import Exercise, ExerciseError, load
from kit.grading.mistake import mistake
from kit.grading.search import Failure, Search
from kit.world.actors import LocalActors

Known = dict[str, dict[str, str]]


def path(exercise: Exercise) -> Path:
    return exercise.folder / "mistakes.json"


def known(exercise: Exercise) -> Known:
    """Mistake's id → check, name, hint and file, in the files' order. Raises ExerciseError."""
    checks = {check.id: check for check in exercise.checks}
    found: Known = {}
    for example in examples(exercise):
        if example.fails is None:
            continue
        ident = _mistake(exercise, checks[example.fails], example)
        if ident in found:
            raise ExerciseError(f"{found[ident]['file']} and {example.name} show one mistake, {ident}")
        found[ident] = {"check": example.fails, "name": example.idea, "hint": example.hint, "file": example.path.name}
    return found


def text(found: Known) -> str:
    """What stands in the file."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _mistake(exercise: Exercise, check: Check, example: Example) -> str:
    bench = Bench(exercise, example.source, LocalActors(exercise.submission(example.source)))
    failure = _failure(bench, check)
    if failure is None:
        raise ExerciseError(f"{example.name} says that it fails {check.id}, and passes it")
    return mistake(check.id, failure.run.tape.ops[: failure.shown])[0]


def _failure(bench: Bench, check: Check) -> Failure | None:
    """The canonical failure of a check's first part that fails, as the judge finds it."""
    for part in check.parts:

        def play(choose: Any, part: Any = part) -> Any:
            return bench.play(part, choose)

        search = Search(play, lambda run: bench.look(check, run), part.bounds, part.faulty)
        evidence = search.always() if check.quantifier == "always" else search.sometimes()
        if evidence.failure is not None:
            return evidence.failure
    return None


def main(arguments: list[str]) -> int:
    """Write the file anew."""
    exercise = load(arguments[0] if arguments else "")
    with contextlib.redirect_stdout(sys.stderr):  # what the wrong files print
        found = known(exercise)
    progress.write_whole(path(exercise), text(found))
    print(f"{path(exercise).name}: {len(found)} mistakes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
