"""What lesson 05 tells: every figure of its prose is counted, and its scenes are the ones it speaks of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.grading import exercise, progress, work
from kit.grading.freshness import freshness
from kit.lab import live, scenes, tables
from kit.lab.places import CLONE
from kit.views.narration import tell
from kit.workloads.flights import archive, rule, window

PROSE = (CLONE / "notebooks" / "source" / "05_keeping_it_true.py").read_text("utf-8")
# looks.md, "Words": the race, a sentence a step; flight, airport and times are this scene's.
RACE = """Reader 1 asks the cache for the board of EWR.
The cache holds nothing under board:EWR: a miss.
Reader 1 asks the database for the board.
The database gives Reader 1 version 1: DL485 leaves at 09:00.
The writer delays DL485 to 09:39: the database holds version 2.
Reader 1 still holds version 1. It is stale now.
The writer deletes board:EWR from the cache.
The cache finds nothing to delete.
Reader 1 puts version 1 back. The cache is now wrong.
The cache accepts it: nothing tells it that version 1 is stale.
Reader 2 asks the cache for the same board.
Reader 2 gets a hit, and a stale board: 09:00 instead of 09:39.""".splitlines()


@pytest.fixture(scope="module")
def year() -> Iterator[sqlite3.Connection]:
    connection = archive.open_archive(archive.ensure().parent)
    yield connection
    connection.close()


def test_the_race_comes_out_word_for_word_after_one_deviation() -> None:
    run = scenes.race(scenes.STALE_SET)
    assert list(tell(run.tape)) == RACE
    assert run.tape.choices == (0, 0, 1)
    assert not run.tape.timed


def test_the_default_order_is_right_and_the_race_breaks_the_rule() -> None:
    assert freshness(scenes.race().tape) is None
    assert freshness(scenes.race(scenes.STALE_SET).tape) is not None


def test_delete_first_is_broken_by_a_reader_who_comes_in_between() -> None:
    tape = scenes.race(scenes.REFILLED, "delete_first").tape
    said = list(tell(tape))
    assert said[0] == "The writer deletes board:EWR from the cache."
    assert said[-1] == RACE[-1]
    assert freshness(tape) is not None


def test_both_days_have_979_flights_and_laguardia_cancels_14_of_25(year: sqlite3.Connection) -> None:
    storm, ordinary = (rule.flights_of(year, day) for day in (rule.STORM, rule.ORDINARY))
    assert len(storm) == len(ordinary) == 979
    nine = [one for one in storm if one.origin == "LGA" and 540 <= one.sched < 600]
    assert (sum(one.delay is None for one in nine), len(nine)) == (14, 25)
    assert "exactly 979 scheduled flights each" in PROSE
    assert "14 of its 25 departures" in PROSE


def test_the_series_is_within_the_syllabuss_tolerances() -> None:
    head, rows = tables.two_days(live.load())
    assert head[1:] == ["8 March, the storm", "15 March, ordinary"]
    told = {row[0]: row[1:] for row in rows}
    number = lambda text: float(text.replace(",", "").removesuffix(" %"))  # noqa: E731
    looks, changes, misses, wall, phone = ([number(one) for one in row] for row in told.values())
    assert looks[0] == pytest.approx(2_496_130, rel=0.002)
    assert changes == [5_793, 2_165]
    assert misses[0] == pytest.approx(4_004, rel=0.01)
    assert wall[0] == 38.6
    assert wall == pytest.approx([38.6, 25.3], abs=1.5)
    assert phone[0] == pytest.approx(1.3, abs=1.5)


def test_the_wall_of_the_hook_is_wrong_where_the_database_has_moved_on() -> None:
    head, rows, said = tables.wall_against_database()
    assert all(row[3] != row[4] for row in rows)
    assert said == f"{len(rows)} of 25 rows are wrong; the copy is 55 s old."
    assert "at 08:46:20" in PROSE
    assert len(head) == len(rows[0])


def test_seconds_stale_are_counted_from_commit_to_the_last_old_answer(year: sqlite3.Connection) -> None:
    minutes = window.window(year, rule.STORM, tables.AIRPORT, *tables.WINDOW_MIN, live.SEED)
    moved = [change for change in minutes.changes if change.delay != change.before]
    _, rows, said = tables.seconds_stale()
    assert len(rows) == len(moved)
    # A copy may live its whole TTL after a commit, and the query of 6 ms on top; never longer.
    assert 50 < max(float(row[2].split()[0]) for row in rows) < scenes.TTL_S + 0.1
    assert "the same minutes end with 0 old answers. Served by the reference" in said


def test_the_learners_passed_code_serves_the_seconds_and_is_named(kit_home: Path) -> None:
    lazy = exercise.load("lazy_loading")
    text = (lazy.folder / "second_task" / "par.py").read_text("utf-8")
    file = work.path(lazy)
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    verdict = {"exercise": lazy.id, "engine": "model", "outcome": "correct", "points": 1, "trace": None}
    progress.record({**verdict, "previous": None}, text)
    _, rows, said = tables.seconds_stale()
    assert said.endswith("Served by your code, exercises/lazy_loading.py.")
    assert max(float(row[2].split()[0]) for row in rows) > 50  # its copies are known by their rows, thread or not


def test_a_table_is_as_wide_in_text_as_its_words() -> None:
    text = tables.text(["a", "bb"], [["ccc", "d"]], "End.")
    assert text == "a    bb\nccc  d\nEnd."
    assert "<script>" not in tables.html(["<script>"], [["<script>"]], "<script>")
