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

from kit.grading import second_task, seed
from kit.lab.mount import mount, read
from kit.lab.places import building
from kit.views import score, score_card
from kit.views.score import Card

CSS = ("card.css", "score.css")


class Score(anywidget.AnyWidget):
    """One score on the page. play: plays the minutes and returns the card."""

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = "".join(map(read, ("theme.css", *CSS)))
    html = traitlets.Unicode().tag(sync=True)
    share = traitlets.Unicode().tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)

    def __init__(self, card: Card, play: Callable[[], Card]) -> None:
        super().__init__()
        self._play = play
        self.draw(card)
        self.on_msg(lambda _, content, __: self.receive(content))

    def __repr__(self) -> str:
        return "Score()"

    def receive(self, content: dict[str, Any]) -> None:
        """A message of the page: `again`. Anything else is ignored."""
        if content.get("kind") == "again" and not self.playing:
            self.playing = True
            try:
                self.draw(self._play())
            finally:
                self.playing = False

    def draw(self, card: Card) -> None:
        """Show a card."""
        with self.hold_sync():
            self.html, self.share = score_card.html(card, living=True), score.share(card)


def show(ident: str) -> None:
    """Show the score of an exercise's second task: the stored twin, then the living card."""
    if building():
        card = second_task.score(ident, seed.COURSE, own=False)
        card = replace(card, versions=card.versions.partition(", ")[2])  # no stored output knows the kit's version
        mount(None, score_card.html(card), score.text(card), CSS)
        return

    def play() -> Card:
        return second_task.score(ident, seed.of_the_learner())

    card = play()
    mount(Score(card, play), score_card.html(card), score.text(card), CSS)
