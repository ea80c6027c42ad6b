"""`kit list`, `hint`, `solution`, `reset`, `lab`: what they say, count and keep."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from small_course import RIGHT, STUB, Run, Write

from kit.grading import progress

# list


def test_list_shows_lesson_points_outcome_minutes_and_what_is_next(course: Path, kit: Run) -> None:
    progress.change("first", lambda entry: entry.update(points=3, outcome="correct", passed=True, attempts=4))
    lines = kit("list").stdout.splitlines()
    assert lines == [
        "01  first      3/3  ✓ Correct",
        "    The first one, about 3 min",
        "02  second     0/3  ○ Not attempted  ← next",
        "    The second one, about 3 min",
        "",
        "1 of 2 passed, 3 of 6 points.",
        "Next: kit check second",
    ]


def test_list_as_json_is_one_object(course: Path, kit: Run) -> None:
    progress.change("first", lambda entry: entry.update(points=2, outcome="wrong", attempts=4))
    result = kit("list", "--json")
    assert result.stdout.count("\n") == 1
    first, second = json.loads(result.stdout)["exercises"]
    assert first == {
        "id": "first", "lesson": "01", "title": "The first one", "points": 2, "max_points": 3, "outcome": "wrong",
        "minutes": 3, "attempts": 4, "score": None,
    }  # fmt: skip
    assert (second["id"], second["outcome"]) == ("second", "not_attempted")
    assert json.loads(result.stdout)["next"] == "first"


def test_the_end_of_the_course_has_a_word(course: Path, kit: Run) -> None:
    for ident in ("first", "second"):
        progress.change(ident, lambda entry: entry.update(passed=True))
    assert "That was the last one: every exercise that is here passes." in kit("list").stdout
    assert json.loads(kit("list", "--json").stdout)["next"] is None
    assert "That was the last one" in kit("watch").stdout


def test_what_was_passed_once_stays_correct_in_the_list(course: Path, kit: Run) -> None:
    progress.change("first", lambda entry: entry.update(points=3, outcome="raised", passed=True))
    assert "01  first      3/3  ✓ Correct\n" in kit("list").stdout


def test_a_damaged_record_does_not_stop_the_list(course: Path, kit: Run, kit_home: Path) -> None:
    (kit_home / "progress.json").write_text("{")
    result = kit("list", "--json")
    assert (result.exit_code, json.loads(result.stdout)["next"]) == (0, "first")
    assert "was damaged" in result.stderr


# hint


def test_hints_come_one_by_one_and_are_counted(course: Path, kit: Run) -> None:
    first, second, third = (kit("hint", "first").stdout for _ in range(3))
    assert first == "Hint 1 of 2\n  Look at the database.\n\n"
    assert second.startswith(first)
    assert "Hint 2 of 2" in second
    assert third.startswith(second)
    assert "That was the last one. kit solution first --give-up shows the solution." in third
    assert progress.entry("first") == {"hints": 2}


def test_a_line_of_code_in_a_hint_is_never_broken(course: Path, kit: Run) -> None:
    progress.change("first", lambda entry: entry.update(hints=1))
    assert "      db.query(BOARD, airport=airport)  # code stays whole\n" in kit("hint", "first", columns=40).stdout


def test_a_hint_is_shown_even_where_it_cannot_be_counted(course: Path, kit: Run, kit_home: Path) -> None:
    (kit_home / "progress.json").mkdir()
    result = kit("hint", "first")
    assert (result.exit_code, result.stdout) == (0, "Hint 1 of 2\n  Look at the database.\n\n")
    assert "could not be kept" in result.stderr


# solution


def test_the_solution_is_closed_until_the_code_passes(course: Path, kit: Run, mine: Write) -> None:
    result = kit("solution", "first")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Of the hints, 2 of 2 are left: kit hint first." in result.stderr
    mine(RIGHT)
    assert kit("check", "first").exit_code == 0
    assert kit("solution", "first").stdout == RIGHT
    assert "gave_up" not in progress.entry("first")


def test_giving_up_is_recorded_and_opens_it_for_good(course: Path, kit: Run) -> None:
    assert kit("solution", "first", "--give-up").stdout == RIGHT
    assert progress.entry("first") == {"gave_up": True}
    assert kit("solution", "first").stdout == RIGHT
    assert kit("solution", "second").exit_code == 2


# reset


def test_reset_keeps_what_stood_there_under_a_dated_name(course: Path, kit: Run, mine: Write, kit_home: Path) -> None:
    kept = []
    for body in ("x = 1\n", b"\xff is no text\n"):
        file = mine(body)
        said = kit("reset", "first").stdout
        assert file.read_text() == STUB
        (new,) = set((kit_home / "backups").iterdir()) - set(kept)
        assert new.read_bytes() == (body if isinstance(body, bytes) else body.encode())
        assert str(new) in said
        kept.append(new)
    assert all(one.name.startswith("first.20") and one.suffix == ".py" for one in kept)


def test_resetting_the_stub_keeps_no_copy(course: Path, kit: Run, kit_home: Path) -> None:
    for _ in range(2):
        assert "is the stub; there was nothing of yours to keep." in kit("reset", "first").stdout
    assert (kit_home / "exercises" / "first.py").read_text() == STUB
    assert not (kit_home / "backups").exists()


def test_reset_leaves_the_points(course: Path, kit: Run, mine: Write) -> None:
    progress.change("first", lambda entry: entry.update(points=3, passed=True))
    mine("x = 1\n")
    kit("reset", "first")
    assert progress.entry("first") == {"points": 3, "passed": True}


def test_a_reset_that_fails_leaves_the_file(course: Path, kit: Run, mine: Write, kit_home: Path) -> None:
    file = mine("x = 1\n")
    (kit_home / "backups").write_text("in the way")
    result = kit("reset", "first")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "could not be put back to the stub: File exists" in result.stderr
    assert file.read_text() == "x = 1\n"


# lab


@pytest.mark.real("jupyter")
def test_a_busy_port_is_2_and_says_what_to_do(kit: Run) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        result = kit("lab", "--no-browser", "--port", str(busy.getsockname()[1]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is in use. Leave --port out and the next free one is taken" in result.stderr


def test_lab_knows_its_options(kit: Run) -> None:
    said = kit("lab", "--help").stdout
    assert "--port" in said
    assert "--no-browser" in said
    assert kit("lab", "--port", "70000").exit_code == 2
