"""One lesson in a notebook: the learner's bets, the pictures that wait for them, and what opens on request.

Rules: a picture that a bet guards holds nothing of the answer until the bet is answered or skipped, in this session or
an earlier one; every method shows one thing and returns nothing, so a cell stores exactly that thing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ipywidgets.widgets.widget import Widget

from kit.lab import live, predict
from kit.lab.bets import Bet, bet
from kit.lab.ledger import Kept, Ledger
from kit.views.series import Mark, Point
from kit.workloads import places

# What the hook has told before the first bet: airport boards, the storm, a TTL of 60 s.
TOLD = ("storm", "board", 60)
BET_TTL = 30


class Lesson:
    """The lesson a notebook is about. home: KIT_HOME, default the learner's own."""

    def __init__(self, home: Path | None = None) -> None:
        self._ledger = Ledger(home or places.home())
        self._waiting: dict[str, list[Callable[[Bet, Kept], None]]] = {}

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
        data = live.load()
        day, grain, ttl = TOLD
        start = Point(day, grain, data["stops"].index(ttl))
        picture = live.Live(data, start)
        move = data["stops"].index(BET_TTL)
        self._when_answered(guard, lambda one, kept: picture.reveal(_mark(one, kept), move))
        live.show(picture, data, start)

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
