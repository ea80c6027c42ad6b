"""The living score of a second task: the card, played again on request, and its text to copy.

Rules: the learner's code runs in a child, never in the kernel; while notebooks are built the kit's own tries are shown
with the course's seed, never a learner's; what is drawn is `kit/views/score_card.py`, behaviour `score.js`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from ipywidgets.widgets.widget import Widget

from kit.grading import second_task, seed
from kit.grading.moments import moment
from kit.grading.second_task import Played
from kit.lab import player, predict
from kit.lab.mount import mount, page, read
from kit.lab.places import building
from kit.views import score, score_card

CSS = ("card.css", "score.css")
STOPPED = "You stopped it. Nothing was recorded; run the cell again."


class Score(anywidget.AnyWidget):
    """One score on the page. waiting: the card before there is one; play: plays the minutes; opened: shows a player."""

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = "".join(map(read, ("theme.css", *CSS)))
    html = traitlets.Unicode().tag(sync=True)
    share = traitlets.Unicode().tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, waiting: str, play: Callable[[], Played], opened: Callable[[Widget], None] = lambda player: None
    ) -> None:
        super().__init__(html=waiting)
        self._play, self._opened = play, opened
        self._played: Played | None = None
        self.on_msg(lambda _, content, __: self.receive(content))

    def __repr__(self) -> str:
        return "Score()"

    def receive(self, content: dict[str, Any]) -> None:
        """A message of the page: `again` or `open`. Anything else is ignored."""
        if content.get("kind") == "again" and not self.playing:
            self.again()
        if content.get("kind") == "open" and self._played and (found := of_the_moment(self._played)) is not None:
            self._opened(found)

    def again(self) -> Played:
        """Play the minutes, and show what came of it."""
        self.playing = True
        try:
            played = self._play()
            self.draw(played)
        finally:
            self.playing = False
        return played

    def draw(self, played: Played) -> None:
        """Show a card."""
        self._played = played
        with self.hold_sync():
            self.html, self.share = score_card.html(played.card, living=True), score.share(played.card)


def of_the_moment(played: Played) -> Widget | None:
    """A player of the moment that the deciding row speaks of; None where nothing decides."""
    card, tape = played
    if tape is None or card.deciding is None:
        return None
    measure = card.rows[card.deciding].measure
    found = moment(tape, measure.id)
    return player.player(found, measure.name, subtitle=f"{measure.see}, modelled") if found is not None else None


def show(ident: str) -> None:
    """Show the score of an exercise's second task: the stored twin, then the living card."""
    if building():
        card = second_task.score(ident, seed.COURSE, own=False).card
        card = replace(card, versions=card.versions.partition(", ")[2])  # no stored output knows the kit's version
        mount(None, score_card.html(card), score.text(card), CSS)
        return

    def play() -> Played:
        return second_task.score(ident, seed.of_the_learner())

    task = second_task.task(ident)
    waiting = score_card.waiting(task.title, task.minutes)
    one = Score(waiting, play, lambda widget: stage.present(widget))
    stage = predict.Stage(one)
    twin = mount(stage, waiting, score_card.WAITING, CSS)
    try:
        card = one.again().card
    except KeyboardInterrupt:
        one.html = score_card.waiting(task.title, task.minutes, STOPPED)
        return
    twin.update(page(score_card.html(card), score.text(card), CSS), raw=True)
