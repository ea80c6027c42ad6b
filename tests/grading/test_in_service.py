"""A learner's code in service, and scored: whose code serves, what it says when it fails, and that it is repeatable."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kit.grading import exercise, in_service, metrics, progress, second_task, work
from kit.grading.examples import examples
from kit.grading.in_service import OutOfService, Served
from kit.views.score import Card, ghost_points

LAZY, WRITES = (exercise.load(ident) for ident in ("lazy_loading", "invalidate_on_write"))
SHORT = {
    LAZY.id: replace(second_task.TASKS[LAZY.id], to_min=7 * 60 + 6),
    WRITES.id: replace(second_task.TASKS[WRITES.id], to_min=9 * 60 + 4),
}
RIGHT = {
    f"{one.id}/{example.name}": (one, example.source)
    for one in (LAZY, WRITES)
    for example in examples(one)
    if example.fails is None
}


def served(**options: bool) -> Served:
    return in_service.serve(LAZY, second_task.window(SHORT[LAZY.id], 29), posts=False, **options)


def write(text: str, one: exercise.Exercise = LAZY, *, passed: bool = True) -> None:
    file = work.path(one)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    if passed:
        verdict = {"exercise": one.id, "engine": "model", "outcome": "correct", "points": 1, "trace": None}
        progress.record({**verdict, "previous": None}, text)


@cache
def reference() -> str:
    return served(reference=True).tape.dumps()


@pytest.mark.parametrize(("one", "source"), RIGHT.values(), ids=RIGHT)
def test_every_right_file_serves_its_minutes_and_keeps_its_promise(one, source):
    task = SHORT[one.id]
    tape = in_service.play(one, source, second_task.window(task, 29), posts=task.posts)
    looks = len(second_task.window(task, 29).looks)
    posted = sum(op.name == "start" and op.actor == "Writer" for op in tape)
    assert sum(op.name == "answer" for op in tape) == looks + posted
    assert metrics.queries(tape) < looks / 5
    assert (metrics.walls_old(tape) if task.posts else metrics.over_age(tape)) == 0


@pytest.mark.parametrize("passed", [False, True])
def test_without_a_passed_file_the_reference_serves_and_is_named(kit_home, passed):
    if not passed:
        write(LAZY.solution, passed=False)
    found = served()
    assert not found.own
    assert (
        found.label
        == "Served by the reference, the kit's own lazy_loading; until yours has passed the checks of lazy_loading."
    )
    assert found.tape.dumps() == reference()


def test_a_file_that_passed_serves_in_a_child_and_gives_the_bytes_of_the_same_code_here(kit_home):
    write(LAZY.solution)
    found = served()
    assert found.own
    assert found.label == "Served by your code, exercises/lazy_loading.py."
    assert found.tape.dumps() == reference()


def test_a_file_that_has_changed_since_it_passed_serves_no_more(kit_home):
    write(LAZY.solution)
    write(LAZY.solution + "\n# a thought\n", passed=False)
    assert served().label.endswith("exercises/lazy_loading.py has changed since it passed.")
    work.path(LAZY).unlink()
    assert served().label.endswith("exercises/lazy_loading.py cannot be read.")


CARELESS = {
    "raises": ("    raise ValueError('no board')", "line 2: ValueError: no board"),
    "leaves": ("    import os; os._exit(0)", "your code ended its own process (os._exit?)"),
    "never ends": ("    while True: pass", "no answer after"),
    "waits for itself": (
        "    import threading\n    lock = threading.Lock()\n    lock.acquire(); lock.acquire()",
        "a dead-lock: Reader 1",
    ),
    "asks for ever": ("    while True: cache.get('x')", "made 400 operations in one call"),
    "is no Python": ("    return (", "SyntaxError"),
}


@pytest.mark.parametrize(("body", "says"), CARELESS.values(), ids=CARELESS)
def test_code_that_fails_in_service_is_a_sentence_and_the_references_picture(kit_home, body, says):
    write(f"def get_board(cache, db, airport):\n{body}\n")
    found = in_service.serve(replace(LAZY, limit_s=0.3), second_task.window(SHORT[LAZY.id], 29), posts=False)
    assert not found.own
    assert "your code did not get through: " in found.label
    assert says in found.label
    assert found.tape.dumps() == reference()


def test_all_calls_together_have_their_time(kit_home, monkeypatch):
    monkeypatch.setattr(in_service, "MOST_S", 0.2)
    slow = "import json\ndef get_board(cache, db, airport):\n    sum(range(3_000_000))\n    return []\n"
    with pytest.raises(OutOfService, match="not through after"):
        in_service.play(LAZY, slow, second_task.window(SHORT[LAZY.id], 29), posts=False, apart=True)


def test_two_processes_give_the_same_bytes():
    script = (
        "import dataclasses, hashlib\n"
        "from kit.grading import exercise, in_service, second_task as st\n"
        "one = dataclasses.replace(st.TASKS['lazy_loading'], to_min=7 * 60 + 6)\n"
        "lazy = exercise.load('lazy_loading')\n"
        "tape = in_service.play(lazy, lazy.solution, st.window(one, 29), posts=False)\n"
        "print(hashlib.sha256(tape.dumps().encode()).hexdigest())\n"
    )
    root = Path(__file__).resolve().parents[2]
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == hashlib.sha256(reference().encode()).hexdigest()


# The score


def tried(ident: str, name: str, seed: int, *, apart: bool = False) -> Card:
    """A ghost's code as a learner's."""
    task, one = SHORT[ident], exercise.load(ident)
    code = second_task.text(one, name)
    tape = in_service.play(one, code, second_task.window(task, seed), posts=task.posts, apart=apart)
    return second_task.measured(second_task.ghosts(task, seed), tape)


@pytest.mark.parametrize("ident", SHORT)
@pytest.mark.parametrize("seed", [1, 2, 3, 29, 4711])
def test_the_reference_is_worth_a_hundred_and_the_naive_way_little_on_every_seed(ident, seed):
    card = second_task.ghosts(SHORT[ident], seed)
    naive, good, par = (ghost_points(card, name) for name in second_task.GHOSTS)
    assert par == 100
    assert naive < 30
    assert naive < good
    if seed == 1:
        assert tried(ident, "par", seed, apart=True).score == 100
        assert tried(ident, "naive", seed).score == naive


def test_two_learners_meet_two_storms():
    one, other = (second_task.window(SHORT[LAZY.id], seed) for seed in (1, 2))
    assert one.looks != other.looks


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(second_task, "TASKS", SHORT)


def test_without_a_submission_the_card_says_what_to_write(kit_home, short):
    for text in (None, LAZY.stub, "def get_board(:\n"):
        if text is not None:
            write(text, passed=False)
        card = second_task.score(LAZY.id, 29).card
        assert card.score is None
        assert card.rows[0].yours is None
    assert "SyntaxError" in card.note
    assert "write get_board in the exercise lazy_loading" in second_task.score(LAZY.id, 29, own=False).card.note


def test_a_score_is_kept_once_the_exercise_has_been_passed_and_the_best_one_stays(kit_home, short):
    write(LAZY.solution, passed=False)
    card = second_task.score(LAZY.id, 29).card
    assert (card.score, card.best) == (92, None)
    assert "not kept" in card.note
    assert "score" not in progress.entry(LAZY.id)
    write(LAZY.solution)
    assert second_task.score(LAZY.id, 29).card.best == 92
    write(second_task.text(LAZY, "naive"), passed=False)
    worse = second_task.score(LAZY.id, 29).card
    assert (worse.best, worse.first) == (92, 92)
    assert worse.score is not None
    assert worse.score < 30
    assert worse.note == "As it stands the file has not passed the checks of lazy_loading."
    assert progress.entry(LAZY.id)["score"] == 92


def test_an_exercise_without_a_second_task_is_named():
    with pytest.raises(KeyError, match="warm_up has no second task"):
        second_task.task("warm_up")
