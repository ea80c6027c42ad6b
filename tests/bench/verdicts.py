"""Verdicts of five wrong and three right files: cold from the shell, and warm from the desk that a notebook asks.

Cold is `kit check ID --json` of the learner's own file in a new home; warm is the second verdict of a desk's process.
Both in wall seconds, as multiples of a bare Python's start in the same round.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import sleep
from typing import Any

from kit.grading.exercise import load
from kit.grading.service import Desk
from tests.bench.imports import KIT
from tests.bench.paired import Broken, Line, Rounds, Side, paired, wall
from tests.bench.references import bare_python
from tests.bench.schedules import EXERCISE

_SPARE_S = 0.6  # meanwhile the desk's next child gets ready, as it does while a learner reads a verdict


@dataclass(frozen=True, slots=True)
class _Files:
    """So many files of one folder, evenly spread over it, so that nobody chooses the quick ones."""

    folder: str
    count: int

    def paths(self) -> list[Path]:
        every = sorted((load(EXERCISE).folder / self.folder).glob("*.py"))
        return [every[(2 * number + 1) * len(every) // (2 * self.count)] for number in range(self.count)]


_KINDS = (_Files("wrong", 5), _Files("right", 3))
_TARGETS_S = {("wrong", "cold"): (0.6, 0.4), ("wrong", "warm"): (0.3, 0.2), ("right", "warm"): (0.8, None)}


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The lines of verdicts."""
    desk = Desk()
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as home:
        before, os.environ["KIT_HOME"] = os.environ.get("KIT_HOME"), home
        try:
            for files in _KINDS:
                paths = files.paths()
                cold = {f"cold {path.stem}": _cold(Path(home), path) for path in paths}
                warm = {f"warm {path.stem}": _warm(desk, path) for path in paths}
                found = paired({"bare python": bare_python} | cold | warm, rounds)
                for how in ("cold", "warm"):
                    yield _line(found, files.folder, [path.stem for path in paths], how)
        finally:
            desk.stop()
            if before is None:
                del os.environ["KIT_HOME"]
            else:
                os.environ["KIT_HOME"] = before


def _line(found: Rounds, kind: str, names: list[str], how: str) -> Line:
    seconds = {name: found.cost(f"{how} {name}") for name in names}
    ratio = median(found.ratio(f"{how} {name}", "bare python") for name in names)
    target, stretch = _TARGETS_S.get((kind, how), (None, None))
    slowest = max(names, key=seconds.__getitem__)
    return Line(
        f"verdict of a {kind} file, {how}, {len(names)} files", ratio, "× bare python",
        target, stretch, f"slowest {slowest}, {seconds[slowest]:.2f} s", amount=median(seconds.values()), of="s",
    )  # fmt: skip


def _cold(home: Path, file: Path) -> Side:
    source = file.read_text(encoding="utf-8")

    def check() -> float:
        with tempfile.TemporaryDirectory(dir=home) as own:
            (Path(own) / "exercises").mkdir()
            (Path(own) / "exercises" / f"{EXERCISE}.py").write_text(source, encoding="utf-8")
            return wall(lambda: _held(_kit_check(os.environ | {"KIT_HOME": own}), file))

    return check


def _kit_check(environment: Mapping[str, str]) -> dict[str, Any]:
    ran = subprocess.run([KIT, "check", EXERCISE, "--json"], env=environment, capture_output=True, text=True)
    if not ran.stdout:
        raise Broken(f"kit check printed nothing and left with {ran.returncode}: {ran.stderr[-500:]}")
    verdict: dict[str, Any] = json.loads(ran.stdout)
    return verdict


def _warm(desk: Desk, file: Path) -> Side:
    source = file.read_text(encoding="utf-8")

    def check() -> float:
        seconds = wall(lambda: _held(desk.check(EXERCISE, source), file))
        sleep(_SPARE_S)
        return seconds

    return check


def _held(verdict: Mapping[str, Any], file: Path) -> None:
    """A quick verdict that is not the right one is worth nothing."""
    right = file.parent.name == "right"
    if (verdict["outcome"] == "correct") != right:
        raise Broken(f"{file.parent.name}/{file.name} was judged {verdict['outcome']}")
