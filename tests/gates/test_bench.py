"""The bench: figures are medians of paired ratios, a missing peer is said to be missing. Nothing here is timed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A module of the bench by its name."""
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: import_module(f"tests.bench.{name}")


def test_every_side_is_measured_once_a_round_and_the_order_turns_round(bench: Callable[[str], Any]) -> None:
    seen: list[str] = []

    def side(name: str) -> Callable[[], float]:
        return lambda: seen.append(name) or 1.0  # type: ignore[func-returns-value]

    found = bench("paired").paired({name: side(name) for name in "abc"}, 3, warm=1)
    assert sorted(["".join(seen[at : at + 3]) for at in range(0, 12, 3)]) == ["abc", "abc", "cba", "cba"]
    assert seen[:3] != seen[3:6] != seen[6:9]
    assert {name: len(costs) for name, costs in found.costs.items()} == {"a": 3, "b": 3, "c": 3}


def test_the_ratio_of_a_machine_that_slows_down_is_still_the_ratio(bench: Callable[[str], Any]) -> None:
    rounds = bench("paired").Rounds({"ours": [2.0, 20.0, 8.0], "peer": [1.0, 10.0, 1.0]})
    assert rounds.ratio("ours", "peer") == 2.0
    assert rounds.cost("peer") == 1.0


def test_a_missing_peer_is_said_to_be_missing(bench: Callable[[str], Any]) -> None:
    why = bench("references").missing("no_such_peer")
    line = str(bench("paired").Line("a race × a peer", None, beside=why))
    assert " ".join(line.split()) == "a race × a peer not measured: no_such_peer is not installed"
    assert bench("references").missing("pytest") == ""


@pytest.mark.parametrize(("figure", "word"), [(0.5, "stretch"), (1.5, "target"), (2.5, "missed")])
def test_a_line_says_how_it_stands_to_its_target(bench: Callable[[str], Any], figure: float, word: str) -> None:
    line = str(bench("paired").Line("a start", figure, "× bare python", 2, 1, "12 ms"))
    assert line.split()[2:] == [str(figure), "×", "bare", "python", "≤", "2", "≤", "1", word, "12", "ms"]


@pytest.mark.parametrize(("amount", "word"), [(5_000, "stretch"), (2_500, "target"), (500, "missed")])
def test_a_target_that_is_no_ratio_is_held_to_the_amount(bench: Callable[[str], Any], amount: float, word: str) -> None:
    line = bench("paired").Line("a run", 9.0, "× floor", 2_000, 4_000, amount=amount, of="a second", least=True)
    assert str(line).split()[2:] == ["9", "×", "floor", f"{amount:,}", "a", "second", "≥", "2,000", "≥", "4,000", word]


def test_make_bench_hands_its_arguments_on_and_a_wrong_name_is_answered_with_the_right_ones() -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    planned = subprocess.run(
        ["make", "-n", "bench", "ARGS=--only engine --quick"],
        cwd=ROOT, env=ours, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert planned.stdout.splitlines()[-1].endswith("python -m tests.bench --only engine --quick")
    asked = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--only", "speed"], cwd=ROOT, capture_output=True, text=True
    )
    assert asked.returncode == 2
    assert "'engine'" in asked.stderr
    assert "'frames'" in asked.stderr
