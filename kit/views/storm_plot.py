"""The three pictures of the storm day over one line of hours: people, looks a second, and how long an answer takes.

Rules: axes never move, so two states compare; people stand on a straight scale, the other two on logarithmic ones; one
minute of ten is drawn. Functions of their arguments alone.
Leaves out: what is drawn when (`storm_day.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from kit.views.element import Element, line, path, text
from kit.views.series import count
from kit.views.sheet import NARROW
from kit.world.image import clock_time

TOP, GAP, ROOM, LEFT, RIGHT = 26, 34, 84, 62, 14
HEIGHT = TOP + 3 * (ROOM + GAP)
MOST_PEOPLE = 40_000
LOOKS = (0.1, 10_000.0)
ANSWER_S = (0.001, 36_000.0)
STEP_MIN = 10

Draw = Callable[[int], list[Element]]
"""Draws at a width."""


def part(amount: float, ends: tuple[float, float]) -> float:
    """Where an amount stands on a logarithmic scale, 0 to 1."""
    low, high = ends
    return min(1.0, max(0.0, math.log10(max(amount, low) / low) / math.log10(high / low)))


def words(seconds: float) -> str:
    """A wait in words.

    >>> words(0.006), words(4.2), words(750), words(8_000), words(36_000), words(3_238_560)
    ('6 ms', '4 s', '12 min', '2.2 h', '10 h', '37 days')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7_200:
        return f"{seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"{f'{seconds / 3600:.1f}'.removesuffix('.0')} h"
    return f"{seconds / 86_400:.0f} days"


def across(width: int, minutes: range, minute: float) -> float:
    """Where a minute stands."""
    return LEFT + (minute - minutes[0]) / (minutes[-1] - minutes[0]) * (width - LEFT - RIGHT)


def ends(width: int) -> tuple[float, float]:
    """Where the first and the last minute stand."""
    return LEFT, width - RIGHT


def axes(width: int, minutes: range) -> list[Element]:
    """Scales, their names, and the hours below."""
    drawn = [
        *_scale(width, 0, "people waiting", [(0, "0"), (0.5, "20,000"), (1, "40,000")]),
        *_scale(width, 1, "looks a second (log)", [(part(one, LOOKS), count(one)) for one in (1, 100, 10_000)]),
        *_scale(
            width, 2, "an answer takes (log)", [(part(one, ANSWER_S), words(one)) for one in (0.001, 1, 600, 36_000)]
        ),
    ]
    for hour in range(0, 28, 6 if width < NARROW else 3):
        if minutes[0] <= hour * 60 <= minutes[-1]:
            x = across(width, minutes, hour * 60)
            drawn.append(text("tick", x, HEIGHT - GAP + 18, "middle", f"{hour % 24:02d} h"))
    return drawn


def people_curve(people: Sequence[int], minutes: range) -> Draw:
    """People waiting."""
    return _curve("people", [_people_y(one) for one in people], minutes)


def looks_curve(people: Sequence[int], minutes: range, interval_s: int) -> Draw:
    """Looks a second."""
    return _curve("looks", [_foot(1) - part(one / interval_s, LOOKS) * ROOM for one in people], minutes)


def answer_curve(answers_s: Sequence[float], minutes: range) -> Draw:
    """How long an answer takes."""
    return _curve("answer", [_foot(2) - part(one, ANSWER_S) * ROOM for one in answers_s], minutes)


def limit(minutes: range, turns: int, before: float, after: float) -> Draw:
    """What the database can answer a second, before and after the minute `turns`: a dashed step."""
    high, low = (_foot(1) - part(rate, LOOKS) * ROOM for rate in (before, after))

    def draw(width: int) -> list[Element]:
        first, turn, last = (across(width, minutes, minute) for minute in (minutes[0], turns, minutes[-1]))
        step = path("limit", [(first, high), (turn, high), (turn, low), (last, low)])
        return [step, text("limit", LEFT + 6, high - 4, "start", "what the database can do")]

    return draw


def bet(minutes: range, minute: int, people: float) -> Draw:
    """The learner's bet on the peak as a cross on the curve of people."""

    def draw(width: int) -> list[Element]:
        x, y = across(width, minutes, minute), _people_y(people)
        return [
            {"tag": "path", "class": "bet", "d": f"M{x - 5:.1f},{y - 5:.1f}l10,10M{x - 5:.1f},{y + 5:.1f}l10,-10"},
            text("bet", x, y + 22, "middle", f"your bet {clock_time(minute)}"),
        ]

    return draw


def _scale(width: int, panel: int, name: str, ticks: Sequence[tuple[float, str]]) -> list[Element]:
    foot = _foot(panel)
    drawn = [text("name", 0, foot - ROOM - 10, "start", name)]
    for place, label in ticks:
        y = foot - place * ROOM
        drawn.append(line("grid" if place else "axis", LEFT, y, width - RIGHT, y))
        drawn.append(text("tick", LEFT - 8, y + 4, "end", label))
    return drawn


def _curve(kind: str, heights: Sequence[float], minutes: range) -> Draw:
    places = [(minutes[at], heights[at]) for at in range(0, len(heights), STEP_MIN)]
    return lambda width: [path(f"curve {kind}", [(across(width, minutes, minute), y) for minute, y in places])]


def _foot(panel: int) -> float:
    return TOP + panel * (ROOM + GAP) + ROOM


def _people_y(people: float) -> float:
    return _foot(0) - people / MOST_PEOPLE * ROOM
