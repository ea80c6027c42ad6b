"""Two days as strips of 24 hours: what was planned, what was cancelled, how far one could see.

Rules: nothing here tells how often a board changed or how many people waited: the lesson's bets ask for that.
Source: syllabus, lesson 00, Hook; the figures are those of the archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.views.element import Element, box, line, text
from kit.views.sheet import NARROW, WIDTHS, Card, Figure, Sheet, Slider, key_of, layer

HEIGHT, ROOM, LEFT = 236, 64, 8
TITLE_ENDS = 200
MOST = 80  # flights an hour where a bar ends
NAMES = {"blizzard": "8 February, the blizzard", "storm": "8 March, the storm"}
SHORT = {"blizzard": "8 February", "storm": "8 March"}
HEADS = ("Hour", "8 February: planned", "cancelled", "visibility", "8 March: planned", "cancelled", "visibility")


def strips(days: Mapping[str, Any], start: int = 5) -> Sheet:
    """The sheet of both days. days: name → `flights`, `cancelled`, `miles`, each with 24 entries; start: the hour."""
    cards = {key_of("", hour): _card(days, hour) for hour in range(24)}
    layers = {"strips": layer(lambda width: _strips(days, width))}
    layers |= {f"hour-{hour}": layer(lambda width, hour=hour: _cursor(hour, width)) for hour in range(24)}
    return Sheet(
        title="Two bad days",
        subtitle="NYC flights 2013, three airports, departures by planned hour",
        slider=Slider("Hour", tuple(f"{hour:02d} h" for hour in range(24)), (0, 6, 12, 18, 23)),
        heads=HEADS,
        cards=cards,
        start=("", start),
        layers=layers,
        heights={str(width): HEIGHT for width in WIDTHS},
        legend="Pale: flies, early or late. Crimson, from the foot: cancelled. Below: miles of sight, worst airport.",
    )


def miles(distance: float | None) -> str:
    """A visibility in words; None: not measured."""
    return "not measured" if distance is None else f"{distance:g} mi"


def _card(days: Mapping[str, Any], hour: int) -> Card:
    told, figures, row = [], [], [f"{hour:02d} h"]
    for name in NAMES:
        day = days[name]
        planned, cancelled = day["flights"][hour], day["cancelled"][hour]
        told.append(f"{cancelled} of {planned} on {SHORT[name]}")
        share = cancelled / planned if planned else 0.0
        figures.append(Figure(f"Cancelled, {SHORT[name]}", f"{cancelled} of {planned}", "bad", share))
        row += [str(planned), str(cancelled), miles(day["miles"][hour])]
    return Card(f"Cancelled at {hour:02d} h: {', '.join(told)}.", tuple(figures), tuple(row),
                layers=("strips", f"hour-{hour}"))  # fmt: skip


def _step(width: int) -> float:
    return (width - 2 * LEFT) / 24


def _strips(days: Mapping[str, Any], width: int) -> list[Element]:
    drawn: list[Element] = []
    for place, (name, words) in enumerate(NAMES.items()):
        top = 8 + place * (HEIGHT // 2)
        foot = top + 20 + ROOM
        drawn.append(text("strip", LEFT, top + 10, "start", words))
        for hour in range(24):
            drawn += _hour(days[name], hour, LEFT + hour * _step(width), foot, width)
        drawn.append(line("axis", LEFT, foot, width - LEFT, foot))
    return drawn


def _hour(day: Mapping[str, Any], hour: int, x: float, foot: float, width: int) -> list[Element]:
    planned, cancelled = day["flights"][hour] / MOST * ROOM, day["cancelled"][hour] / MOST * ROOM
    wide = _step(width) - 2
    drawn = [box("hour", x + 1, foot - planned, wide, planned)] if planned else []
    drawn += [box("hour cancelled", x + 1, foot - cancelled, wide, cancelled)] if cancelled else []
    if hour % (6 if width < NARROW else 3) == 0 and day["miles"][hour] is not None:
        drawn.append(text("tick", x + wide / 2, foot + 14, "middle", f"{day['miles'][hour]:g} mi"))
    return drawn


def _cursor(hour: int, width: int) -> list[Element]:
    x, wide = LEFT + hour * _step(width), _step(width)
    drawn: list[Element] = []
    for place in range(2):
        top = 8 + place * (HEIGHT // 2)
        drawn.append(box("cursor", x, top + 16, wide, ROOM + 5))
    if x < TITLE_ENDS:  # the slider says the hour too
        return drawn
    return [*drawn, text("here", min(x + wide / 2, width - 24), 14, "middle", f"{hour:02d} h")]
