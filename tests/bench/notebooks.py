"""The notebooks under nbval, seconds a notebook: the whole run of `make nbval` divided by the notebooks in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kit.lab.build import environment
from kit.lab.places import CLONE
from tests.bench.paired import Broken, Line, paired, wall
from tests.bench.references import bare_python, missing


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The notebooks' line."""
    what = "a notebook under nbval"
    if why := missing("nbval"):
        yield Line(what, None, beside=why)
        return
    count = len(list((CLONE / "notebooks").glob("*.ipynb")))
    found = paired({"nbval": lambda: wall(_nbval) / count, "bare python": bare_python}, rounds)
    yield Line(
        what, found.ratio("nbval", "bare python"), "× bare python", 2.5, 1.5, f"{count} notebooks",
        amount=found.cost("nbval"), of="s",
    )  # fmt: skip


def _nbval() -> None:
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as home:
        outer = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "JUPYTER_PATH")}
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-cell-timeout=60", "notebooks"],
            cwd=CLONE, env=outer | environment(Path(home), CLONE / "work" / ".test-data"),
            capture_output=True, text=True,
        )  # fmt: skip
    if ran.returncode:
        red = "; ".join(line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))
        raise Broken(f"nbval is red, so its time says nothing: {red or ran.stderr[-500:]}")
