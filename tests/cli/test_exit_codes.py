"""Every way out of `kit check` and its kin has its code, row by row."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from small_course import ENDLESS, HALF, RIGHT, STUB, WRONG_ANSWER, Run, Write

from kit.grading.verdict import exit_code


@pytest.mark.parametrize(
    ("source", "code", "outcome"),
    [
        (RIGHT, 0, "correct"),
        (WRONG_ANSWER, 1, "wrong"),
        (HALF, 1, "wrong"),
        (STUB, 1, "not_attempted"),
        ("def get_board(:\n", 1, "raised"),
        (b"name = '\xff'\n", 1, "raised"),
        ("x = 1\n", 1, "raised"),
        ("\x00", 1, "raised"),
        (ENDLESS, 1, "timed_out"),
    ],
    ids=["right", "wrong", "hidden wrong", "stub", "syntax", "not utf-8", "no entry", "nul", "endless"],
)
def test_a_submission_ends_with_0_or_1(
    course: Path, kit: Run, mine: Write, source: str | bytes, code: int, outcome: str
) -> None:
    mine(source)
    result = kit("check", "first", "--json")
    assert (result.exit_code, json.loads(result.stdout)["outcome"]) == (code, outcome)


@pytest.mark.parametrize("outcome", ["wrong", "raised", "timed_out", "not_attempted", "not_repeatable"])
def test_every_other_outcome_of_a_submission_is_1(outcome: str) -> None:
    assert exit_code({"outcome": outcome}) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "frist"), "no exercise is called 'frist'. Did you mean first?"),
        (("check", "zzz"), "There are: first, second."),
        (("check", ""), "no exercise is called ''"),
        (("check", "../course/first"), "no exercise is called"),
        (("check",), "Missing argument 'ID'"),
        (("check", "first", "nowhere.py"), "there is no file nowhere.py"),
        (("check", "first", "{tmp}"), "is a folder; name the Python file"),
        (("check", "first", "{tmp}/link.py"), "link.py is a symbolic link; name the file itself"),
        (("check", "first", "{tmp}/dangling.py"), "dangling.py is a symbolic link"),
        (("check", "first", "{tmp}/pipe.py"), "is a pipe, socket or device"),
        (("check", "first", "/dev/null"), "is a pipe, socket or device"),
        (("check", "first", "{tmp}/large.py"), "large.py has 1,048,577 bytes; a submission has at most 1,048,576"),
        (("check", "first", "--engine", "valkey"), "first is judged on model, not on 'valkey'"),
        (("check", "first", "--engine", "redis"), "first is judged on model, not on 'redis'"),
        (("check", "first", "--seed", "-1"), "Invalid value for '--seed'"),
        (("check", "first", "--sed", "1"), "No such option"),
        (("chek", "first"), "kit has no verb 'chek'. Did you mean check?"),
        (("watch", "frist"), "Did you mean first?"),
        (("hint", "frist"), "Did you mean first?"),
        (("reset", "frist"), "Did you mean first?"),
        (("solution", "frist"), "Did you mean first?"),
        (("solution", "first"), "the solution opens when your code passes"),
        (("replay", "nonsense"), "'nonsense' is no token of this kit"),
        (("replay", "k1.frist.right.0.0.0a1b2c3d.0123456789ab.0"), "Did you mean first?"),
        (("replay", "k1.first.right.0.0.0a1b2c3d.0123456789ab.0"), "made for other scenes of first"),
    ],
)
def test_bad_usage_is_2_a_sentence_and_nothing_on_stdout(
    course: Path, kit: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "real.py").write_text(RIGHT)
    (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nothing.py")
    (tmp_path / "large.py").write_bytes(b"#" * (1024 * 1024 + 1))
    os.mkfifo(tmp_path / "pipe.py")
    result = kit(*(one.format(tmp=tmp_path) for one in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_stands_in_the_learners_place_is_refused_too(course: Path, kit: Run, kit_home: Path, kind: str) -> None:
    file = kit_home / "exercises" / "first.py"
    file.parent.mkdir()
    (kit_home / "real.py").write_text(RIGHT)
    link = kit_home / "real.py"
    {"folder": file.mkdir, "link": lambda: file.symlink_to(link), "pipe": lambda: os.mkfifo(file)}[kind]()
    for verb in ("check", "reset"):
        result = kit(verb, "first")
        assert (result.exit_code, result.stdout) == (2, "")
    assert os.path.lexists(file)
    assert (kit_home / "real.py").read_text() == RIGHT


def test_a_home_that_cannot_be_written_is_2_with_a_sentence(
    course: Path, kit: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KIT_HOME", str(tmp_path / "file" / "home"))
    result = kit("check", "first")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "first.py could not be made: Not a directory" in result.stderr


def test_a_broken_check_is_3_and_no_fault_of_the_learner(course: Path, kit: Run, mine: Write, kit_home: Path) -> None:
    checks = course / "first" / "checks.py"
    checks.write_text(checks.read_text().replace("return broken", "return broken.nothing").replace("is not None", ""))
    checks.write_text(checks.read_text().replace("for call in calls(tape):", "for call in calls(tape) + [None]:"))
    mine(RIGHT)
    result = kit("check", "first", "--json")
    assert (result.exit_code, json.loads(result.stdout)["outcome"]) == (3, "fault")
    assert "the check itself is wrong, not your code" in json.loads(result.stdout)["checks"][0]["message"]
    assert not (kit_home / "progress.json").exists()


def test_a_malformed_exercise_is_3(course: Path, kit: Run) -> None:
    (course / "first" / "exercise.toml").write_text("id = ")
    result = kit("check", "first")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "this is ours, not your code's" in result.stderr


def test_a_breakdown_of_the_kit_itself_is_3_and_leaves_no_half_file(course: Path, kit: Run, kit_home: Path) -> None:
    (course / "first" / "stub.py").unlink()
    (course / "first" / "stub.py").mkdir()
    result = kit("check", "first")
    assert not (kit_home / "exercises").exists()
    assert (result.exit_code, result.stdout) == (3, "")
    assert "the kit itself failed, not your code" in result.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("check", "-h"), ("list",), ("--version",)])
def test_help_and_list_are_0(course: Path, kit: Run, arguments: tuple[str, ...]) -> None:
    assert kit(*arguments).exit_code == 0
