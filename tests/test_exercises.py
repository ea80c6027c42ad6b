"""Every exercise, as one folder: its form, its solution, and that the judge tells its right files from its wrong ones.

Verdicts come from the judge and a child, once a file; whatever asks about many seeds or prefixes plays in this process.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from kit.grading.bench import Bench
from kit.grading.check import Check, Part
from kit.grading.examples import Example, examples, first_failing
from kit.grading.exercise import Exercise, ExerciseError, ids, load
from kit.grading.judge import check
from kit.grading.mistakes import known
from kit.grading.search import Evidence, Failure, Search
from kit.world.actors import LocalActors
from kit.world.choice import chooser
from kit.world.tape import Op, Tape, operations
from kit.world.world import Run

EXERCISES = {ident: load(ident) for ident in ids()}
EXAMPLES = {f"{ident}/{one.name}": (ident, one) for ident, each in EXERCISES.items() for one in examples(each)}
RIGHT = {name: pair for name, pair in EXAMPLES.items() if pair[1].fails is None}
WRONG = {name: pair for name, pair in EXAMPLES.items() if pair[1].fails is not None}
SEEDS = range(1, 21)

every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


@cache
def verdict_of(ident: str, example: Example) -> dict[str, Any]:
    """The judge's word on a file."""
    return check(EXERCISES[ident], example.source)


def bench_for(exercise: Exercise, source: str, seed: int = 0) -> Bench:
    """A submission in this process."""
    return Bench(exercise, source, LocalActors(exercise.submission(source)), seed)


def first_run(bench: Bench, part: Part) -> Run:
    return bench.play(part, chooser(()))


def search(bench: Bench, one: Check, part: Part, look: Callable[[Run], Failure | None] | None = None) -> Evidence:
    """Search a part; `look` in place of the judge's own."""
    judge = look or (lambda run: bench.look(one, run))
    return Search(lambda choose: bench.play(part, choose), judge, part.bounds, part.faulty).always()


def parts_of(exercise: Exercise) -> list[tuple[Check, Part]]:
    return [(one, part) for one in exercise.checks for part in one.parts]


# Form


@every_exercise
def test_an_exercise_has_three_hints_and_a_task_that_names_every_check(exercise: Exercise) -> None:
    assert len(exercise.hints) == 3
    assert exercise.task.startswith(f"# {exercise.title}\n")
    if not exercise.max_points:
        assert len(exercise.task.splitlines()) <= 5, "a heading, and three lines: nobody needs more for a warm-up"
        return
    assert "What people took the task for" in exercise.task
    public = [one.id for one in exercise.checks if not one.hidden]
    assert all(f"| {ident} |" in exercise.task for ident in public)


@every_exercise
def test_checks_stand_public_first_each_with_a_rule_and_no_scene_twice(exercise: Exercise) -> None:
    hidden = [one.hidden for one in exercise.checks]
    assert hidden == sorted(hidden)
    assert len({one.id for one in exercise.checks}) == len(exercise.checks)
    scenes = [part.scene.__name__ for one in exercise.checks for part in one.parts]
    assert len(set(scenes)) == len(scenes)
    assert all(one.title[0].isupper() and not one.title.endswith(".") for one in exercise.checks)
    assert len({bool(one.points) for one in exercise.checks}) == 1, "all checks of an exercise have points, or none"


@every_exercise
def test_the_bounds_of_a_part_are_lean(exercise: Exercise) -> None:
    for part in (part for one in exercise.checks for part in one.parts):
        kinds = [bool(part.bounds.leaps or part.bounds.expiries), bool(part.bounds.faults), bool(part.bounds.deaths)]
        assert sum(kinds) <= 1


@every_exercise
def test_the_stub_has_the_entries_and_the_constants_of_every_file(exercise: Exercise) -> None:
    stub = ast.parse(exercise.stub)
    entries = {one.name: [arg.arg for arg in one.args.args] for one in stub.body if isinstance(one, ast.FunctionDef)}
    assert entries == exercise.entries
    for example in examples(exercise):
        named = _constants(example.source)
        assert {name: named.get(name) for name in _constants(exercise.stub)} == _constants(exercise.stub)
    assert _constants(exercise.solution) == _constants(exercise.stub)


def _constants(source: str) -> dict[str, object]:
    return {
        one.targets[0].id: ast.literal_eval(one.value)
        for one in ast.parse(source).body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and isinstance(one.value, ast.Constant)
    }


def test_a_docstring_of_another_form_is_refused_with_the_wanted_one(tmp_path: Any) -> None:
    from kit.grading.examples import read

    file = tmp_path / "wrong" / "x.py"
    file.parent.mkdir()
    file.write_text('"""Fails: read\n\nAn idea without a hint."""\n')
    with pytest.raises(ExerciseError, match="'Hint: …' in a wrong file"):
        read(file)


# Verdicts


@every_exercise
def test_the_solution_is_correct_with_all_points(exercise: Exercise) -> None:
    verdict = check(exercise, exercise.solution)
    assert verdict["outcome"] == "correct"
    assert verdict["points"] == verdict["max_points"]


@every_exercise
def test_the_empty_submission_fails_every_check_and_is_not_attempted(exercise: Exercise) -> None:
    assert check(exercise, exercise.stub)["outcome"] == "not_attempted"
    bench = bench_for(exercise, exercise.stub)
    for one in exercise.checks:
        assert bench.look(one, first_run(bench, one.parts[0])) is not None


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_file_passes(name: str) -> None:
    ident, example = RIGHT[name]
    verdict = verdict_of(ident, example)
    failed = first_failing(verdict)
    assert failed is None, failed
    assert verdict["outcome"] == "correct"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_fails_first_at_the_check_it_names(name: str) -> None:
    ident, example = WRONG[name]
    failed = first_failing(verdict_of(ident, example))
    assert failed is not None
    assert failed["id"] == example.fails, failed["message"]


@every_exercise
def test_every_check_is_the_first_failure_of_a_wrong_file(exercise: Exercise) -> None:
    assert {one.fails for one in examples(exercise)} - {None} == {one.id for one in exercise.checks}


@every_exercise
def test_no_two_wrong_files_share_a_mistake_and_each_stands_in_the_list(exercise: Exercise) -> None:
    found = known(exercise)
    assert len(found) == len(list((exercise.folder / "wrong").glob("*.py")))
    written = json.loads((exercise.folder / "mistakes.json").read_text(encoding="utf-8"))
    assert written == found, f"run: python -m kit.grading.mistakes {exercise.id}"


@pytest.mark.parametrize("name", WRONG)
def test_the_verdict_on_a_wrong_file_names_its_mistake(name: str) -> None:
    ident, example = WRONG[name]
    mistake = verdict_of(ident, example)["mistake"]
    assert (mistake["name"], mistake["hint"]) == (example.idea, example.hint)


@every_exercise
def test_right_files_differ_in_what_they_send(exercise: Exercise) -> None:
    peer = "store" if exercise.client == "none" else "cache"
    sent: dict[object, str] = {}
    for example in (one for one in examples(exercise) if one.fails is None):
        bench = bench_for(exercise, example.source)
        runs = [first_run(bench, part) for _, part in parts_of(exercise)]
        asked = [op for run in runs for op in operations(run.tape) if op.peer == peer and op.actor != "Operator"]
        key = tuple((op.name, *_shape(op)) for op in asked)
        assert key not in sent, f"{example.name} sends what {sent.get(key)} sends"
        sent[key] = example.name


def _shape(op: Op) -> list[object]:
    """What a request says but for its values: the statement; key and options of a command."""
    first, *more = op.request
    if op.peer == "store":
        return [first]
    if op.name.islower():  # of memcached: the key, how long, and whether anybody waits; no cas id, no length, no block
        return [*more[:1], *more[2:3], b"noreply" in more]
    return [*more[:1], *(word for word in more[1:] if isinstance(word, bytes) and word.isalpha() and word.isupper())]


# On many seeds, and on prefixes


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_fails_at_the_same_check_on_twenty_seeds(name: str) -> None:
    """The check it names is broken on each seed; of the checks before it each scene is played once, on five of them.

    The order that broke it on an earlier seed is tried first; where it does not, the check is searched.
    """
    ident, example = WRONG[name]
    checks = EXERCISES[ident].checks
    at = next(number for number, one in enumerate(checks) if one.id == example.fails)
    broken: tuple[Part, tuple[int, ...]] | None = None
    for seed in SEEDS:
        bench = bench_for(EXERCISES[ident], example.source, seed)
        for one in checks[:at] if seed % 4 == 0 else ():
            assert all(bench.look(one, first_run(bench, part)) is None for part in one.parts)
        if broken is None or bench.look(checks[at], bench.play(broken[0], chooser(broken[1]))) is None:
            broken = first_failure(bench, checks[at])
            assert broken is not None, f"seed {seed}"


def first_failure(bench: Bench, check: Check) -> tuple[Part, tuple[int, ...]] | None:
    """The part of a check that a search breaks, and the order that does."""
    for part in check.parts:
        if (failure := search(bench, check, part).failure) is not None:
            return part, failure.choices
    return None


@pytest.mark.parametrize("name", RIGHT)
def test_every_prefix_of_a_right_file_s_tapes_keeps_the_rule(name: str) -> None:
    """On the first thirty schedules of each scene's search: levels 0 and 1, then orders."""
    ident, example = RIGHT[name]
    bench = bench_for(EXERCISES[ident], example.source)
    for one, part in parts_of(EXERCISES[ident]):
        tapes: list[Tape] = []

        def look(run: Run, tapes: list[Tape] = tapes) -> Failure | None:
            tapes.append(run.tape)
            return None if len(tapes) < 30 else Failure((), "enough", 0, 0, run)

        search(bench, one, part, look)
        for tape in tapes[:30]:
            assert all(one.holds(tape.prefix(length)) is None for length in range(len(tape) + 1))


@pytest.mark.parametrize("name", WRONG)
def test_a_broken_rule_stays_broken_to_the_end_of_the_tape(name: str) -> None:
    ident, example = WRONG[name]
    bench = bench_for(EXERCISES[ident], example.source)
    one = next(one for one in EXERCISES[ident].checks if one.id == example.fails)
    failures = (search(bench, one, part).failure for part in one.parts)
    failure = next(each for each in failures if each is not None)
    tape = failure.run.tape
    found = [one.holds(tape.prefix(length)) is not None for length in range(len(tape) + 1)]
    assert found == sorted(found)
    assert found.index(True) == failure.shown
