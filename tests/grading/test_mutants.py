"""The judge refuses mutants: all of the warm-up's, some of every other exercise's (`make mutants` judges them all), and
the lists of those that pass are in step with the files.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from kit.grading import exercise as exercises
from kit.grading.exercise import ExerciseError, ids, load
from kit.grading.mutants import LIST, judged, listed, main, of_file, sample

OF_EACH = 10
_MISTYPED = """
["solution.py".equivalent]
"line 1: no such mutant" = "A mutant of this name was never made by anybody."
"line 9: negate not rows" = "because"
["solution.py".forgiven]
["right/99_gone.py".equivalent]
"""

_LOOP = """    rows = db.query(DEPARTURES, airport=airport)
    first = rows[0] if rows else None
    while rows:
        first = min(first, rows[0], key=lambda row: row["sched"])
        rows = rows[1:]
    return first
"""


@pytest.mark.parametrize("ident", ids())
def test_the_list_of_mutants_that_pass_is_in_step_with_the_files(ident: str) -> None:
    assert listed(load(ident)).problems == []


@pytest.mark.parametrize("ident", ids())
def test_the_judge_refuses_what_is_not_listed(ident: str, kit_home: Path) -> None:
    exercise = load(ident)
    wanted = sample(exercise, OF_EACH if exercise.max_points else len(of_file(exercise, "solution.py")))
    assert len(wanted) >= 5
    found = {f"{one.mutant.name}: {one.outcome}": one.problem for one in judged(exercise, wanted)}
    assert {name: problem for name, problem in found.items() if problem} == {}


def test_a_sample_goes_through_the_whole_solution() -> None:
    exercise = load("invalidate_on_write")
    places = [of_file(exercise, "solution.py").index(one) for _, one in sample(exercise, OF_EACH)]
    assert len(places) <= OF_EACH
    assert len({after - before for before, after in pairwise(places)}) == 1
    assert places[0] < 8
    assert places[-1] > len(of_file(exercise, "solution.py")) - 9


@pytest.fixture
def blunt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of the warm-up alone, which no longer asks for an airport without departures."""
    folder = tmp_path / "course" / "warm_up"
    shutil.copytree(exercises.ROOT / "warm_up", folder)
    text = (folder / "checks.py").read_text(encoding="utf-8")
    assert 'asks(world, 1, "XXX")' in text
    (folder / "checks.py").write_text(text.replace('    asks(world, 1, "XXX")\n', ""), encoding="utf-8")
    (folder / LIST).unlink()
    monkeypatch.setattr(exercises, "ROOT", folder.parent)
    return folder


def test_a_check_that_was_blunted_is_found_by_the_mutants_that_survive_it(
    blunt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["warm_up"]) == 1
    printed = capsys.readouterr().out
    assert "warm_up: solution.py, line 9: drop statement if not rows: return None: survives" in printed
    assert "warm_up: solution.py, line 10: change None to False: survives" in printed
    assert "line 9: negate not rows: survives" not in printed
    assert "warm_up: 13 mutants, 9 refused, 0 equivalent, 0 known, 4 not listed\n" in printed


def test_an_exercise_that_is_not_there_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["warm_upp"]) == 2
    assert "Did you mean warm_up?" in capsys.readouterr().err


def test_a_mutant_that_never_ends_is_refused_within_its_limit(blunt: Path) -> None:
    text = (blunt / "solution.py").read_text(encoding="utf-8")
    (blunt / "solution.py").write_text(text[: text.index("    rows =")] + _LOOP, encoding="utf-8")
    toml = (blunt / "exercise.toml").read_text(encoding="utf-8")
    (blunt / "exercise.toml").write_text(toml.replace("limit_s = 2", "limit_s = 0.2"), encoding="utf-8")
    exercise = load("warm_up")
    endless = [one for one in of_file(exercise, "solution.py") if one.name.endswith(("rows = rows[1:]", "1 to 0"))]
    outcomes = [one.outcome for one in judged(exercise, [("solution.py", one) for one in endless])]
    assert outcomes == ["timed_out", "timed_out"]


def test_a_listed_mutant_that_is_refused_is_an_error(kit_home: Path) -> None:
    exercise = load("warm_up")
    (one,) = judged(exercise, [("solution.py", of_file(exercise, "solution.py")[0])])
    assert one.problem == ""
    assert (
        type(one)(one.file, one.mutant, one.outcome, one.first, 0.0, "equivalent").problem == "is listed, and refused"
    )


def test_a_list_that_is_out_of_step_or_gives_no_reason_is_told_line_by_line(blunt: Path) -> None:
    (blunt / LIST).write_text(_MISTYPED, encoding="utf-8")
    assert listed(load("warm_up")).problems == [
        "solution.py, line 1: no such mutant: there is no such mutant any more",
        "solution.py, line 9: negate not rows: the reason is no sentence: 'because'",
        "solution.py: 'forgiven'; wanted is a table, equivalent or known",
        "right/99_gone.py: no such file; there are solution.py, right/01_sorted_and_looped.py,"
        " right/02_the_database_sorts.py, right/03_time_first_then_rows.py, right/04_remembers_names_only.py",
    ]
    (blunt / LIST).write_text("[", encoding="utf-8")
    with pytest.raises(ExerciseError, match="is not TOML"):
        listed(load("warm_up"))
