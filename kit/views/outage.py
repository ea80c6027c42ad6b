"""A cache that is taken away, and brought back empty: what the database is asked, moment by moment.

Rules: one logarithmic axis for three curves (as it is, away for good, back and cold); the ten minutes are tinted, and
said in words; what was before stays as a ghost. Counted from the day's looks; nobody waits here, so a database that
falls over is not in the picture, and the legend says so.
Source: syllabus, lesson 03, Break it; `kit/workloads/flights/outage.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kit.views.element import Element, box, line, path, tenth, text
from kit.views.series import count, span
from kit.views.sheet import NARROW, WIDTHS, Card, Figure, Layer, Sheet, Slider, both, key_of, layer
from kit.world.image import clock_time

STATES = {"there": "there", "away": "taken away at 17:10", "back": "back at 17:20, empty"}
GRAINS = {"flight": "flight", "board": "airport"}
TTLS_S = (60, 600, 3600)
HEADS = ("Cache", "Key for", "TTL", "Queries/s before", "Queries/s at 17:15", "Most in ten seconds after 17:20")
STEP_S, FIRST_MIN, AWAY_MIN, BACK_MIN = 10, 17 * 60 + 5, 17 * 60 + 10, 17 * 60 + 20
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 54, 20, 34, 34, 270
LEAST, MOST = 0.1, 100.0


def outage(data: Mapping[str, Any], start: tuple[str, int] = ("flight", 60)) -> Sheet:
    """data: `outage` of the lesson's file: looks and queries in steps of ten seconds from 17:05."""
    looks = data["looks"]
    cards: dict[str, Card] = {}
    layers: dict[str, Layer] = {"axes": layer(lambda width: _axes(width, len(looks)))}
    for grain in GRAINS:
        for stop, ttl_s in enumerate(TTLS_S):
            kept = data["queries"][grain][str(ttl_s)]
            for state in STATES:
                steps, option = _steps(kept, looks, state), both(state, grain)
                layers[f"curve {option} {stop}"] = layer(_curve(steps))
                names = ("axes", *(("gone",) if state != "there" else ()), f"curve {option} {stop}")
                cards[key_of(option, stop)] = _card(steps, state, grain, ttl_s, names)
    layers["gone"] = layer(lambda width: _gone(width, len(looks)))
    return Sheet(
        title="The cache is taken away",
        subtitle="8 March 2013, 17:05 to 17:30, counted",
        slider=Slider("TTL", tuple(map(span, TTLS_S)), (0, 1, 2)),
        heads=HEADS,
        cards=cards,
        start=(both("there", start[0]), TTLS_S.index(start[1])),
        choice="The cache is",
        options=STATES,
        second="One key for each",
        more=GRAINS,
        layers=layers,
        heights={str(width): HEIGHT for width in WIDTHS},
        legend="Counted looks and queries. What a database does that cannot carry this load is not in the picture.",
    )


def before_the_bet(sheet: Sheet) -> Sheet:
    """The same with the cache there alone: what happens without it is the bet."""
    option, stop = sheet.start
    return replace(sheet, cards={key_of(option, stop): sheet.card()})


def _steps(kept: Mapping[str, Sequence[int]], looks: Sequence[int], state: str) -> list[int]:
    if state == "back":
        return list(kept["back"])
    gone = (AWAY_MIN - FIRST_MIN) * 60 // STEP_S
    return [*kept["there"][:gone], *looks[gone:]] if state == "away" else list(kept["there"])


def _rate(steps: Sequence[int], first_min: int, last_min: int) -> float:
    part = steps[(first_min - FIRST_MIN) * 60 // STEP_S : (last_min - FIRST_MIN) * 60 // STEP_S]
    return sum(part) / (len(part) * STEP_S)


def _card(steps: Sequence[int], state: str, grain: str, ttl_s: int, layers: tuple[str, ...]) -> Card:
    before, during = _rate(steps, FIRST_MIN, AWAY_MIN), _rate(steps, AWAY_MIN, BACK_MIN)
    hump = max(steps[(BACK_MIN - FIRST_MIN) * 60 // STEP_S :][:6]) / STEP_S
    figures = (
        Figure("Queries a second, 17:10 to 17:20", words(during), "miss", _part(during)),
        Figure("Most a second after 17:20", words(hump), "bad" if state == "back" else "flow", _part(hump)),
    )
    times = f"{count(during / before + 0.5)} times as many" if before >= 0.05 else f"instead of {words(before)}"
    said = {
        "there": f"With the cache there the database is asked {words(during)} times a second.",
        "away": f"Without the cache: {words(during)} queries a second, {times}.",
        "back": f"It comes back empty: {words(hump)} queries a second at first, then it is warm again.",
    }
    row = (STATES[state], GRAINS[grain], span(ttl_s), words(before), words(during), words(hump))
    return Card(said[state], figures, row, layers=layers)


def words(rate: float) -> str:
    """A rate: whole above ten.

    >>> words(57.3), words(0.42), words(0.0)
    ('57', '0.4', 'under 0.1')
    """
    if rate < 0.05:
        return "under 0.1"
    return count(rate + 0.5) if rate >= 10 else f"{rate:.1f}"


def _part(rate: float) -> float:
    return min(1.0, max(0.0, math.log10(max(rate, LEAST) / LEAST) / math.log10(MOST / LEAST)))


def _x(width: int, step: float, steps: int) -> float:
    return tenth(LEFT + step / steps * (width - LEFT - RIGHT))


def _y(rate: float) -> float:
    return tenth(HEIGHT - BOTTOM - _part(rate) * (HEIGHT - TOP - BOTTOM))


def _axes(width: int, steps: int) -> list[Element]:
    drawn = [text("name", 0, TOP - 16, "start", "database queries a second (log)")]
    for rate in (0.1, 1, 10, 100):
        drawn.append(line("grid" if rate > LEAST else "axis", LEFT, _y(rate), width - RIGHT, _y(rate)))
        drawn.append(text("tick", LEFT - 8, _y(rate) + 4, "end", f"{rate:g}"))
    for minute in range(FIRST_MIN, FIRST_MIN + steps * STEP_S // 60 + 1, 10 if width < NARROW else 5):
        x = _x(width, (minute - FIRST_MIN) * 60 / STEP_S, steps)
        drawn.append(text("tick", x, HEIGHT - BOTTOM + 20, "middle", clock_time(minute)))
    return drawn


def _gone(width: int, steps: int) -> list[Element]:
    first, last = (_x(width, (minute - FIRST_MIN) * 60 / STEP_S, steps) for minute in (AWAY_MIN, BACK_MIN))
    return [
        box("gone", first, TOP, last - first, HEIGHT - TOP - BOTTOM),
        text("low", (first + last) / 2, HEIGHT - BOTTOM - 8, "middle", "no cache"),
    ]


def _curve(steps: Sequence[int]) -> Callable[[int], list[Element]]:
    def draw(width: int) -> list[Element]:
        return [
            path("curve queries", [(_x(width, at + 0.5, len(steps)), _y(one / STEP_S)) for at, one in enumerate(steps)])
        ]

    return draw
