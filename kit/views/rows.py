"""Each step as a row of the picture: its arrow, and the words beside it, placed from left to right.

Rules: y is counted from the arrow; an arrow starts at its sender's ribbon and ends at its receiver's; words stand over
the gap beside the actor's lane, with the chip of a value behind them; what does not fit loses first the value, then
letters of the key, then the key. The line is drawn alone where the row lies in the future.
An element is a list: `["p", class, path]`, `["r", class, x, y, width, height, radius]`, `["t", class, x, y, anchor,
text]`, `["g", class, dy, [elements]]`. Coordinates are whole or half pixels.
Source: the kit's looks, "Anatomy", Player, and `player-race-1280-light.png`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.views.labels import Label
from kit.views.lanes import CACHE, Geometry, Lane, half, peer_lane
from kit.views.metrics import fits, width
from kit.views.narration import Told
from kit.views.words import shorten

Element = list[Any]
STORE_EDGE, ACTOR_EDGE = 9, 5
CHIP_PAD, CHIP_GAP, MARGIN = 6, 8, 6
_FEWEST_LETTERS = 7
BOLD = ("hit", "miss", "stale", "lost", "fail")


@dataclass(frozen=True, slots=True)
class Row:
    """kind of its outcome; line: its arrow; words: what is written beside it; head: whether a window may begin here."""

    kind: str
    line: list[Element]
    words: list[Element]
    head: bool


def row(told: Told, words: Label, lanes: list[Lane], geometry: Geometry) -> Row:
    """One step as a row."""
    if told.step.half == "move":
        return _move(told, words, lanes, geometry)
    at = {lane.name: place for place, lane in enumerate(lanes)}
    actor = at[told.step.op.actor]
    peer = at[peer_lane(told.step.op.peer)]
    toward = 1 if peer > actor else -1
    line = _arrow(told, lanes[actor], lanes[peer], toward)
    return Row(
        told.outcome.kind, line, _beside(words, told, lanes, actor, toward, geometry), told.step.half == "request"
    )


def _arrow(told: Told, actor: Lane, peer: Lane, toward: int) -> list[Element]:
    near, far = half(actor.x + toward * ACTOR_EDGE), half(peer.x - toward * STORE_EDGE)
    kind, reply = told.outcome.kind, told.step.half == "reply"
    tail, tip = (far, near) if reply else (near, far)
    way = -toward if reply else toward
    if kind == "lost":
        return _lost(told, tail, tip, way)
    filled = not reply or kind in ("hit", "stale")
    end = half(tip - way * (6 if filled else 1))
    return [["p", "k-line", f"M{tail} 0H{end}"], ["p", "k-head" if filled else "k-open", _head(tip, way, filled)]]


def _head(tip: float, way: int, filled: bool) -> str:
    if filled:
        return f"M{tip} 0l{-9 * way} -4.5v9z"
    return f"M{half(tip - 8 * way)} -5L{tip} 0l{-8 * way} 5"


def _lost(told: Told, tail: float, tip: float, way: int) -> list[Element]:
    """A message that ends on its way in a cross; the reply that never comes is a cross alone, where it is missed."""
    if told.step.half == "reply" and told.step.op.t_served is None:
        return [["p", "k-cross", _cross(half(tip + -way * 8))]]
    middle = half((tail + tip) / 2)
    return [["p", "k-line", f"M{tail} 0H{half(middle - way * 8)}"], ["p", "k-cross", _cross(middle)]]


def _cross(x: float) -> str:
    return f"M{half(x - 4)} -4l8 8m0 -8l-8 8"


def _beside(words: Label, told: Told, lanes: list[Lane], actor: int, toward: int, geometry: Geometry) -> list[Element]:
    if geometry.twin:
        return _verb(words, told, lanes[actor], abs(lanes[actor + toward].x - lanes[actor].x), toward)
    here, there = lanes[actor], lanes[actor + toward]
    # A neighbour without a ribbon may be crossed by a chip; a store's ribbon may not.
    edge = STORE_EDGE + MARGIN if there.kind == "store" else -16
    room = abs(there.x - here.x) - ACTOR_EDGE - edge
    kind = "k-code" if words.code else "k-word"
    bold = told.outcome.kind in BOLD
    text, chip = _fitted(words, room, geometry, bold)
    size = _size(text, words, geometry, bold)
    whole = size + (CHIP_GAP + _chip_width(chip, geometry) if chip else 0)
    start = here.x + toward * (ACTOR_EDGE + MARGIN / 2 + (room - MARGIN / 2 - whole) / 2)
    left = half(start if toward > 0 else start - whole)
    if not chip:
        return [["t", kind, half(left + whole / 2), -6, "middle", text]]
    return [["t", kind, half(left + size), -6, "end", text], *_chip(chip, half(left + size + CHIP_GAP), told, geometry)]


def _verb(words: Label, told: Told, lane: Lane, gap: float, toward: int) -> list[Element]:
    """The verb alone, with its version where it fits, close to the actor."""
    kind, font = ("k-code" if words.code else "k-word"), 12.5
    text = f"{words.verb} {words.chip}" if words.chip else words.verb
    room = gap - ACTOR_EDGE - STORE_EDGE
    if width(text, font, code=words.code, bold=told.outcome.kind in BOLD) > room:
        text = words.verb
    wide = width(text, font, code=words.code, bold=told.outcome.kind in BOLD)
    away = half(max(ACTOR_EDGE + 1, min(16, ACTOR_EDGE + room - wide)))
    return [["t", kind, half(lane.x + toward * away), -6, "start" if toward > 0 else "end", text]]


def _fitted(words: Label, room: float, geometry: Geometry, bold: bool) -> tuple[str, str]:
    """The longest form that fits: with the value, with the version alone, with a shorter key, with the verb alone."""
    whole = f"{words.rest}{words.verb}" if words.rest.endswith(": ") else _joined(words, words.rest)
    long = f"{words.chip} · {words.value}" if words.chip and words.value and not geometry.terse else words.chip
    for chip in dict.fromkeys((long, words.chip)):
        if _size(whole, words, geometry, bold) + (CHIP_GAP + _chip_width(chip, geometry) if chip else 0) <= room:
            return whole, chip
    left = room - (CHIP_GAP + _chip_width(words.chip, geometry) if words.chip else 0)
    letters = fits(whole, geometry.font, left) - len(words.verb) - 1
    if words.code and letters >= _FEWEST_LETTERS:
        return _joined(words, shorten(words.rest, letters)), words.chip
    # Where lanes are crowded, the verb alone.
    return words.verb, words.chip if _size(words.verb, words, geometry, bold) <= left else ""


def _joined(words: Label, rest: str) -> str:
    return f"{words.verb}{'' if rest.startswith(' ') or not rest else ' '}{rest}"


def _size(text: str, words: Label, geometry: Geometry, bold: bool) -> float:
    return width(text, geometry.font, code=words.code, bold=bold)


def _chip_width(chip: str, geometry: Geometry) -> float:
    return half(width(chip, max(11, geometry.font - 1), bold=True) + 2 * CHIP_PAD)


def _chip(chip: str, x: float, told: Told, geometry: Geometry) -> list[Element]:
    wide = _chip_width(chip, geometry)
    number = told.outcome.version or 0
    look = "k-chip-stale" if told.outcome.kind == "stale" else shade(number)
    return [["r", look, x, -19, wide, 17, 5], ["t", f"{look} k-chip", half(x + wide / 2), -6.5, "middle", chip]]


def shade(version: int) -> str:
    """The class of a version's colour: neighbours differ, and a board's first version is the pale one."""
    return "k-v1" if version % 2 else "k-v2"


def _move(told: Told, words: Label, lanes: list[Lane], geometry: Geometry) -> Row:
    """What nobody answers: a mark on its lane and words beside it; a leap is a dotted rule across the picture."""
    op, kind = told.step.op, told.outcome.kind
    text = f"{words.rest} {words.verb}".strip() if op.name == "expire" else _joined(words, words.rest)
    if op.name == "leap":
        middle = half((lanes[0].x + lanes[-1].x) / 2)
        rule = f"M{lanes[0].x} -5H{lanes[-1].x}"
        return Row(kind, [["p", "k-pause", rule]], [["t", "k-word", middle, -9, "middle", text]], True)
    name = CACHE if op.name == "expire" else op.actor
    place = next(at for at, lane in enumerate(lanes) if lane.name == name)
    lane = lanes[place]
    toward = 1 if lane.kind == "reader" else -1
    room = abs(lane.x - lanes[place + toward].x) - STORE_EDGE - 2 * MARGIN if 0 <= place + toward < len(lanes) else 120
    while text and width(text, geometry.font, bold=True) > room and len(text) > 4:
        text = shorten(text, len(text) - 1)
    mark = ["p", "k-cross", _cross(lane.x)] if kind == "fail" else ["r", "k-mark", half(lane.x - 4), -4, 8, 8, 4]
    side = "start" if toward > 0 else "end"
    return Row(kind, [mark], [["t", "k-word", half(lane.x + toward * (STORE_EDGE + MARGIN)), 4, side, text]], True)
