"""The living score: it plays when asked to, shows what came of it, and opens the moment that decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ipywidgets.widgets.widget import Widget

from kit.grading import exercise, in_service, second_task
from kit.grading.second_task import Played
from kit.lab import score
from kit.lab.score import Score
from kit.views import score_card

TASK = replace(second_task.TASKS["lazy_loading"], to_min=7 * 60 + 6)


@pytest.fixture(scope="module")
def played() -> Played:
    lazy = exercise.load(TASK.exercise)
    tape = in_service.play(lazy, lazy.solution, second_task.window(TASK, 29), posts=False)
    return Played(second_task.measured(second_task.ghosts(TASK, 29), tape), tape)


def test_a_score_waits_then_shows_its_card_and_plays_again_when_asked(played: Played) -> None:
    tries = iter([played, Played(replace(played.card, best=92, first=92), played.tape)])
    seen: list[bool] = []

    def play() -> Played:
        seen.append(one.playing)
        return next(tries)

    one = Score(score_card.waiting("A title", "some minutes"), play)
    assert score_card.WAITING.split(",")[0] in one.html
    one.again()
    assert one.html == score_card.html(played.card, living=True)
    one.receive({"kind": "again"})
    assert "best so far 92" in one.html
    assert seen == [True, True]
    assert one.playing is False


def test_a_play_that_is_stopped_leaves_the_button_free(played: Played) -> None:
    def stopped() -> Played:
        raise KeyboardInterrupt

    one = Score("waiting", stopped)
    with pytest.raises(KeyboardInterrupt):
        one.again()
    assert one.playing is False
    assert one.html == "waiting"


def test_the_deciding_moment_opens_and_nothing_else_does(played: Played) -> None:
    opened: list[Widget] = []
    one = Score("waiting", lambda: played, opened.append)
    one.receive({"kind": "open"})  # nothing to open yet
    one.again()
    nonsense: list[dict[str, Any]] = [{}, {"kind": "close"}, {"kind": None}]
    for message in nonsense:
        one.receive(message)
    assert not opened
    one.receive({"kind": "open"})
    (player,) = opened
    assert repr(player) == "Player('Answer time, p99', 6 steps)"


def test_where_every_row_meets_par_nothing_opens(played: Played) -> None:
    rows = tuple(replace(row, yours=row.par) for row in played.card.rows)
    assert score.of_the_moment(Played(replace(played.card, rows=rows), played.tape)) is None
    assert score.of_the_moment(Played(played.card)) is None
