"""An instructor's pack of checks: the example that ships, and what a fault in a pack looks like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kit.cli import cli
from kit.grading import exercise, judge
from kit.grading.exercise import Exercise

PACK = exercise.ROOT / "packs" / "house_rules"
ID = "lazy_loading"


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Exercise:
    """The exercise as it stands for a learner whose instructor has set KIT_CHECKS."""
    monkeypatch.setenv("KIT_CHECKS", str(PACK))
    return exercise.load(ID)


def _other_names(task: Exercise) -> str:
    return task.solution.replace('f"board:{airport}"', 'f"departures:{airport}"')


def test_the_pack_comes_behind_the_exercises_own_checks_and_is_hidden(task: Exercise) -> None:
    own = [one.id for one in task.checks if one.id != "house_names"]
    assert [one.id for one in task.checks] == [*own, "house_names"]
    assert task.checks[-1].hidden
    assert "packs" not in exercise.ids()


def test_without_the_variable_the_exercise_is_as_it_was(task: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    with_pack = (task.max_points - 2, task.digest)
    monkeypatch.delenv("KIT_CHECKS")
    alone = exercise.load(ID)
    assert alone.max_points == with_pack[0]
    assert alone.digest != with_pack[1]


def test_the_solution_keeps_the_rule_of_the_house(task: Exercise) -> None:
    verdict = judge.check(task, task.solution.encode())
    assert (verdict["outcome"], verdict["points"]) == ("correct", task.max_points)


def test_code_that_breaks_the_rule_of_the_house_alone_fails_there_and_its_hidden_trace_is_not_shown(
    task: Exercise, kit_home: Path
) -> None:
    file = kit_home / "mine.py"
    file.write_text(_other_names(task))
    printed = _kit("check", ID, str(file), "--json")
    verdict = json.loads(printed.stdout)
    assert (printed.exit_code, verdict["outcome"]) == (1, "wrong")
    assert [one["id"] for one in verdict["checks"] if one["passed"] is not True] == ["house_names"]
    found = verdict["checks"][-1]
    assert found["message"] == "Reader 1 wrote the key departures:JFK; ours begin with board:"
    assert (found["hidden"], found["trace"], verdict["trace"]) == (True, None, None)
    assert verdict["hidden"]["total"] == sum(one.hidden for one in task.checks)
    assert "Every key of a board begins with board:" in " ".join(_kit("check", ID, str(file)).stdout.split())


@pytest.mark.parametrize(
    ("old", "new", "words", "fault"),
    [
        ("not key.startswith(PREFIX)", "key / 2", "TypeError: unsupported operand", "key / 2"),
        ('world.call("get_board", "JFK")', "wrold.call()", "NameError: name 'wrold' is not defined", "wrold.call()"),
    ],
)
def test_a_fault_in_a_pack_is_ours_with_its_file_and_line(
    task: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, words: str, fault: str
) -> None:
    text = (PACK / ID / "checks.py").read_text().replace(old, new, 1)
    line = next(number for number, one in enumerate(text.splitlines(), 1) if fault in one)
    monkeypatch.setenv("KIT_CHECKS", str(_pack(tmp_path / "mine", text)))
    verdict = judge.check(exercise.load(ID), task.solution.encode())
    found = verdict["checks"][-1]
    assert verdict["outcome"] == "fault"
    assert "the check itself is wrong, not your code" in found["message"]
    assert words in found["message"]
    assert f"(mine/{ID}/checks.py, line {line})" in found["message"]


def test_a_pack_that_cannot_be_executed_is_a_sentence_with_its_line_and_exit_code_3(
    kit_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = _pack(tmp_path / "mine", "first = 1\nsecond = frist\n")
    monkeypatch.setenv("KIT_CHECKS", str(pack))
    found = _kit("check", ID)
    assert found.exit_code == 3
    words = " ".join(found.output.split())
    assert "lazy_loading/checks.py gives no CHECKS: NameError: name 'frist' is not defined (line 2)" in words


def _pack(folder: Path, text: str) -> Path:
    (folder / ID).mkdir(parents=True)
    (folder / ID / "checks.py").write_text(text)
    return folder


def _kit(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli, list(arguments), prog_name="kit")
