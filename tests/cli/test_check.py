"""`kit check`: the object of --json, the verdict for people, what is recorded and what is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
from small_course import ENDLESS, HALF, RIGHT, STUB, WRONG_ANSWER, Run, Write

from kit.cli import terminal
from kit.cli.report import report
from kit.grading import progress

KEYS = [
    "exercise", "outcome", "points", "max_points", "public", "hidden", "checks", "mistake", "previous", "hints",
    "output", "schedules", "coverage", "trace", "engine", "seed", "seconds",
]  # fmt: skip
CHECK_KEYS = [
    "id", "title", "points", "max_points", "hidden", "passed", "message", "seen", "schedules", "failing", "level",
    "operations", "coverage", "trace",
]  # fmt: skip
LOUD = """import os, sys
print("{" * 3)
sys.stderr.write("noise\\n")
os.write(1, b"noise\\n")
sys.__stdout__.write("noise\\n")
"""


def judged(kit: Run, *arguments: str | Path) -> dict[str, Any]:
    """What `kit check first --json` prints, which is one object on one line."""
    printed = kit("check", "first", "--json", *arguments).stdout
    assert printed.count("\n") == 1
    return json.loads(printed)  # type: ignore[no-any-return]


# --json


@pytest.mark.parametrize("source", [RIGHT, WRONG_ANSWER, HALF, STUB, "def f(:", ENDLESS])
def test_json_is_one_object_with_the_contracts_keys_and_types(course: Path, kit: Run, mine: Write, source: str) -> None:
    mine(source)
    found = judged(kit)
    assert list(found) == KEYS
    assert [list(one) for one in found["checks"]] == [CHECK_KEYS] * 2
    assert [(one["id"], one["hidden"]) for one in found["checks"]] == [("right", False), ("other", True)]
    assert list(found["public"]) == list(found["hidden"]) == ["passed", "total"]
    assert list(found["hints"]) == ["shown", "total"]
    assert found["mistake"] is None or list(found["mistake"]) == ["id", "name", "hint"]
    assert found["previous"] is None or list(found["previous"]) == ["trace", "passes"]
    for name in ("points", "max_points", "schedules", "seed"):
        assert type(found[name]) is int
    for name in ("exercise", "outcome", "output", "coverage", "engine"):
        assert type(found[name]) is str
    assert isinstance(found["seconds"], float)


def test_nothing_else_reaches_stdout_even_where_the_submission_prints(course: Path, kit: Run, mine: Write) -> None:
    mine(LOUD + RIGHT)
    found = judged(kit)
    assert found["outcome"] == "correct"
    assert "noise" in found["output"]


def test_making_the_file_is_said_on_stderr_not_on_stdout(course: Path, kit: Run, kit_home: Path) -> None:
    result = kit("check", "first", "--json")
    assert json.loads(result.stdout)["outcome"] == "not_attempted"
    assert "first.py is new, made from the stub" in result.stderr
    assert (kit_home / "exercises" / "first.py").read_text() == STUB


def test_a_hidden_failure_gives_no_trace_and_no_points(course: Path, kit: Run, mine: Write) -> None:
    mine(HALF)
    found = judged(kit)
    assert (found["outcome"], found["trace"], found["points"]) == ("wrong", None, 2)
    assert found["hidden"] == {"passed": 0, "total": 1}
    assert all(one["trace"] is None for one in found["checks"])


def test_hidden_checks_that_did_not_run_are_null(course: Path, kit: Run, mine: Write) -> None:
    mine(WRONG_ANSWER)
    found = judged(kit)
    assert found["hidden"] == {"passed": None, "total": 1}
    assert found["checks"][1]["passed"] is None
    assert found["trace"] == found["checks"][0]["trace"]


def test_the_seed_is_handed_on(course: Path, kit: Run, mine: Write) -> None:
    mine(WRONG_ANSWER)
    found = judged(kit, "--seed", "17")
    assert found["seed"] == 17
    assert ".17." in found["trace"]


# For people


def test_a_public_failure_shows_rule_table_trace_and_token(course: Path, kit: Run, mine: Write) -> None:
    mine(WRONG_ANSWER)
    printed = kit("check", "first").stdout
    assert printed.startswith("✕ Wrong · 0 of 3 points · public 0/1, hidden –/1 (not run)\n")
    assert "get_board('JFK') is not the board." in printed
    assert re.search(r"✕ fails +0 of 2 +The board is right +broken in 1 of 1 schedule", printed)
    assert re.search(r"– not run +0 of 1 +The other board is right \(hidden\) +runs when the public checks", printed)
    assert "  1  Reader 1 asks the cache for board.\n" in printed
    assert printed.endswith("\nA hint (0 of 2 shown): kit hint first\n")
    assert re.search(r"^  kit replay k1\.first\.right\.0\.0\.", printed, re.M)


def test_a_pass_says_what_it_covered(course: Path, kit: Run, mine: Write) -> None:
    mine(RIGHT)
    printed = kit("check", "first").stdout
    assert printed.startswith("✓ Correct · 3 of 3 points · public 1/1, hidden 1/1\n")
    assert "Covered: the scene as it is told" in printed
    assert printed.endswith("\nkit solution first shows one way to do it; kit list says what is next.\n")
    assert "replay" not in printed


def test_a_hidden_failure_names_its_rule_and_shows_no_trace(course: Path, kit: Run, mine: Write) -> None:
    mine(HALF)
    printed = kit("check", "first").stdout
    assert "public 1/1, hidden 0/1" in printed
    assert "its input and trace stay hidden" in printed
    assert "replay" not in printed
    assert "asks the" not in printed


def test_the_stub_is_told_as_not_attempted_without_a_trace(course: Path, kit: Run) -> None:
    printed = kit("check", "first").stdout
    assert printed.startswith("○ Not attempted")
    assert "The code still raises NotImplementedError. Write the functions in" in printed
    assert "replay" not in printed


def test_a_known_mistake_gives_its_name_and_hint(course: Path, kit: Run, mine: Write) -> None:
    mine(WRONG_ANSWER)
    ident = judged(kit)["mistake"]["id"]
    assert "known mistake" not in kit("check", "first").stdout
    known = {ident: {"name": "The board is made up.", "hint": "ask the database."}}
    (course / "first" / "mistakes.json").write_text(json.dumps(known))
    assert "A known mistake: The board is made up.\n  Hint: ask the database.\n" in kit("check", "first").stdout


def test_the_last_lines_of_output_are_shown_and_cannot_steer_the_terminal(course: Path, kit: Run, mine: Write) -> None:
    mine("print('\\x1b[2J\\u202egone\\r\\x07')\nfor number in range(40):\n    print('line', number)\n" + RIGHT)
    printed = kit("check", "first", color=True).stdout
    assert "  │ line 39\n" in printed
    assert "line 2\n" not in printed
    mine("def get_board(cache, db, airport):\n    raise ValueError('\\x1b]0;owned\\x07')\n")
    printed = kit("check", "first", color=True).stdout
    assert "owned" in printed
    assert not re.search(r"\x1b(?!\[\d*m)|[\x07\r]", printed)


def test_colour_is_for_terminals_and_no_color_is_honoured(
    course: Path, kit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.change("first", lambda entry: entry.update(outcome="wrong"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[31m✕ Wrong\x1b[0m" in kit("list", color=True).stdout
    assert "\x1b[" not in kit("list", color=False).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in kit("list", color=True).stdout
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b[" in kit("list", color=True).stdout
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in kit("list", color=True).stdout


def test_no_line_is_wider_than_asked_but_the_token(course: Path, kit: Run, mine: Write) -> None:
    mine("print('w' * 500)\n" + WRONG_ANSWER)
    found = judged(kit)
    trace = [f"{number:>3}  {'Reader 1 asks the cache for the board of JFK. ' * 2}" for number in range(200)]
    for columns in range(40, 101):
        for line in report(found, trace, "a/file/of/the/learner.py", columns):
            shown = click.unstyle(line)
            assert len(shown) <= columns or shown.startswith("  kit replay k1."), line


@pytest.mark.parametrize(("asked", "used"), [(20, 40), (40, 40), (80, 80), (300, 100)])
def test_the_width_is_the_terminals_within_reason(monkeypatch: pytest.MonkeyPatch, asked: int, used: int) -> None:
    monkeypatch.setenv("COLUMNS", str(asked))
    assert terminal.width() == used


def test_a_trace_of_thousands_is_cut_in_the_middle(course: Path, kit: Run, mine: Write) -> None:
    mine(WRONG_ANSWER)
    lines = list(report(judged(kit), [f"{number:>5}  It waits." for number in range(1, 6001)], "file", 80))
    assert "     50  It waits." in lines
    assert "  … 5,940 steps more; the replay has them all …" in lines
    assert "   5991  It waits." in lines
    assert "   5990  It waits." not in lines


# What is recorded


def test_points_are_the_best_so_far_and_the_outcome_is_the_last(course: Path, kit: Run, mine: Write) -> None:
    for source in (STUB, WRONG_ANSWER, HALF, "x ="):
        mine(source)
        kit("check", "first")
    kept = progress.entry("first")
    assert (kept["points"], kept["outcome"], kept["passed"], kept["attempts"]) == (2, "raised", False, 3)
    mine(RIGHT)
    kit("check", "first")
    mine("x =")
    kit("check", "first")
    kept = progress.entry("first")
    assert (kept["points"], kept["outcome"], kept["passed"], kept["attempts"]) == (3, "raised", True, 5)


def test_the_next_check_tries_the_old_trace_first(course: Path, kit: Run, mine: Write) -> None:
    mine(WRONG_ANSWER)
    token = judged(kit)["trace"]
    assert judged(kit)["previous"] == {"trace": token, "passes": False}
    assert "The old trace still breaks it." in kit("check", "first").stdout
    mine("x =")
    assert judged(kit)["previous"] is None
    mine(HALF)
    assert "The old trace passes now." in kit("check", "first").stdout
    assert judged(kit)["previous"] is None


def test_another_file_is_judged_and_not_recorded(course: Path, kit: Run, mine: Write, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(RIGHT)
    assert judged(kit, tmp_path / "other.py")["outcome"] == "correct"
    assert progress.entry("first") == {}
    assert not (tmp_path / "kit-home" / "exercises").exists()
    own = mine(WRONG_ANSWER)
    judged(kit, own)
    assert progress.entry("first")["outcome"] == "wrong"


def test_a_byte_order_mark_is_no_mistake(course: Path, kit: Run, mine: Write) -> None:
    mine(b"\xef\xbb\xbf" + RIGHT.encode())
    assert judged(kit)["outcome"] == "correct"


def test_progress_that_cannot_be_kept_is_a_sentence_and_the_verdict_stands(
    course: Path, kit: Run, mine: Write, kit_home: Path
) -> None:
    (kit_home / "progress.json").mkdir()  # stands for a file that can neither be read nor replaced
    mine(RIGHT)
    result = kit("check", "first", "--json")
    assert (result.exit_code, json.loads(result.stdout)["points"]) == (0, 3)
    assert "Your progress could not be kept (Is a directory); all else stands." in result.stderr
    assert (kit_home / "progress.json").is_dir()


def test_a_damaged_record_is_put_aside_and_said(course: Path, kit: Run, mine: Write, kit_home: Path) -> None:
    (kit_home / "progress.json").write_text('{"exercises": {"first": {"points"')
    mine(RIGHT)
    result = kit("check", "first")
    assert result.exit_code == 0
    assert "Progress.json was damaged; it is kept as" in result.stderr
    (aside,) = kit_home.glob("progress.*.damaged.json")
    assert aside.read_text() == '{"exercises": {"first": {"points"'
    assert progress.entry("first")["points"] == 3
