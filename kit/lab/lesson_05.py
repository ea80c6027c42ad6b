"""Lesson 05, Keeping it true: the live picture of TTLs, the race, its scheduler, and a real server asked.

Rules: those of `lesson.py`.
"""

from __future__ import annotations

from typing import Any

from ipywidgets.widgets.widget import Widget

from kit.grading.freshness import freshness
from kit.lab import live, player, real_server, scenes, tables
from kit.lab.bet import Bet
from kit.lab.ledger import Kept
from kit.lab.lesson import Lesson
from kit.views.series import Data, Mark, Point

# What the hook has told before the first bet: airport boards, the storm, a TTL of 60 s.
TOLD = ("storm", "board", 60)
BET_TTL = 30


class Lesson05(Lesson):
    """What the notebook of lesson 05 calls."""

    number = "05"

    @property
    def series(self) -> Data:
        """What the live picture draws; tables of the hook are cut from it."""
        return live.load()

    def live(self, guard: str) -> None:
        """Show the live picture of TTLs; the bet `guard` opens it and is drawn into it."""
        data = self.series
        day, grain, ttl = TOLD
        start = Point(day, grain, data["stops"].index(ttl))
        picture = live.Live(data, start)
        move = data["stops"].index(BET_TTL)
        self.when_answered(guard, lambda one, kept: picture.reveal(_mark(one, kept), move))
        live.show(picture, data, start)

    def delete_first(self) -> Widget:
        """The player of the second bet's answer: a reader between the delete and the write."""
        tape = scenes.race(scenes.REFILLED, "delete_first").tape
        return player.player(tape, "Delete first, then write", subtitle="a reader comes in between")

    def race(self) -> None:
        """Show the stale set of the textbook's code, from its first message."""
        tape = scenes.race(scenes.STALE_SET).tape
        player.show(player.player(tape, "The race", subtitle="commit, then delete; one reader, one writer", start=1))

    def scheduler(self, write: str = "textbook", guard: str = "") -> None:
        """Let the learner choose who goes next. guard: a bet that must be answered first."""
        title = "Who goes next?" if write == "textbook" else "Who goes next, when the delete comes first?"

        def rerun(choices: list[int]) -> Any:
            run = scenes.race(choices, write)
            return run.tape, run.points

        one = player.scheduler(rerun, title, subtitle="the next passenger asks at the end", holds=freshness)
        if guard:
            self.after(guard, one, one.still, one.text, player.TWIN_STYLES)
        else:
            player.show(one)

    def seconds_stale(self) -> None:
        """Show for each commit of two minutes of the storm how long its old board was still shown."""
        tables.show(*tables.seconds_stale())

    def ask_a_real_server(self, *commands: tuple[str, ...]) -> None:
        """Show what a real Valkey replies to these commands, and how long each took here."""
        real_server.show(commands)


def _mark(one: Bet, kept: Kept) -> Mark | None:
    return Mark(BET_TTL, one.guesses[kept.choice]) if kept.choice is not None and one.guesses else None
