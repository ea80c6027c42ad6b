"""`kit score`: the second task from the shell."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kit.grading import exercise, progress, second_task


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    one = second_task.TASKS["lazy_loading"]
    monkeypatch.setattr(second_task, "TASKS", {one.exercise: replace(one, to_min=one.from_min + 6)})


def passed(ident: str, text: str) -> None:
    verdict = {"exercise": ident, "engine": "model", "outcome": "correct", "points": 1, "trace": None, "previous": None}
    progress.record(verdict, text)


def test_a_score_is_printed_kept_and_listed(kit, mine):
    solution = exercise.load("lazy_loading").solution
    mine(solution, "lazy_loading")
    passed("lazy_loading", solution)
    found = kit("score", "lazy_loading")
    assert found.exit_code == 0
    assert "Decided by answer time, p99: 7.0 ms where par is 6.5 ms." in found.output
    assert "best so far 92, first try 92" in found.output
    listed = json.loads(kit("list", "--json").output)
    assert next(one["score"] for one in listed["exercises"] if one["id"] == "lazy_loading") == 92
    assert "second task 92 of 100" in kit("list").output


def test_json_is_one_object_and_nothing_else(kit, mine):
    mine(second_task.text(exercise.load("lazy_loading"), "par"), "lazy_loading")
    found = json.loads(kit("score", "lazy_loading", "--json", "--seed", 3).stdout)
    assert (found["score"], found["seed"], found["deciding"], found["best"]) == (100, 3, None, None)
    assert [row["id"] for row in found["rows"]] == ["queries", "p99_ms", "over_age"]
    assert all(row["yours"] == row["par"] and row["state"] == "on" and row["part"] == 1 for row in found["rows"])
    assert {"naive", "good"} <= found["rows"][0].keys()


def test_the_learners_seed_is_the_same_each_time(kit):
    one, other = (json.loads(kit("score", "lazy_loading", "--json").stdout)["seed"] for _ in range(2))
    assert one == other == progress.read()["seed"]


def test_another_storm_than_the_learners_is_not_recorded(kit, mine):
    solution = exercise.load("lazy_loading").solution
    mine(solution, "lazy_loading")
    passed("lazy_loading", solution)
    kit("score", "lazy_loading", "--seed", 3)
    assert "score" not in progress.entry("lazy_loading")


def test_without_a_file_it_says_what_to_write(kit):
    found = kit("score", "lazy_loading")
    assert found.exit_code == 0
    assert "No score yet: write get_board in the exercise lazy_loading" in found.output


@pytest.mark.parametrize(
    ("ident", "says"), [("warm_up", "has no second task"), ("lazy_laoding", "Did you mean lazy_loading?")]
)
def test_what_has_no_second_task_is_bad_usage(kit, ident, says):
    found = kit("score", ident)
    assert found.exit_code == 2
    assert says in found.stderr
