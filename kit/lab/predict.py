"""The living bet: the learner chooses, then sees every option's why in its place.

Rules: neither the page nor the model's state holds an answer before a choice or a skip: the kernel sends the revealed
card; the first answer stays; what is done with a choice (`keep`) and what hears of it (`reveal`) are arguments.
Leaves out: the words and their layout (`kit/views/question.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from ipywidgets.widgets.widget import Widget
from ipywidgets.widgets.widget_box import VBox
from ipywidgets.widgets.widget_string import HTML

from kit.lab.bet import Bet
from kit.lab.ledger import Kept
from kit.lab.mount import mount, read
from kit.views.question import answered, asked, plain

CSS = ("card.css", "question.css")


class Predict(anywidget.AnyWidget):
    """One bet on the page. keep: takes the choice (None = skipped) and returns what is kept."""

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = "".join(map(read, ("theme.css", *CSS)))
    html = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        bet: Bet,
        *,
        keep: Callable[[int | None], Kept],
        kept: Kept | None = None,
        reveal: Callable[[Bet, Kept], None] = lambda bet, kept: None,
        opened: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._bet, self._keep, self._reveal, self._opened = bet, keep, reveal, opened
        self.kept = kept
        self.html = self._card()
        self.on_msg(lambda _, content, __: self.receive(content))

    def __repr__(self) -> str:
        return f"Predict({self._bet.id!r})"

    def receive(self, content: dict[str, Any]) -> None:
        """A message of the page: `answer` with a choice, `skip`, or `open`. Anything else is ignored."""
        kind, choice = content.get("kind"), content.get("choice")
        if kind == "open" and self.kept:
            self._opened()
        elif self.kept is None and (kind == "skip" or (kind == "answer" and choice in range(len(self._options())))):
            self.kept = self._keep(None if kind == "skip" else choice)
            self.html = self._card()
            self._reveal(self._bet, self.kept)

    def _options(self) -> tuple[str, ...]:
        return self._bet.question.options

    def _card(self) -> str:
        if self.kept is None:
            return asked(self._bet.question, name=self._bet.id)
        return answered(self._bet.question, self._bet.answer, chosen=self.kept.choice, day=self.kept.short_day())


class Stage(VBox):
    """A widget and, below it, room for what it opens (a player): one thing at a time."""

    def __init__(self, first: Widget) -> None:
        super().__init__([first])  # type: ignore[no-untyped-call]
        self.add_class("kit-live")  # type: ignore[no-untyped-call]

    def present(self, widget: Widget) -> None:
        """Put `widget` below the first one, in place of what stood there."""
        first, *old = self.children
        self.children = (first, widget)
        for one in old:
            one.close()


def note(sentence: str) -> Widget:
    """One sentence as a widget."""
    return HTML(  # type: ignore[no-untyped-call]
        f'<div class="kit"><p class="kit-sub">{escape(sentence)}</p></div>'
    )


def show(stage: Stage, bet: Bet) -> None:
    """The stored twin (question and options, no answer), then the living bet."""
    mount(stage, asked(bet.question), plain(bet.question), CSS)
