"""What starting costs: `import kit`, `kit --help`, and the judge; and that none of them brings pandas or Jupyter.

A figure is what comes on top of a bare Python, as a multiple of that; wall time, since most of it is reading files.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.paired import Broken, Line, Side, paired, wall
from tests.bench.references import bare_python, run_python

HEAVY = ("pandas", "numpy", "IPython", "ipykernel", "ipywidgets", "anywidget", "traitlets", "nbformat", "jupyterlab")
KIT = Path(sys.executable).parent / "kit"
_STARTS = {
    "import kit": "import kit",
    "kit --help": "import contextlib, io, kit.cli\n"
    "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
    "    kit.cli.cli(['--help'], prog_name='kit')",
    "import kit.grading.judge": "import kit.grading.judge",
}


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The lines of starts. Raises Broken where pandas or Jupyter came along."""
    for what, code in _STARTS.items():
        if came := heavy(code):
            raise Broken(f"{what} imports {', '.join(came)}; wanted is none of {', '.join(HEAVY)}")
    sides: dict[str, Side] = {"bare python": bare_python}
    for what, code in _STARTS.items():
        sides[what] = _starting([sys.executable, "-c", code])
    sides["kit --help"] = _starting([str(KIT), "--help"])
    found = paired(sides, rounds)
    bare = found.cost("bare python")
    for what in _STARTS:
        target, stretch = (60, 30) if what == "import kit" else (None, None)
        ratio = found.ratio(what, "bare python") - 1
        beside = f"a bare python {bare * 1e3:.0f} ms; no pandas, no Jupyter"
        more_ms = (found.cost(what) - bare) * 1e3
        yield Line(f"{what}, on top of", ratio, "× bare python", target, stretch, beside, amount=more_ms, of="ms")


def heavy(code: str) -> list[str]:
    """Which of the heavy packages are imported after `code` has run."""
    ran = run_python(f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))")
    return ran.stdout.split()


def _starting(command: list[str]) -> Side:
    return lambda: wall(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
