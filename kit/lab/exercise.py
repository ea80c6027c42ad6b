"""The `%%exercise` cell: it writes the learner's file, has it judged in a process of its own, and shows the verdict.

Rules: the code in the cell never runs in the kernel; while notebooks are built the verdict is shown once, without
progress; an interrupt of the kernel and the card's Stop both end the check, and nothing is recorded then.
Leaves out: judging (`kit.grading`), the file (`kit/lab/submission.py`), the card (`kit/lab/verdict.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from IPython.core.getipython import get_ipython
from ipywidgets.widgets.widget import Widget
from ipywidgets.widgets.widget_string import HTML

from kit.grading import progress, service
from kit.grading.exercise import Exercise, ExerciseError, load
from kit.grading.replay import replay
from kit.grading.token import TokenError
from kit.lab import player, submission, verdict
from kit.lab.places import building
from kit.lab.predict import note
from kit.lab.verdict import Handlers, VerdictCard
from kit.views.verdict import comparison

STOPPED = "You stopped the check. Nothing was recorded."
ENDED = "The judge ended without a verdict. Nothing was recorded; run the cell again."
Progress = Callable[[dict[str, Any]], None]


class Desk(Protocol):
    """Whoever judges: `kit.grading.service.Desk`."""

    def check(
        self, ident: str, source: str, *, previous: str | None = None, progress: Progress | None = None
    ) -> dict[str, Any]: ...

    def stop(self) -> None: ...


class ExerciseCell:
    """What `%%exercise` does. desk: who judges."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self) -> None:
        """Make the magic known to the running kernel; outside one nothing happens."""
        shell: Any = get_ipython()
        if shell is not None:
            shell.register_magic_function(self, magic_kind="cell", magic_name="exercise")

    def __call__(self, line: str, body: str) -> None:
        """`%%exercise <id>`: the cell's text becomes the learner's file, then it is judged."""
        try:
            exercise = load(line.strip())
        except ExerciseError as error:
            print(_sentence(str(error)))
            return
        try:
            kept = submission.write(exercise, body)
        except OSError as error:
            print(f"The file of {exercise.id} could not be written: {error}")
            return
        if building():
            verdict.show_stored(self._desk.check(exercise.id, body), _shown(exercise), kept)
        else:
            self._judge(exercise, body, kept)

    def _judge(self, exercise: Exercise, body: str, kept: str) -> None:
        card = VerdictCard(
            Handlers(
                trace=lambda token: _trace(token, card.verdict),
                hint=lambda: _one_more(exercise),
                solution=lambda: _solution(exercise, body),
                stop=self._desk.stop,
            )
        )
        handle = verdict.show(card)
        try:
            found = self._desk.check(
                exercise.id,
                body,
                previous=progress.entry(exercise.id).get("trace"),
                progress=lambda news: card.report(*_words(exercise, news)),
            )
        except (KeyboardInterrupt, service.Stopped) as end:
            self._desk.stop()
            card.say(STOPPED if isinstance(end, KeyboardInterrupt) else ENDED)
            return
        notes = " ".join(filter(None, (kept, _sentence(progress.record(found, body) or ""))))
        card.finish(found, _shown(exercise), notes)
        verdict.keep(handle, found, _shown(exercise), notes)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def desk() -> Desk:
    """The desk of this machine: a judge's process of its own, started with the first check."""
    return service.Desk()


def _words(exercise: Exercise, news: dict[str, Any]) -> tuple[str, int, int]:
    """What the bar says: the sentence, and how many of the checks are behind."""
    names = [check.id for check in exercise.checks]
    done = names.index(news["check"]) if news.get("check") in names else 0
    return f"Your code runs: “{news.get('title', '')}”, schedule {news.get('schedule', 0):,}", done, len(names)


def _shown(exercise: Exercise) -> tuple[str, ...]:
    return tuple(exercise.hints[: int(progress.entry(exercise.id).get("hints", 0))])


def _trace(token: str, found: dict[str, Any]) -> Widget:
    try:
        again = replay(token)
    except TokenError as error:
        return note(_sentence(str(error)))
    return player.player(again.tape, verdict=found, source=again.source)


def _one_more(exercise: Exercise) -> tuple[str, ...]:
    count = min(len(exercise.hints), len(_shown(exercise)) + 1)
    progress.change(exercise.id, lambda entry: entry.__setitem__("hints", count))
    return tuple(exercise.hints[:count])


def _solution(exercise: Exercise, body: str) -> Widget:
    return HTML(  # type: ignore[no-untyped-call]
        f'<div class="kit">{comparison(body, exercise.solution)}</div>'
    )
