"""Figures that the lessons' prose prints: each is the one that the series file holds, and the syllabus's within reach.

Tolerances (syllabus, H.1): misses 1 %, shares 1.5 points. That the file is what the replay counts is said by
`tests/workloads/flights`, as are flights, people waiting, changes and looks.
"""

from __future__ import annotations

from typing import Any

import pytest

from kit.lab import live
from kit.lab.bets_05 import BETS
from kit.lab.places import CLONE


@pytest.fixture(scope="module")
def storm() -> dict[str, dict[int, dict[str, float]]]:
    """grain → TTL in seconds → misses, wall and phone of 8 March."""
    data: Any = live.load()
    grains = data["days"]["storm"]["grains"]
    return {
        grain: {ttl: {name: columns[name][at] for name in columns} for at, ttl in enumerate(data["stops"])}
        for grain, columns in grains.items()
    }


def _prose(name: str) -> str:
    lines = (CLONE / "notebooks" / "source" / name).read_text(encoding="utf-8").splitlines()
    return " ".join(line.removeprefix("# ") for line in lines)


@pytest.mark.parametrize(("ttl", "syllabus", "reach"), [(30, 26.0, 1.5), (60, 38.6, 1.5), (299, 76.7, 1.6)])
def test_the_walls_of_lesson_05_are_the_syllabuses(storm: Any, ttl: int, syllabus: float, reach: float) -> None:
    assert storm["board"][ttl]["wall"] == pytest.approx(syllabus, abs=reach)


def test_the_prose_on_round_ttls_prints_what_the_series_holds(storm: Any) -> None:
    board = storm["board"]
    words = f"at 299 s {board[299]['wall']} % of the walls are wrong, one second later {board[300]['wall']} %"
    assert words in _prose("05_keeping_it_true.py")
    assert 74.9 <= board[300]["wall"] <= 89.1, "the range over forty seeds"


def test_the_bet_on_half_the_ttl_prints_what_the_series_holds(storm: Any) -> None:
    told, truth = storm["board"][60]["wall"], storm["board"][30]["wall"]
    assert any(f"From {told} to {truth} %" in repr(bet) for bet in BETS)


def test_two_hit_ratios_that_look_alike_are_160_000_queries_apart(storm: Any) -> None:
    looks = live.load()["days"]["storm"]["looks"]
    fine, coarse = storm["flight"][60]["misses"], storm["board"][60]["misses"]
    assert "93 and 99.8 per cent of hits look alike, and are 160,000 queries apart" in _prose("03_lazy_loading.py")
    assert 100 * (1 - fine / looks) == pytest.approx(93.3, abs=0.1)
    assert round(100 * (1 - coarse / looks), 1) == 99.8
    assert fine - coarse == pytest.approx(162_000, rel=0.01)
    assert (coarse, fine) == (pytest.approx(4_004, rel=0.01), pytest.approx(166_240, rel=0.01))
