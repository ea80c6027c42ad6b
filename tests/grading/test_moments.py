"""The moment that a measure speaks of: whole calls, in order, told as sentences."""

from __future__ import annotations

import pytest
from test_metrics import MISS, change, looks, past, served

from kit.grading.moments import moment
from kit.views.narration import tell
from kit.world.tape import Tape


def told(tape: Tape, measure: str) -> list[str]:
    found = moment(tape, measure)
    assert found is not None
    assert [op.seq for op in found] == list(range(len(found)))
    return tell(found)


def test_a_miss_is_shown_behind_the_copy_that_it_missed():
    sentences = told(served(*looks(0, 1, 2, 61, 62)), "queries")
    assert sentences[0].startswith("Reader 0 asks the cache")
    assert sentences[-1] == "Reader 3 pays three round trips again: the copy has expired."
    assert not any(line.startswith("Reader 1") for line in sentences)


def test_a_miss_after_a_delete_is_shown_behind_the_delete():
    sentences = told(served(*looks(0, 1, 20), change(10), delete=True), "queries")
    assert [line.split(" ")[1] for line in sentences if "asks the cache" in line] == ["0", "2"]
    assert sum(line.startswith("The writer deletes") for line in sentences) == 2


def test_the_time_of_a_moment_begins_with_it():
    found = moment(served(*looks(100, 101, 102)), "queries")
    assert found is not None
    assert min(op.t_sent for op in found if op.t_sent is not None) == 0
    assert max(op.t_received for op in found if op.t_received is not None) == MISS


def test_the_look_at_the_ninety_ninth_rank_stands_alone():
    sentences = told(served(*looks(*range(5))), "p99_ms")
    assert sentences[0].startswith("Reader 0 asks the cache")
    assert all("Reader 0" in line or not line.startswith("Reader") for line in sentences)


@pytest.mark.parametrize("write", [change, past], ids=["by the writer", "past him"])
def test_an_old_wall_is_shown_with_its_copy_and_its_change(write):
    tape = served(*looks(0, 5, 10, 20, 70), write(7))
    sentences = told(tape, "walls_old")
    assert sum("puts version 1 into the cache" in line for line in sentences) == 1
    assert sum("the database holds version 2" in line for line in sentences) == 1
    assert sentences[-1] == "Reader 2 gets a hit, and a stale copy: 09:00 instead of 09:39."
    assert not any(line.startswith(("Reader 1 ", "Reader 3 ", "Reader 4 ")) for line in sentences)


def test_a_board_over_age_is_shown_with_the_change_that_it_missed():
    sentences = told(served(*looks(0, 30, 90), change(15), ttl=600), "over_age")
    assert sentences[-1] == "Reader 2 gets a hit, and a stale copy: 09:00 instead of 09:39."


def test_the_change_that_cost_most_commands():
    sentences = told(served(*looks(0), change(3), delete=True), "commands_per_change")
    assert sum(line.startswith("The writer deletes") for line in sentences) == 2


@pytest.mark.parametrize("measure", ["queries", "p99_ms", "walls_old", "over_age", "commands_per_change"])
def test_a_tape_without_such_a_moment_has_none(measure):
    assert moment(served(past(1)), measure) is None
