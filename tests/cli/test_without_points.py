"""An exercise without points and without a cache, at the command line: every state that a learner meets, in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_course import ROOT, Run, Write

from kit.grading import exercise, progress

FILES = ROOT / "exercises" / "warm_up"


def source(name: str) -> str:
    return (FILES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "begins", "code"),
    [
        ("stub.py", "○ Not attempted · no points · public 0/3, no hidden checks\n", 1),
        ("wrong/01_first_row.py", "✕ Wrong · no points · public 0/3, no hidden checks\n", 1),
        ("wrong/02_empty_list_raises.py", "↯ Your code raised · no points · public 2/3, no hidden checks\n", 1),
        ("wrong/04_remembered.py", "✕ Wrong · no points · public 2/3, no hidden checks\n", 1),
        ("solution.py", "✓ Correct · no points · public 3/3, no hidden checks\n", 0),
    ],
)
def test_each_state_reads_well_without_points(kit: Run, mine: Write, file: str, begins: str, code: int) -> None:
    mine(source(file), "warm_up")
    result = kit("check", "warm_up")
    assert result.stdout.startswith(begins)
    assert result.exit_code == code
    for broken in ("0/0", "0 of 0", "Points"):
        assert broken not in result.stdout
    assert ("kit replay k1.warm_up." in result.stdout) == (file.startswith("wrong/"))


def test_the_trace_tells_what_was_asked_and_the_sentence_what_was_given(kit: Run, mine: Write) -> None:
    mine(source("wrong/05_by_expected_time.py"), "warm_up")
    printed = kit("check", "warm_up").stdout
    assert "given B6725 (05:45); AA1141 (05:40, 12 minutes late) is first." in " ".join(printed.split())
    assert "  1  Reader 1 asks the database for the departures.\n" in printed
    assert "  3  The operator delays AA1141 to 05:52: the database holds version 2.\n" in printed
    assert "A known mistake: The delay is added, so another flight comes first.\n" in printed


def test_an_answer_without_a_question_is_told_as_one(kit: Run, mine: Write) -> None:
    mine(source("wrong/04_remembered.py"), "warm_up")
    printed = " ".join(kit("check", "warm_up").stdout.split())
    assert "Reader 2 asked for JFK and was given AA1141 (05:40) and nobody asked the database;" in printed


def test_the_list_says_no_points_and_counts_those_that_there_are(kit: Run) -> None:
    lines = kit("list").stdout.splitlines()
    assert lines[0].startswith("00  warm_up ")
    assert "no points  ○ Not attempted  ← next" in lines[0]
    assert "0/0" not in "\n".join(lines)
    progress.change("warm_up", lambda entry: entry.update(points=0, outcome="correct", passed=True, attempts=2))
    found = json.loads(kit("list", "--json").stdout)
    assert found["exercises"][0]["max_points"] == 0
    assert found["exercises"][0]["outcome"] == "correct"
    assert found["next"] != "warm_up"


def test_a_course_of_warm_ups_alone_has_no_line_of_points(
    kit: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "warm_up").symlink_to(FILES)
    monkeypatch.setattr(exercise, "ROOT", tmp_path / "course")
    assert "\n0 of 1 passed.\n" in kit("list").stdout


def test_three_hints_then_reset_keeps_the_code(kit: Run, mine: Write, kit_home: Path) -> None:
    mine(source("wrong/01_first_row.py"), "warm_up")
    said = [kit("hint", "warm_up").stdout for _ in range(3)]
    assert [one.count("Hint ") for one in said] == [1, 2, 3]
    kit("reset", "warm_up")
    assert (kit_home / "exercises" / "warm_up.py").read_text() == source("stub.py")
    assert len(list((kit_home / "backups").iterdir())) == 1
