"""The living verdict of one check: progress while the judge works, then the card, and what its buttons open.

Rules: what a button does is an argument, so this module knows neither judge nor files; a stored page has the twin
alone.
Leaves out: words and layout (`kit/views/verdict.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from ipywidgets.widgets.widget import Widget

from kit.lab.mount import mount, page, read
from kit.lab.predict import Stage
from kit.views import verdict as view
from kit.views.verdict import Verdict

CSS = ("card.css", "verdict.css")


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the buttons do. trace: makes the player of a token; hint: shows one more hint and returns all shown so far;
    solution: makes what compares with the solution; stop: ends a running check."""

    trace: Callable[[str], Widget]
    hint: Callable[[], tuple[str, ...]]
    solution: Callable[[], Widget]
    stop: Callable[[], None]


class VerdictCard(anywidget.AnyWidget):
    """The card on the page; empty `html` means that the judge still works."""

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = "".join(map(read, ("theme.css", *CSS)))
    html = traitlets.Unicode().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    kernel = traitlets.Unicode().tag(sync=True)  # whom Stop interrupts

    def __init__(self, handlers: Handlers) -> None:
        super().__init__(progress={"words": "Your code runs.", "done": 0, "total": 0}, kernel=_kernel())
        self._handlers = handlers
        self.verdict: Verdict = {}
        self._note = ""
        self.stage = Stage(self)
        self.on_msg(lambda _, content, __: self.receive(content))

    def __repr__(self) -> str:
        return "VerdictCard()"

    def report(self, words: str, done: int, total: int) -> None:
        """Say how far the judge is."""
        self.progress = {"words": words, "done": done, "total": total}

    def finish(self, verdict: Verdict, hints: tuple[str, ...], note: str) -> None:
        """Show the verdict. note: a sentence about the learner's file."""
        self.verdict, self._note = verdict, note
        self.html = view.card(verdict, hints, note, alive=True)

    def say(self, words: str) -> None:
        """End without a verdict: one sentence in place of the card."""
        self.html = f'<section class="kit-card kit-v-run"><p role="status">{words}</p></section>'

    def receive(self, content: dict[str, Any]) -> None:
        """A message of the page; anything unknown is ignored."""
        kind = content.get("kind")
        if kind == "stop":
            self._handlers.stop()
        elif self.verdict and kind == "trace":
            self.stage.present(self._handlers.trace(self.verdict["trace"]))
        elif self.verdict and kind == "hint":
            self.html = view.card(self.verdict, self._handlers.hint(), self._note, alive=True)
        elif self.verdict and kind == "solution":
            self.stage.present(self._handlers.solution())


def _kernel() -> str:
    """The id of the kernel that runs this, as the server knows it; '' outside one."""
    from ipykernel.connect import get_connection_file

    try:
        return Path(get_connection_file()).stem.removeprefix("kernel-")
    except RuntimeError:
        return ""


def show(card: VerdictCard) -> Any:
    """Show the living card. Returns the handle of its twin, which says nothing until `keep`."""
    return mount(card.stage, '<p class="kit-sub">The check has not ended.</p>', "The check has not ended.", CSS)


def keep(handle: Any, verdict: Verdict, hints: tuple[str, ...], note: str) -> None:
    """Put the verdict into the twin of a living card, so that the saved notebook holds it."""
    handle.update(page(view.card(verdict, hints, note), view.line(verdict), CSS), raw=True)


def show_stored(verdict: Verdict, hints: tuple[str, ...], note: str) -> None:
    """Show the twin alone, once: what a built notebook stores."""
    mount(None, view.card(verdict, hints, note), view.line(verdict), CSS)
