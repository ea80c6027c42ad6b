"""The live picture of lesson 05 as a list of elements: axes, curves, points, rules, the learner's bet.

Rules: a function of its arguments alone; `live.js` draws the same elements, and a test compares them one by one;
coordinates are rounded to a tenth of a pixel in both languages in the same way; axes never move, so two states compare;
one outcome, one shape: misses a ring, a stale wall a filled triangle, a stale phone an open one. Data of one stop is
three points with their captions.
Source: looks.md, "Live picture".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kit.views import element
from kit.views.element import Element, pair, tenth
from kit.views.element import line as _line
from kit.views.element import text as _text
from kit.views.series import Data, Mark, Point, count, share, span, value

FIRST_S, LAST_S = 1, 3600
ENDS = (("misses", "misses"), ("wall", "wall stale"), ("phone", "phone stale"))
TICKS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600)
TICKS_NARROW = (1, 10, 60, 600, 3600)
NARROW = 700


@dataclass(frozen=True, slots=True)
class Box:
    """The plot inside a picture `width` pixels wide."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    def x(self, ttl: float) -> float:
        share = math.log10(ttl / FIRST_S) / math.log10(LAST_S / FIRST_S)
        return tenth(self.left + share * (self.width - self.left - self.right))

    def y(self, per_cent: float) -> float:
        return tenth(self.height - self.bottom - per_cent / 100 * (self.height - self.top - self.bottom))

    def y_misses(self, misses: float) -> float:
        """Ten misses at the foot, a million level with 100 %: five decades beside five steps of 20 %."""
        return self.y(20 * (math.log10(max(misses, 10)) - 1))


def box(width: int) -> Box:
    """The room of the plot; narrow pictures are lower and have shorter gutters."""
    return Box(width, 284, 62, 132, 44, 30) if width < NARROW else Box(width, 340, 74, 152, 46, 30)


def elements(data: Data, now: Point, before: Point | None, mark: Mark | None, width: int) -> list[Element]:
    """Everything that is drawn, in order: axes, ghost, curves, points, the bet, labels."""
    room = box(width)
    drawn = _axes(room)
    whole = len(data["stops"]) > 1
    if before and (before.day, before.grain) != (now.day, now.grain):
        drawn += [_curve(room, data, before, name, f"ghost {name}") for name, _ in ENDS]
    if whole:
        drawn += [_area(room, data, now)]
        drawn += [_curve(room, data, now, name, name) for name, _ in ENDS]
        drawn += _ends(room, data, now)
    if before and before != now:
        drawn += _rule(room, data, before, "before", left=before.stop <= now.stop)
    drawn += _rule(room, data, now, "now", left=bool(before and before != now and before.stop > now.stop))
    if not whole:
        drawn += _captions(room, data, now)
    return drawn + (_mark(room, mark, now) if mark else [])


def svg(drawn: list[Element], width: int, style: str) -> str:
    """The elements as one SVG text; `style` is its css."""
    return element.svg(drawn, width, box(width).height, style)


def _axes(room: Box) -> list[Element]:
    x1, x2, foot = room.left, room.width - room.right, room.height - room.bottom
    drawn: list[Element] = []
    for step in range(6):
        y = room.y(20 * step)
        drawn.append(_line("axis" if step == 0 else "grid", x1, y, x2, y))
        drawn.append(_text("tick", x1 - 8, y + 4, "end", count(10 ** (step + 1))))
        drawn.append(_text("tick", x2 + 8, y + 4, "start", f"{20 * step} %"))
    for ttl in TICKS_NARROW if room.width < NARROW else TICKS:
        drawn.append(_text("tick", room.x(ttl), foot + 20, "middle", span(ttl)))
    drawn.append(_text("name", 0, 12, "start", "misses a day"))
    drawn.append(_text("name", room.width, 12, "end", "share of looks that are stale"))
    return drawn


def _curve(room: Box, data: Data, point: Point, name: str, kind: str) -> Element:
    return {"tag": "path", "class": f"curve {kind}", "d": "M" + "L".join(_places(room, data, point, name))}


def _area(room: Box, data: Data, point: Point) -> Element:
    foot, stops = room.y(0), data["stops"]
    inside = "L".join(_places(room, data, point, "wall"))
    return {
        "tag": "path",
        "class": "area",
        "d": f"M{pair(room.x(stops[0]), foot)}L{inside}L{pair(room.x(stops[-1]), foot)}Z",
    }


def _places(room: Box, data: Data, point: Point, name: str) -> list[str]:
    lists = data["days"][point.day]["grains"][point.grain][name]
    return [pair(room.x(ttl), _height(room, name, amount)) for ttl, amount in zip(data["stops"], lists, strict=True)]


def _height(room: Box, name: str, amount: float) -> float:
    return room.y_misses(amount) if name == "misses" else room.y(amount)


def _ends(room: Box, data: Data, now: Point) -> list[Element]:
    """The curves' names at their right ends, at least 16 px apart, never below the foot."""
    lists = data["days"][now.day]["grains"][now.grain]
    wanted = sorted((_height(room, name, lists[name][-1]) + 4, name, label) for name, label in ENDS)
    placed, last = [], 0.0
    for y, name, label in wanted:
        last = max(y, last + 16)
        placed.append((last, name, label))
    over = max(0.0, last - (room.height - room.bottom + 4))
    x = room.width - room.right + 50
    return [_text(f"end {name}", x, tenth(y - over), "start", label) for y, name, label in placed]


def _rule(room: Box, data: Data, point: Point, word: str, *, left: bool) -> list[Element]:
    ttl, amounts = data["stops"][point.stop], value(data, point)
    x = room.x(ttl)
    drawn = [_line(f"rule {word}", x, room.top - 10, x, room.y(0))]
    drawn += [_sign(name, word, x, _height(room, name, amounts[name])) for name, _ in ENDS]
    drawn.append(
        _text(f"rule {word}", x - 5 if left else x + 5, room.top - 8, "end" if left else "start", f"{word} {span(ttl)}")
    )
    return drawn


def _sign(name: str, word: str, x: float, y: float) -> Element:
    if name == "misses":
        return {"tag": "circle", "class": f"sign {name} {word}", "cx": x, "cy": y, "r": 4.5}
    shape = f"M{pair(x, tenth(y - 5.5))}L{pair(tenth(x + 5.5), tenth(y + 4))}L{pair(tenth(x - 5.5), tenth(y + 4))}Z"
    return {"tag": "path", "class": f"sign {name} {word}", "d": shape}


def _captions(room: Box, data: Data, now: Point) -> list[Element]:
    """What the three points say, for a picture without curves."""
    amounts, x = value(data, now), room.x(data["stops"][now.stop])
    words = {"misses": f"{count(amounts['misses'])} misses", "wall": f"{share(amounts['wall'])} of walls stale",
             "phone": f"{share(amounts['phone'])} of phones stale"}  # fmt: skip
    return [
        _text(f"end {name}", x + 12, tenth(_height(room, name, amounts[name]) + 4), "start", words[name])
        for name, _ in ENDS
    ]


def _mark(room: Box, mark: Mark, now: Point) -> list[Element]:
    """The bet as a grey cross that stays; away from the storm's boards its label says what it was about."""
    x, y = room.x(mark.ttl), room.y(mark.wall)
    here = now.day == "storm" and now.grain == "board"
    left, right, up, down = tenth(x - 5), tenth(x + 5), tenth(y - 5), tenth(y + 5)
    cross = f"M{pair(left, up)}L{pair(right, down)}M{pair(left, down)}L{pair(right, up)}"
    label = f"your bet {share(mark.wall)}" if here else "your bet, storm and boards"
    low = y > room.height - room.bottom - 20
    return [
        {"tag": "path", "class": "bet", "d": cross},
        _text("bet", tenth(x + 10), tenth(y - 8 if low else y + 18), "start", label),
    ]
