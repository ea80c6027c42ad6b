"""Lesson 00, Start here: the boards against a TTL, two bad days, one look, the storm day without a cache.

Rules: those of `lesson.py`; the storm day waits for both bets, since its curves answer them both.
"""

from __future__ import annotations

from kit.lab import figures_00, player, scenes_00, set_up, sheet, tables
from kit.lab.bet import Bet
from kit.lab.bets_00 import MORE_CHANGES, PEAK
from kit.lab.ledger import Kept
from kit.lab.lesson import Lesson
from kit.lab.sheet import SheetWidget
from kit.views import departures, storm_day, strips
from kit.views.sheet import Sheet
from kit.workloads.flights import people

LOCKED = "Answer or skip both bets above, and the day's curves are drawn, with your own answer in them."
MOVE = 1  # it goes to five minutes by itself, so that something is seen


class Lesson00(Lesson):
    """What the notebook of lesson 00 calls."""

    number = "00"
    details = staticmethod(set_up.details)

    def board(self) -> None:
        """Show the boards of one moment, with the TTL as a slider."""
        sheet.show(departures.departures(figures_00.load()["board"], "JFK"))

    def days(self) -> None:
        """Show the blizzard and the storm as strips of hours."""
        sheet.show(strips.strips(figures_00.load()["days"]))

    def look(self) -> None:
        """Show one passenger's look, message by message."""
        title, subtitle = "One look, without a cache", "modelled times"
        player.show(player.player(scenes_00.look(), title, subtitle=subtitle, start=1))

    def storm(self) -> None:
        """Show the storm day, once both bets are answered."""
        waiting = figures_00.load()["people"]
        first = figures_00.FIRST_MIN
        day = storm_day.storm_day(waiting, first, people.backlog)
        picture = sheet.show_locked(storm_day.before_the_bets(day), LOCKED)
        for bet in (MORE_CHANGES, PEAK):
            self.when_answered(bet.id, lambda *_: self._open(picture, day, waiting))

    def set_up(self) -> None:
        """Show what is here and what is kept where."""
        tables.show(set_up.HEAD, set_up.rows(), "What a machine lacks is never needed to go on.")

    def _open(self, picture: SheetWidget, day: Sheet, waiting: list[int]) -> None:
        kept = [self.ledger.answer(bet.id) for bet in (MORE_CHANGES, PEAK)]
        if None in kept:
            return
        hour = _hour(PEAK, kept[1])
        marked = day if hour is None else storm_day.with_bet(day, hour, waiting, figures_00.FIRST_MIN)
        picture.reveal(marked, MOVE)


def _hour(bet: Bet, kept: Kept | None) -> float | None:
    """The hour that the learner bet on."""
    return bet.guesses[kept.choice] if kept is not None and kept.choice is not None else None
