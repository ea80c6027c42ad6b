"""What lasts longer than a step: ribbons of held values, hatches of stale ones, the field between cache and database.

Rules: a value is a ribbon, a stale value is a hatch; a change of the stores shows at the request's row, a value is held
from the reply's row on; the field exists from the moment at which the cache holds what the database has superseded,
until a delete, a new set or the expiry ends it. One truth is drawn: the first that goes stale, else the first that
changes, else the first that is seen.
A place is a number: 2 × row is the row's arrow, 2 × row + 1 its end; None: still open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.views.lanes import CACHE, DATABASE
from kit.views.narration import Told
from kit.views.rows import shade
from kit.views.state import State
from kit.views.steps import effects
from kit.world.tape import Tape


@dataclass(slots=True)
class Span:
    """A ribbon on a lane. look: k-v1, k-v2 or k-hatch; version: shown beside it."""

    lane: str
    look: str
    version: int
    start: int
    end: int | None = None


@dataclass(slots=True)
class Field:
    """Cache and database disagree from `start` to `end`."""

    start: int
    end: int | None = None


@dataclass(slots=True)
class Ribbons:
    """Collects spans and fields, a step at a time."""

    truth: str
    spans: list[Span] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    open: dict[str, Span] = field(default_factory=dict)

    def follow(self, told: Told, state: State) -> None:
        """Take in the state after one step."""
        at = 2 * (told.step.number - 1)
        if (version := state.database.get(self.truth)) is not None:
            # What nobody has changed on this tape was there before its first step.
            changes = any(effects(told.step.op, "changed"))
            self._put(DATABASE, version, False, at if changes or DATABASE in self.open else -1)
        self._cache(state, at)
        stored_by = told.step.op.actor if any(effects(told.step.op, "stored")) else ""
        for lane in [lane for lane in self.open if lane not in (CACHE, DATABASE)]:
            held = state.holds.get(lane)
            if held is None or held.truth != self.truth:
                # Who stored it let go of it at the arrow; who answered held it to the end of the row before.
                self._close(lane, at if lane == stored_by else max(at - 1, self.open[lane].start + 1))
        for actor, held in state.holds.items():
            if held.truth == self.truth:
                self._put(actor, held.version, state.stale(held.truth, held.version), at)

    def _cache(self, state: State, at: int) -> None:
        versions = [
            copy.version
            for copy in state.copies.values()
            if copy.state == "live" and copy.truth == self.truth and copy.version is not None
        ]
        stale = bool(versions) and state.stale(self.truth, min(versions))
        if versions:
            self._put(CACHE, min(versions), stale, at)
        elif CACHE in self.open:
            self._close(CACHE, at)
        if stale and (not self.fields or self.fields[-1].end is not None):
            self.fields.append(Field(at))
        elif not stale and self.fields and self.fields[-1].end is None:
            self.fields[-1].end = at

    def _put(self, lane: str, version: int, stale: bool, at: int) -> None:
        look = "k-hatch" if stale else shade(version)
        old = self.open.get(lane)
        if old is not None and (old.look, old.version) == (look, version):
            return
        if old is not None:
            self._close(lane, at)
        self.open[lane] = Span(lane, look, version, at)
        self.spans.append(self.open[lane])

    def _close(self, lane: str, at: int) -> None:
        self.open.pop(lane).end = at


def focus(tape: Tape, told: list[Told]) -> str:
    """The truth that is drawn; empty if the tape knows none."""
    stale = [entry.outcome.truth for entry in told if entry.outcome.kind == "stale"]
    changes = [
        effect.truth for op in tape for effect in effects(op, "changed") if effect.version and effect.version > 1
    ]
    seen = [effect.truth for op in tape for effect in op.effects if effect.truth]
    return next(iter([*stale, *changes, *seen]), "")
