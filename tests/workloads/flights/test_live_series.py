"""What lesson 05 draws: shaped for the browser, the same bytes each time, and it shows what the lesson says."""

from __future__ import annotations

import itertools
import json
import sqlite3
from pathlib import Path

import pytest

from kit.workloads.flights import live, rule


@pytest.fixture(scope="module")
def written(archive: sqlite3.Connection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("live") / "live.json"
    live.write_live(target, archive)
    return target


def test_the_file_holds_two_days_at_two_grains_over_sixteen_ttls(written: Path) -> None:
    data = json.loads(written.read_text(encoding="utf-8"))
    assert (data["seed"], data["interval_s"]) == (live.SEED, 600)
    assert {(day, grain) for day, grains in data["series"].items() for grain in grains} == {
        ("storm", "board"),
        ("storm", "flight"),
        ("ordinary", "board"),
        ("ordinary", "flight"),
    }
    for grains in data["series"].values():
        for found in grains.values():
            assert found["ttl_s"] == list(live.TTLS_S)
            assert {len(found[name]) for name in ("misses", "wall", "phone")} == {16}


def test_building_again_changes_no_byte_and_leaves_nothing_beside_it(
    written: Path, archive: sqlite3.Connection
) -> None:
    before = written.read_bytes()
    live.write_live(written, archive)
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_the_lines_cross_a_longer_ttl_costs_less_and_shows_more_that_is_old(written: Path) -> None:
    for grains in json.loads(written.read_text(encoding="utf-8"))["series"].values():
        for found in grains.values():
            assert all(later < earlier for earlier, later in itertools.pairwise(found["misses"]))
            assert found["phone"][0] < 1 < found["phone"][-1]
            assert all(phone <= wall for phone, wall in zip(found["phone"], found["wall"], strict=True))


def test_a_series_is_computed_for_the_ttls_that_are_asked_for(ordinary: rule.Day) -> None:
    found = live.series(ordinary, "hour", (7, 0.5))
    assert (found.ttl_s, found.day, found.keys) == ((7, 0.5), rule.ORDINARY, 54)
    assert found.misses[0] < found.misses[1]
