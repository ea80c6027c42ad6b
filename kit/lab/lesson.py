"""One lesson in a notebook: the learner's bets, the pictures that wait for them, and what opens on request.

Rules: a picture that a bet guards holds nothing of the answer until the bet is answered or skipped, in this session or
an earlier one; every method shows one thing and returns nothing, so a cell stores exactly that thing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ipywidgets.widgets.widget import Widget

from kit.grading.freshness import freshness
from kit.lab import course, live, player, predict, ready, real_server, scenes, tables
from kit.lab.bets import Bet, bet
from kit.lab.exercise import ExerciseCell, desk
from kit.lab.ledger import Kept, Ledger
from kit.lab.mount import mount
from kit.views.series import Data, Mark, Point
from kit.workloads import places

# What the hook has told before the first bet: airport boards, the storm, a TTL of 60 s.
TOLD = ("storm", "board", 60)
BET_TTL = 30


class Lesson:
    """The lesson a notebook is about. number: `05`; home: KIT_HOME, default the learner's own."""

    def __init__(self, number: str, home: Path | None = None) -> None:
        self._number = number
        self._ledger = Ledger(home or places.home())
        self._waiting: dict[str, list[Callable[[Bet, Kept], None]]] = {}

    def begin(self) -> None:
        """Make `%%exercise` known, prepare the year's data (once), and say that all is ready."""
        ExerciseCell(desk()).register()
        title = course.title(self._number)
        engine = "The engine is the kit's model of Valkey 9.1"
        ready.show(f"Lesson {self._number}, {title}, is ready. {engine}; no account, no network; your files stay here.")

    @property
    def series(self) -> Data:
        """What the live picture draws; tables of the hook are cut from it."""
        return live.load()

    def bet(self, name: str, opens: Callable[[], Widget] | None = None) -> None:
        """Show the bet of that id. opens: makes what its reveal offers to see (a player)."""
        one = bet(name)
        card = predict.Predict(
            one,
            keep=lambda choice: self._ledger.keep(one.id, choice),
            kept=self._ledger.answer(one.id),
            reveal=self._revealed,
            opened=lambda: stage.present(opens()) if opens else None,
        )
        stage = predict.Stage(card)
        predict.show(stage, one)

    def live(self, guard: str) -> None:
        """Show the live picture of TTLs; the bet `guard` opens it and is drawn into it."""
        data = self.series
        day, grain, ttl = TOLD
        start = Point(day, grain, data["stops"].index(ttl))
        picture = live.Live(data, start)
        move = data["stops"].index(BET_TTL)
        self._when_answered(guard, lambda one, kept: picture.reveal(_mark(one, kept), move))
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
        if not guard or self._ledger.answer(guard):
            player.show(one)
            return
        stage = predict.Stage(predict.note(f"Answer the bet “{bet(guard).question.text.split('.')[0]}” first."))
        self._when_answered(guard, lambda *_: stage.present(one))
        mount(stage, one.still, one.text, player.TWIN_STYLES)

    def seconds_stale(self) -> None:
        """Show for each commit of two minutes of the storm how long its old board was still shown."""
        tables.show(*tables.seconds_stale())

    def ask_a_real_server(self, *commands: tuple[str, ...]) -> None:
        """Show what a real Valkey replies to these commands, and how long each took here."""
        real_server.show(commands)

    def _when_answered(self, name: str, then: Callable[[Bet, Kept], None]) -> None:
        """Call `then` now if the bet was answered earlier, and whenever it is answered from here on."""
        kept = self._ledger.answer(name)
        self._waiting.setdefault(name, []).append(then)
        if kept is not None:
            then(bet(name), kept)

    def _revealed(self, one: Bet, kept: Kept) -> None:
        for then in self._waiting.get(one.id, []):
            then(one, kept)


def _mark(one: Bet, kept: Kept) -> Mark | None:
    return Mark(BET_TTL, one.guesses[kept.choice]) if kept.choice is not None and one.guesses else None
