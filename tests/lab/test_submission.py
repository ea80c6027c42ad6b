"""The learner's file: what a cell overwrites is never lost."""

from __future__ import annotations

from pathlib import Path

from kit.grading.exercise import load
from kit.grading.work import path
from kit.lab import submission

EXERCISE = "invalidate_on_write"


def test_a_cell_writes_the_file(kit_home: Path) -> None:
    assert submission.write(load(EXERCISE), "x = 1\n") == ""
    assert (kit_home / "exercises" / f"{EXERCISE}.py").read_text() == "x = 1\n"


def test_running_the_cell_again_keeps_no_copy(kit_home: Path) -> None:
    for body in ("x = 1\n", "x = 2\n", "x = 2\n"):
        assert submission.write(load(EXERCISE), body) == ""
    assert not (kit_home / "backups").exists()


def test_the_untouched_stub_is_not_worth_a_copy(kit_home: Path) -> None:
    exercise = load(EXERCISE)
    file = path(exercise)
    file.parent.mkdir(parents=True)
    file.write_text(exercise.stub)
    assert submission.write(exercise, "x = 1\n") == ""


def test_an_edit_from_outside_is_kept_and_named(kit_home: Path) -> None:
    exercise = load(EXERCISE)
    submission.write(exercise, "x = 1\n")
    path(exercise).write_bytes(b"x = 'from the shell \xff'\n")
    note = submission.write(exercise, "x = 3\n")
    (copy,) = (kit_home / "backups").iterdir()
    assert copy.read_bytes() == b"x = 'from the shell \xff'\n"
    assert copy.name in note
    assert path(exercise).read_text() == "x = 3\n"
