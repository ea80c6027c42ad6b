"""The tick strip under the picture: one mark a step, in the shape of its outcome.

Rules: a request is a short bar, a reply a shorter one, a hit a dot, a miss a ring, a write a square, a stale value a
triangle, a loss a cross; above 80 events neighbours share a place, but a miss or a stale value never vanishes in one.
Source: the kit's looks, "Anatomy", Player.
"""

from __future__ import annotations

from kit.views.lanes import half
from kit.views.narration import Told
from kit.views.rows import Element

HEIGHT, THUMB, MOST = 22, 18, 80
_KEPT = {"miss", "stale", "lost", "fail"}


def ticks(told: list[Told], width: int) -> list[Element]:
    """The marks, placed under the thumb of a range as wide as the picture."""
    bins: dict[int, str] = {}
    marks: list[Element] = []
    for entry in told:
        at = place(entry.step.number, len(told), width)
        kind = entry.outcome.kind
        if len(told) <= MOST or kind in _KEPT:
            marks.append(_mark(at, kind, entry.step.half == "reply"))
        elif (share := int(at * MOST / width)) not in bins:
            bins[share] = kind
            marks.append(_mark(at, kind, entry.step.half == "reply"))
    return marks


def place(step: int, steps: int, width: int) -> float:
    """Where the thumb of the range stands at a step."""
    share = (step - 1) / (steps - 1) if steps > 1 else 0
    return half(THUMB / 2 + (width - THUMB) * share)


def _mark(x: float, kind: str, reply: bool) -> Element:
    if kind == "hit":
        return ["p", "k-tick k-hit", f"M{half(x - 4)} 11a4 4 0 1 1 8 0a4 4 0 1 1 -8 0z"]
    if kind == "miss":
        return ["p", "k-tick k-miss k-ring", f"M{half(x - 3.5)} 11a3.5 3.5 0 1 1 7 0a3.5 3.5 0 1 1 -7 0z"]
    if kind == "write":
        return ["p", "k-tick k-write", f"M{half(x - 3.5)} 7.5h7v7h-7z"]
    if kind == "stale":
        return ["p", "k-tick k-stale", f"M{x} 4.5l6.5 12h-13z"]
    if kind in ("lost", "fail"):
        return ["p", f"k-tick k-{kind} k-cross", f"M{half(x - 3.5)} 7.5l7 7m0 -7l-7 7"]
    if reply or kind == "note":
        return ["p", "k-tick k-reply", f"M{half(x - 0.5)} 9h1v4h-1z"]
    return ["p", "k-tick k-ask", f"M{half(x - 1)} 7h1.5v8h-1.5z"]
