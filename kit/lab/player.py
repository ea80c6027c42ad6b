"""The player in a notebook: scrub through a tape, or be the scheduler and choose who goes next.

Rules: every picture is computed by `kit/views/frames` and drawn in the browser, so a step asks no kernel; a choice
does: the list of choices goes to `rerun`, and what comes back is shown up to the next switch point, never beyond it;
without a kernel this mode says so and is off. Offered are the turns of actors alone: no leaps, expiries or faults.

    show(player(run.tape, "The race: two readers and a writer"))
    show(scheduler(lambda choices: race(choices)[:2], "Who goes next?", holds=fresh))
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

from kit.lab.mount import mount, read
from kit.views import page, twin
from kit.views.frames import recording
from kit.views.lanes import roles
from kit.views.steps import steps
from kit.world.tape import Tape

STYLES = ("theme.css", "card.css", "picture.css", "player.css")
TWIN_STYLES = ("card.css", "twin.css")
_ACTIONS = {"query": "SELECT", "execute": "UPDATE", "commit": "COMMIT"}


class Turn(Protocol):
    """One alternative of a switch point: kind, actor and what it would do next."""

    @property
    def kind(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def what(self) -> str: ...


class SwitchPoint(Protocol):
    """Where the scheduler decides. at: how many records the tape holds there."""

    @property
    def alternatives(self) -> Sequence[Turn]: ...
    @property
    def at(self) -> int: ...


Rerun = Callable[[list[int]], tuple[Tape, Sequence[SwitchPoint]]]
Holds = Callable[[Tape], "str | None"]


class Player(anywidget.AnyWidget):
    """The widget. `recording` is what is drawn; `choices` is what the learner has chosen so far."""

    _esm = f"{page.script()}\n{Path(__file__).with_suffix('.js').read_text('utf-8')}"
    _css = "".join(map(read, STYLES))
    recording = traitlets.Dict().tag(sync=True)
    choices = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, data: Mapping[str, Any], still: str, text: str) -> None:
        super().__init__(recording=dict(data))
        self.still, self.text = still, text

    def __repr__(self) -> str:
        return f"Player({self.recording['title']!r}, {self.recording['steps']} steps)"


class Scheduler(Player):
    """The player whose learner chooses who goes next."""

    def __init__(self, rerun: Rerun, title: str, subtitle: str, holds: Holds | None) -> None:
        self._rerun, self._title, self._subtitle, self._holds = rerun, title, subtitle, holds
        super().__init__(self.after([]), twin.invitation(title, "Run the cell, and choose who goes next."), title)
        self.observe(self._chosen, "choices")

    def __repr__(self) -> str:
        return f"Scheduler({self._title!r})"

    def after(self, choices: list[int]) -> dict[str, Any]:
        """The recording after these choices, up to the next switch point of actors."""
        tape, points = self._rerun(choices)
        point = points[len(choices)] if len(choices) < len(points) else None
        options = _options(point, list(roles(tape)))
        shown = tape.prefix(point.at) if point is not None and options else tape
        data = recording(shown, self._title, subtitle=self._subtitle, cast=tape)
        turn = {"options": options, "over": not options, "made": len(choices), "rule": self._holds is not None,
                "broken": self._broken(shown)}  # fmt: skip
        return {**data, "start": data["steps"], "turn": turn}

    def _chosen(self, change: Mapping[str, Any]) -> None:
        self.recording = self.after(list(change["new"]))

    def _broken(self, tape: Tape) -> dict[str, Any] | None:
        """The first step at which the rule no longer holds: it is a safety property, so once broken it stays so."""
        if self._holds is None or (rule := self._holds(tape)) is None:
            return None
        holds = self._holds
        length = bisect_left(range(len(tape)), True, key=lambda at: holds(tape.prefix(at)) is not None)
        return {"step": len(steps(tape.prefix(length))), "rule": rule}


def player(
    tape: Tape, title: str = "", *, subtitle: str = "", verdict: Mapping[str, Any] | None = None, source: str = "",
    start: int | None = None, first: int = 1,
) -> Player:  # fmt: skip
    """A player to scrub. verdict, source: of a failed check (`kit check --json`, the submission's text); start: the
    step to open on; first: the step at which the stored picture begins."""
    data = recording(tape, title, subtitle=subtitle, verdict=verdict, source=source, start=start)
    name = str(data["title"])
    return Player(data, twin.html(tape, title=name, first=first), twin.plain(tape, name))


def scheduler(
    rerun: Rerun, title: str = "Who goes next?", *, subtitle: str = "", holds: Holds | None = None
) -> Scheduler:
    """A player whose learner is the scheduler. rerun: plays a list of choices, gives tape and switch points; holds: the
    rule, None while it holds, else what broke it."""
    return Scheduler(rerun, title, subtitle, holds)


def show(one: Player) -> None:
    """Show the stored twin and, where a kernel lives, the player."""
    mount(one, one.still, one.text, TWIN_STYLES)


def _options(point: SwitchPoint | None, order: Sequence[str]) -> list[dict[str, Any]]:
    """The turns of actors with their places in the whole list, always in the same order: a button stays where it is."""
    turns = enumerate(point.alternatives) if point is not None else ()
    options = [
        {"index": index, "actor": turn.actor, "what": _ACTIONS.get(turn.what, turn.what)}
        for index, turn in turns
        if turn.kind in ("run", "switch")
    ]
    return sorted(options, key=lambda one: order.index(one["actor"]) if one["actor"] in order else len(order))
