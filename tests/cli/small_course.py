"""A course of small exercises, and the command line as a process of its own.

The exercises have the form of the real ones, so every outcome costs a child and a few schedules and no more.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

ROOT = Path(__file__).resolve().parents[2]
REAL = "invalidate_on_write"
WRONG = ROOT / "exercises" / REAL / "wrong"

Run = Callable[..., Result]
Write = Callable[..., Path]

STUB = '''"""Answer the board of an airport."""


def get_board(cache, db, airport):
    raise NotImplementedError
'''
RIGHT = """BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"


def get_board(cache, db, airport):
    return db.query(BOARD, airport=airport)
"""
WRONG_ANSWER = "def get_board(cache, db, airport):\n    cache.get('board')\n    return [{'id': 1, 'delay': 99}]\n"
ENDLESS = "def get_board(cache, db, airport):\n    while True:\n        pass\n"
HALF = """BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"


def get_board(cache, db, airport):
    return db.query(BOARD, airport=airport) if airport == "JFK" else []
"""

_TOML = """
id = "{id}"
title = "{title}"
lesson = "{lesson}"
order = 1
kind = "concurrent"
client = "redis"
engines = ["model"]
minutes = 3
limit_s = 0.5
operation_limit = 400
version = 1
hints = ["Look at the database.", "Ask it:\\n    db.query(BOARD, airport=airport)  # code stays whole"]

[entries]
get_board = ["cache", "db", "airport"]
"""

_CHECKS = """
from kit.grading.check import Check, Part
from kit.grading.calls import calls
from kit.grading.properties import no_exception

DEPARTURES = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"


def one(world):
    world.truth("JFK", DEPARTURES, airport="JFK")
    world.call("get_board", "JFK")


def other(world):
    world.truth("LGA", DEPARTURES, airport="LGA")
    world.call("get_board", "LGA")


def answers(count):
    def holds(tape):
        if (broken := no_exception(tape)) is not None:
            return broken
        for call in calls(tape):
            if call.answered and (len(call.answer) != count or any(row["delay"] == 99 for row in call.answer)):
                return f"{call} is not the board."
        return None

    return holds


CHECKS = (
    Check("right", "The board is right", 2, False, "always", (Part(one),), answers(3)),
    Check("other", "The other board is right", 1, True, "always", (Part(other),), answers(1)),
)
"""


def make_exercise(root: Path, ident: str, lesson: str, title: str) -> Path:
    """A small exercise on disk."""
    folder = root / ident
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(_TOML.format(id=ident, lesson=lesson, title=title))
    (folder / "checks.py").write_text(_CHECKS)
    (folder / "stub.py").write_text(STUB)
    (folder / "solution.py").write_text(RIGHT)
    (folder / "README.md").write_text("# The task\n")
    return folder


def command(root: Path | None = None) -> list[str]:
    """The command line as a process of its own; root: the course, default the real one."""
    if root is None:
        return [sys.executable, "-m", "kit.cli"]
    code = f"import pathlib, kit.grading.exercise as one; one.ROOT = pathlib.Path({str(root)!r})"
    return [sys.executable, "-c", f"{code}; from kit.cli import main; main()"]


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would change a terminal's look."""
    unwanted = ("NO_COLOR", "TERM", "COLUMNS", "LINES")
    return {**{name: value for name, value in os.environ.items() if name not in unwanted}, **more}
