"""mistakes.json is made from the wrong files, and what is wrong with those is an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_course import HALF, RIGHT, WRONG_ANSWER

from kit.grading import mistakes
from kit.grading.exercise import ExerciseError, load

DOCSTRING = '"""Fails: {check}\n\n{idea}\nHint: ask the database.\n"""\n'


def add(course: Path, name: str, source: str, check: str, idea: str = "Made up.") -> None:
    file = course / "first" / "wrong" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(DOCSTRING.format(check=check, idea=idea) + source)


def test_each_wrong_file_gives_its_mistake_a_check_a_name_and_a_hint(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(course, "01_made_up.py", "print('noise')\n" + WRONG_ANSWER, "right")
    add(course, "02_half.py", HALF, "other", "Only one airport.")
    assert mistakes.main(["first"]) == 0
    assert capsys.readouterr().out == "mistakes.json: 2 mistakes\n"
    first, second = json.loads((course / "first" / "mistakes.json").read_text()).values()
    assert first == {
        "check": "right", "name": "Made up.", "hint": "ask the database.", "file": "01_made_up.py",
    }  # fmt: skip
    assert (second["check"], second["name"]) == ("other", "Only one airport.")
    assert load("first").mistakes == mistakes.known(load("first"))


def test_two_files_with_one_mistake_are_an_error(course: Path) -> None:
    add(course, "01_made_up.py", WRONG_ANSWER, "right")
    add(course, "02_made_up_again.py", WRONG_ANSWER.replace("'board'", "'another'"), "right")
    with pytest.raises(ExerciseError, match=r"01_made_up.py and wrong/02_made_up_again.py show one mistake"):
        mistakes.known(load("first"))


def test_a_wrong_file_that_passes_its_check_is_an_error(course: Path) -> None:
    add(course, "01_right.py", RIGHT, "right")
    with pytest.raises(ExerciseError, match=r"wrong/01_right.py says that it fails right, and passes it"):
        mistakes.known(load("first"))
