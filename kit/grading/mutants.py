"""What the judge says of the mutants of an exercise's files: each must be refused, or stand in the list with a reason.

The list is `exercises/<id>/equivalent_mutants.toml`: for each file the tables `equivalent` (the mutant keeps every
promise of the task) and `known` (it breaks one, and no check sees it), each `"mutant's name" = "The reason."`. Rules: a
mutant is judged as any submission is, in a child under its limits; refused is every outcome but `correct`; a listed
mutant that does not exist, or that is refused, is an error, and so is a reason that is no sentence.

    python -m kit.grading.mutants warm_up                  # of solution.py; without an id: of every exercise
    python -m kit.grading.mutants warm_up --right          # of the right files too: minutes
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kit.grading.apart import pair
from kit.grading.exercise import Exercise, ExerciseError, ids, load
from kit.grading.judge import check
from kit.grading.mutation import Mutant, constants, mutants
from kit.real.child import Child

LIST = "equivalent_mutants.toml"
KINDS = ("equivalent", "known")
_SENTENCE = re.compile(r"[A-Z`“(].{20,}\.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and what became of it. first: the check that refused it; listed: as which kind, '' if it is not."""

    file: str
    mutant: Mutant
    outcome: str
    first: str
    seconds: float
    listed: str

    @property
    def survived(self) -> bool:
        return self.outcome == "correct"

    @property
    def problem(self) -> str:
        """What is wrong about it: nothing, if it was refused or is listed, not both."""
        if self.outcome == "fault":
            return "a fault in the check"
        if self.survived and not self.listed:
            return "survives"
        return "is listed, and refused" if self.listed and not self.survived else ""


@dataclass
class Listed:
    """The list of an exercise: kinds by file and mutant's name, and what is wrong about its form."""

    kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def files(exercise: Exercise, right: bool = False) -> list[str]:
    """The files whose mutants are judged, as they are called in the list."""
    more = sorted(path.name for path in (exercise.folder / "right").glob("*.py")) if right else []
    return ["solution.py", *(f"right/{name}" for name in more)]


def of_file(exercise: Exercise, file: str) -> list[Mutant]:
    """The mutants of one of an exercise's files."""
    return mutants((exercise.folder / file).read_text(encoding="utf-8"), constants(exercise.stub))


def listed(exercise: Exercise) -> Listed:
    """The list, held beside the mutants that there are. Raises ExerciseError where the file is not TOML."""
    found = Listed()
    path = exercise.folder / LIST
    if not path.is_file():
        return found
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path} is not TOML: {error}") from None
    for file, kinds in data.items():
        known = files(exercise, right=True)
        if file not in known or not isinstance(kinds, dict):
            found.problems.append(f"{file}: no such file; there are {', '.join(known)}")
            continue
        _read(found, file, kinds, {one.name for one in of_file(exercise, file)})
    return found


def _read(found: Listed, file: str, kinds: dict[str, object], there: set[str]) -> None:
    for kind, entries in kinds.items():
        if kind not in KINDS or not isinstance(entries, dict):
            found.problems.append(f"{file}: {kind!r}; wanted is a table, {' or '.join(KINDS)}")
            continue
        for name, reason in entries.items():
            if name not in there:
                found.problems.append(f"{file}, {name}: there is no such mutant any more")
            if not isinstance(reason, str) or not _SENTENCE.fullmatch(reason.strip()):
                found.problems.append(f"{file}, {name}: the reason is no sentence: {reason!r}")
            if (file, name) in found.kinds:
                found.problems.append(f"{file}, {name}: listed twice")
            found.kinds[file, name] = kind


def judged(exercise: Exercise, wanted: Iterable[tuple[str, Mutant]]) -> Iterator[Judged]:
    """The judge's word on each, one after the other. Failing traces are kept in KIT_HOME, as of any submission."""
    kinds = listed(exercise).kinds
    ready: tuple[Child, Child] | None = None
    try:
        for file, mutant in wanted:
            children, ready = ready, pair()  # the next two start while these are judged
            verdict = check(exercise, mutant.source, children=children)
            failed = next((one["id"] for one in verdict["checks"] if one["passed"] is False), "")
            kind = kinds.get((file, mutant.name), "")
            yield Judged(file, mutant, verdict["outcome"], failed, verdict["seconds"], kind)
    finally:
        for child in ready or ():
            child.end()


def sample(exercise: Exercise, most: int) -> list[tuple[str, Mutant]]:
    """At most so many mutants of the solution, in even strides through its lines."""
    found = of_file(exercise, "solution.py")
    stride = -(-len(found) // most)
    return [("solution.py", one) for one in found[stride // 2 :: stride]]


def _every(exercise: Exercise, right: bool) -> list[tuple[str, Mutant]]:
    return [(file, one) for file in files(exercise, right) for one in of_file(exercise, file)]


def _report(exercise: Exercise, right: bool) -> int:
    """Judge and print; the number of problems."""
    problems = [f"{exercise.id}: {one}" for one in listed(exercise).problems]
    wanted = _every(exercise, right)
    found: list[Judged] = []
    for one in judged(exercise, wanted):
        found.append(one)
        print(f"{len(found):>4}/{len(wanted)}  {_row(one)}", flush=True)
    print(f"{exercise.id}: {_summary(found)}")
    for one in found:
        if one.problem:
            problems.append(f"{exercise.id}: {one.file}, {one.mutant.name}: {one.problem}")
        if one.problem == "survives":
            problems.append(f'    to list it: {json.dumps(one.mutant.name, ensure_ascii=False)} = "…"')
    print("\n".join([*problems, ""]), flush=True)
    return len(problems)


def _row(one: Judged) -> str:
    word = one.problem or one.listed or "refused"
    return f"{word:<24}{one.outcome:<15}{one.first:<15}{one.seconds:>6.2f} s  {one.file}, {one.mutant.name}"


def _summary(found: list[Judged]) -> str:
    refused = sum(not one.survived for one in found)
    passing = [one for one in found if one.survived]
    kinds = ", ".join(f"{sum(one.listed == kind for one in passing)} {kind}" for kind in KINDS)
    return f"{len(found)} mutants, {refused} refused, {kinds}, {sum(not one.listed for one in passing)} not listed"


@contextmanager
def _home_of_their_own() -> Iterator[None]:
    """A KIT_HOME for the traces of some hundred mutants, which are nobody's."""
    before = os.environ.get("KIT_HOME")
    with tempfile.TemporaryDirectory(prefix="kit-mutants-") as home:
        os.environ["KIT_HOME"] = home
        try:
            yield
        finally:
            del os.environ["KIT_HOME"]
            os.environ.update({"KIT_HOME": before} if before is not None else {})


def main(arguments: list[str]) -> int:
    """Judge the mutants of the exercises named. 1: one survives that is not listed, or the list is wrong; 2: usage."""
    named = [one for one in arguments if one != "--right"]
    try:
        exercises = [load(ident) for ident in named or ids()]
    except ExerciseError as error:
        print(error, file=sys.stderr)
        return 2
    with _home_of_their_own():
        return int(sum(_report(one, "--right" in arguments) for one in exercises) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
