"""The small course, and the command line run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_course import Run, make_exercise

from kit.cli import cli
from kit.grading import exercise


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a course with the exercises `first` and `second`."""
    root = tmp_path / "course"
    make_exercise(root, "second", "02", "The second one")
    make_exercise(root, "first", "01", "The first one")
    monkeypatch.setattr(exercise, "ROOT", root)
    return root


@pytest.fixture
def kit(kit_home: Path) -> Run:
    """`kit("check", "first")` in this process, with a KIT_HOME of this test alone."""

    def run(*arguments: str | Path, color: bool = False, columns: int = 100) -> Result:
        runner = CliRunner(env={"COLUMNS": str(columns)})
        return runner.invoke(cli, [str(one) for one in arguments], prog_name="kit", color=color)

    return run


@pytest.fixture
def mine(kit_home: Path) -> Callable[..., Path]:
    """Write the learner's file of an exercise."""

    def write(source: str | bytes, ident: str = "first") -> Path:
        file = kit_home / "exercises" / f"{ident}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(source if isinstance(source, bytes) else source.encode())
        return file

    return write
