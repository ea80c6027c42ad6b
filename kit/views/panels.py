"""The panels beside the picture at each step: what the cache holds, what the database holds, what follows from it.

Rules: a panel is a few cells with plain values, drawn as they are; a cell that has not changed is not sent again, and
every `KEYFRAME` steps all of them are. At most six keys, those touched last. Without a known version there is no
consequence, only counts.
Source: the kit's looks, "Anatomy", Player: "cache panel, then one panel of consequence".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from kit.views.board import Board
from kit.views.narration import Told
from kit.views.rows import shade
from kit.views.state import Copy, State
from kit.views.steps import effects
from kit.views.words import count, name, shorten, text, ttl

KEYFRAME = 50
MOST_KEYS = 6
_KEY_LETTERS = 26
Cells = dict[str, Any]


@dataclass(slots=True)
class Panels:
    """Collects the cells of each step. truth: the one that is drawn; board: what its versions show."""

    truth: str
    board: Board
    steps: list[Cells] = field(default_factory=list)
    _last: Cells = field(default_factory=dict)
    _places: list[bytes | None] = field(default_factory=lambda: [None] * MOST_KEYS)
    _put_back: tuple[str, int, int] | None = None
    _boards: dict[tuple[int, int], list[list[Any]]] = field(default_factory=dict)
    _reads: dict[str, int] = field(default_factory=dict)
    _between: list[tuple[int, str]] = field(default_factory=list)

    def follow(self, told: Told, state: State) -> None:
        """Take in the state after one step."""
        self._remember(told)
        cells = {**self._cache(state), "database": self._database(state), "next": self._next(state),
                 "why": self._why(state), "counts": _counts(state)}  # fmt: skip
        fresh = len(self.steps) % KEYFRAME == 0
        self.steps.append({key: value for key, value in cells.items() if fresh or self._last.get(key) != value})
        self._last = cells

    # The cache and the database

    def _cache(self, state: State) -> Cells:
        """`live` and `more` as words, and `key0` to `key5`: a key keeps its place until a newer one needs it."""
        shown = {key: copy for key, copy in state.copies.items() if copy.state != "absent"}
        last = sorted(shown, key=lambda key: -shown[key].touched)[:MOST_KEYS]
        self._places = [key if key in last else None for key in self._places]
        for key in (key for key in last if key not in self._places):
            self._places[self._places.index(None)] = key
        live = sum(copy.state == "live" for copy in shown.values())
        places = {f"key{at}": key and self._key(shown[key], state) for at, key in enumerate(self._places)}
        more = f"and {len(shown) - MOST_KEYS} more" if len(shown) > MOST_KEYS else ""
        return {"live": count(live, "key"), "more": more, **places}

    def _key(self, copy: Copy, state: State) -> Cells:
        stale = copy.state == "live" and state.stale(copy.truth, copy.version)
        used = copy.hits + copy.misses
        return {
            "key": shorten(text(copy.key), _KEY_LETTERS),
            "state": "stale" if stale else copy.state,
            "look": ("k-hatch" if stale else shade(copy.version)) if copy.version is not None else "",
            "value": self._value(copy.truth, copy.version, state) or _bytes(copy.size),
            "used": _used(copy) if used else "",
            "ttl": _left(copy, state) if copy.state == "live" else None,
        }

    def _value(self, truth: str, version: int | None, state: State) -> str:
        if version is None:
            return ""
        value, mood = state.value(truth, version), self.board.mood(truth, version)
        return f"v{version}" + (f" · {value}" if value else "") + (f" {mood}" if value and mood else "")

    def _database(self, state: State) -> Cells | None:
        version = state.database.get(self.truth)
        if version is None:
            return None
        return {"look": shade(version), "value": self._value(self.truth, version, state)}

    # What follows from it

    def _next(self, state: State) -> Cells | None:
        version = state.database.get(self.truth)
        if version is None or not self.board.known(self.truth, version):
            return None
        copies = [
            copy for copy in state.copies.values()
            if copy.state == "live" and copy.truth == self.truth and copy.version is not None
        ]  # fmt: skip
        copy = min(copies, key=lambda one: one.version or 0, default=None)
        shown = copy.version if copy and copy.version else version
        if (shown, version) not in self._boards:
            self._boards[shown, version] = self.board.compare(self.truth, shown, version)
        return {"rows": self._boards[shown, version], "note": _promise(copy, shown < version, state)}

    def _remember(self, told: Told) -> None:
        step, op = told.step, told.step.op
        if step.half == "reply" and told.outcome.version is not None:
            self._reads[op.actor] = step.number
        if step.half == "request" and any(effects(op, "changed")):
            self._between.append((step.number, "change"))
        if step.half == "request" and op.name in ("DEL", "UNLINK", "DELIFEQ"):
            self._between.append((step.number, "delete"))
        if told.outcome.kind == "stale" and step.half == "request":
            self._put_back = (op.actor, self._reads.get(op.actor, 0), step.number)

    def _why(self, state: State) -> str:
        """Why the stale copy is there, in the steps of this run; empty where nobody put one back."""
        copies = [copy for copy in state.stale_copies() if copy.truth == self.truth]
        if not copies or self._put_back is None:
            return ""
        who, read, stored = self._put_back
        fell = {what: step for step, what in self._between if read < step < stored}
        if not read or "change" not in fell:
            return ""
        between = " and ".join(f"the {what} ({step})" for what, step in sorted(fell.items(), key=lambda one: one[1]))
        actor = name(who)
        start = f"{actor[:1].upper()}{actor[1:]} read at step {read} and stored at step {stored}. "
        return (
            start
            + f"{between[:1].upper()}{between[1:]} fell in between, so nothing removes version {copies[0].version} now."
        )


def _counts(state: State) -> list[list[str]]:
    found = [["Hits", str(state.hits)], ["Misses", str(state.misses)], ["Database queries", str(state.queries)]]
    return found


def _promise(copy: Copy | None, stale: bool, state: State) -> str:
    if copy is None:
        return "No copy: the next one asks the database."
    if not stale:
        return "The copy is what the database says."
    left = _left(copy, state)
    if left is None:
        return "Wrong until somebody deletes the key: it never expires."
    return f"Wrong for up to {left['text']}, until the key expires."


def _left(copy: Copy, state: State) -> Cells | None:
    """What a key has left to live: share of its whole life in percent, and the words."""
    if copy.ttl_ms is None:
        return None
    left = max(copy.ttl_ms - (state.now_us - copy.born_us) / 1000, 0)
    # A microsecond an operation is no time at all: a race shows whole lives.
    shown = math.ceil(left / 1000) * 1000 if left > 1000 else math.ceil(left)
    return {"share": round(100 * left / max(copy.ttl_ms, 1)), "text": ttl(shown)}


def _used(copy: Copy) -> str:
    hits, misses = f"{copy.hits} {'hit' if copy.hits == 1 else 'hits'}", "miss" if copy.misses == 1 else "misses"
    return f"{hits} · {copy.misses} {misses}"


def _bytes(size: int) -> str:
    return f"{size / 1000:.1f} kB" if size >= 1000 else f"{size} B"
