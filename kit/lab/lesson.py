"""What every lesson in a notebook has: its first line, its bets, and what waits for a bet.

Rules: a picture that a bet guards holds nothing of the answer until the bet is answered or skipped, in this session or
an earlier one; every method shows one thing and returns nothing, so a cell stores exactly that thing.
A lesson's own pictures stand in its own module: `lesson_05.py` is the pattern.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ipywidgets.widgets.widget import Widget

from kit.grading import second_task
from kit.lab import course, predict, ready, score
from kit.lab.bet import Bet
from kit.lab.bets import bet
from kit.lab.exercise import ExerciseCell, desk
from kit.lab.ledger import Kept, Ledger
from kit.lab.mount import mount
from kit.workloads import places


class Lesson:
    """The lesson a notebook is about. number: `05`, stated by the class; home: KIT_HOME, default the learner's own."""

    number: str
    engines = "The engine is the kit's model of Valkey 9.1"

    @staticmethod
    def details() -> str:
        """What is folded below the first line, as HTML; only the start page has something to say there."""
        return ""

    def __init__(self, home: Path | None = None) -> None:
        self.ledger = Ledger(home or places.home())
        self._waiting: dict[str, list[Callable[[Bet, Kept], None]]] = {}

    def begin(self) -> None:
        """Make `%%exercise` known, prepare the year's data (once), and say that all is ready."""
        ExerciseCell(desk()).register()
        title = course.title(self.number)
        ready.show(
            f"Lesson {self.number}, {title}, is ready. {self.engines}; no account, no network; your files stay here.",
            self.details(),
        )

    def bet(self, name: str, opens: Callable[[], Widget] | None = None) -> None:
        """Show the bet of that id. opens: makes what its reveal offers to see (a player)."""
        one = bet(name)
        card = predict.Predict(
            one,
            keep=lambda choice: self.ledger.keep(one.id, choice),
            kept=self.ledger.answer(one.id),
            reveal=self._revealed,
            opened=lambda: stage.present(opens()) if opens else None,
        )
        stage = predict.Stage(card)
        predict.show(stage, one)

    def score(self) -> None:
        """Show this lesson's second task: the learner's code serves minutes of the day, against par."""
        score.show(second_task.of_lesson(self.number))

    def after(self, guard: str, one: Widget, twin: str, text: str, css: tuple[str, ...] = ()) -> None:
        """Show a widget whole; if the bet `guard` is not answered yet, a sentence in its place until it is."""
        if self.ledger.answer(guard):
            mount(one, twin, text, css)
            return
        stage = predict.Stage(predict.note(f"Answer the bet “{bet(guard).question.text.split('.')[0]}” first."))
        self.when_answered(guard, lambda *_: stage.present(one))
        mount(stage, twin, text, css)

    def when_answered(self, name: str, then: Callable[[Bet, Kept], None]) -> None:
        """Call `then` now if the bet was answered earlier, and whenever it is answered from here on."""
        kept = self.ledger.answer(name)
        self._waiting.setdefault(name, []).append(then)
        if kept is not None:
            then(bet(name), kept)

    def _revealed(self, one: Bet, kept: Kept) -> None:
        for then in self._waiting.get(one.id, []):
            then(one, kept)
