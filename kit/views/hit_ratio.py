"""The hit ratio against the TTL: the formula as a curve, and the replay's counts as dots that fall on it.

Rules: one curve and thirteen dots a grain and interval; the dot at the slider is filled; the axes never move, so two
states compare; each dot can be chosen (`data-stop`), which opens its recording. More looks lift the ratio, and the
misses hardly move: both figures stand above the picture.
Source: syllabus, lesson 03, Live; the formula: `kit/workloads/flights/hits.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from kit.views.element import Element, line, path, tenth, text
from kit.views.series import count, share, span
from kit.views.sheet import NARROW, WIDTHS, Card, Figure, Layer, Sheet, Slider, both, key_of, layer

GRAINS = {"board": "airport", "hour": "hour", "route": "route", "flight": "flight"}
KEPT = {"board": "an airport's board", "hour": "an hour's board", "route": "a route", "flight": "a flight"}
INTERVALS_S = (1200, 600, 300, 120)
HEADS = ("Key for", "A look every", "TTL", "Hits", "Formula", "Misses", "Looks")
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 54, 20, 30, 34, 280
TICKS, TICKS_NARROW = (1, 5, 10, 30, 60, 300, 600, 1800, 3600), (1, 10, 60, 600, 3600)
MOST_MISSES = 6_000_000
_LAST_S = 3600


def hit_ratio(
    hits: Mapping[str, Mapping[str, Any]], expected: Callable[[float, float], float], start: tuple[str, int, int]
) -> Sheet:
    """hits: grain → interval → counts of the lesson's file; expected: the formula, of rate and TTL; start: grain,
    interval and TTL in seconds."""
    stops = tuple(hits["board"]["600"]["ttl_s"])
    cards: dict[str, Card] = {}
    layers: dict[str, Layer] = {"axes": layer(_axes)}
    for grain in GRAINS:
        for interval in INTERVALS_S:
            one, option = hits[grain][str(interval)], both(grain, str(interval))
            layers[f"curve {option}"] = layer(_curve(one, expected))
            layers[f"dots {option}"] = layer(_dots(one))
            for stop, ttl_s in enumerate(stops):
                layers.setdefault(f"now {option} {stop}", layer(_now(one, stop)))
                names = ("axes", f"curve {option}", f"dots {option}", f"now {option} {stop}")
                cards[key_of(option, stop)] = _card(one, grain, interval, ttl_s, expected, names)
    grain, interval, ttl = start
    return Sheet(
        title="What share of looks the cache answers",
        subtitle="8 March 2013, every look counted; the curve is the formula",
        slider=Slider("TTL", tuple(map(span, stops)), tuple(range(0, len(stops), 3))),
        heads=HEADS,
        cards=cards,
        start=(both(grain, str(interval)), stops.index(ttl)),
        choice="One key for each",
        options=GRAINS,
        second="A look every",
        more={str(each): span(each) for each in INTERVALS_S},
        opens="Open this point's recording",
        layers=layers,
        heights={str(width): HEIGHT for width in WIDTHS},
        legend="Curve: λT / (1 + λT), λ the mean rate of a key that somebody waits for. Dots: counted. "
        "Click a dot, or press the button: 400 looks under one key, played with that TTL.",
    )


def _ratio(one: Mapping[str, Any], stop: int) -> float:
    misses, looks = int(one["misses"][stop]), int(one["looks"])
    return 100 * (1 - misses / looks)


def _card(
    one: Mapping[str, Any], grain: str, interval: int, ttl_s: int, expected: Callable[[float, float], float],
    layers: tuple[str, ...],
) -> Card:  # fmt: skip
    stop = one["ttl_s"].index(ttl_s)
    ratio, misses = _ratio(one, stop), one["misses"][stop]
    foretold = 100 * expected(one["rate"], ttl_s)
    figures = (
        Figure("Hits", _share(ratio), "flow", ratio / 100),
        Figure("Misses", count(misses), "miss", math.log10(max(misses, 10) / 10) / math.log10(MOST_MISSES / 10)),
    )
    say = f"Kept for {span(ttl_s)}, {KEPT[grain]} answers {_share(ratio)} of its looks: {count(misses)} misses."
    row = (
        GRAINS[grain], span(interval), span(ttl_s), _share(ratio), _share(foretold), count(misses), count(one["looks"])
    )  # fmt: skip
    return Card(say, figures, row, layers=layers)


def _share(per_cent: float) -> str:
    """With a second decimal where the first would say 100."""
    return share(per_cent) if per_cent < 99.9 else f"{math.floor(per_cent * 1000) / 1000:.3f} %"


def _x(width: int, ttl_s: float) -> float:
    return tenth(LEFT + math.log(ttl_s) / math.log(_LAST_S) * (width - LEFT - RIGHT))


def _y(per_cent: float) -> float:
    return tenth(HEIGHT - BOTTOM - per_cent / 100 * (HEIGHT - TOP - BOTTOM))


def _axes(width: int) -> list[Element]:
    drawn = [text("name", 0, TOP - 12, "start", "hits, per cent of looks")]
    for per_cent in (0, 25, 50, 75, 100):
        drawn.append(line("grid" if per_cent else "axis", LEFT, _y(per_cent), width - RIGHT, _y(per_cent)))
        drawn.append(text("tick", LEFT - 8, _y(per_cent) + 4, "end", f"{per_cent} %"))
    for ttl_s in TICKS_NARROW if width < NARROW else TICKS:
        drawn.append(text("tick", _x(width, ttl_s), HEIGHT - BOTTOM + 20, "middle", span(ttl_s)))
    return drawn


def _curve(one: Mapping[str, Any], expected: Callable[[float, float], float]) -> Callable[[int], list[Element]]:
    moments = [_LAST_S ** (step / 60) for step in range(61)]

    def draw(width: int) -> list[Element]:
        places = [(_x(width, ttl_s), _y(100 * expected(one["rate"], ttl_s))) for ttl_s in moments]
        return [path("curve formula", places)]

    return draw


def _dots(one: Mapping[str, Any]) -> Callable[[int], list[Element]]:
    def draw(width: int) -> list[Element]:
        return [
            {"tag": "circle", "class": "dot", "cx": _x(width, ttl_s), "cy": _y(_ratio(one, stop)), "r": 5,
             "data-stop": stop}
            for stop, ttl_s in enumerate(one["ttl_s"])
        ]  # fmt: skip

    return draw


def _now(one: Mapping[str, Any], stop: int) -> Callable[[int], list[Element]]:
    def draw(width: int) -> list[Element]:
        x, y = _x(width, one["ttl_s"][stop]), _y(_ratio(one, stop))
        return [
            line("rule now", x, TOP, x, HEIGHT - BOTTOM),
            {"tag": "circle", "class": "dot here", "cx": x, "cy": y, "r": 6.5, "data-stop": stop},
        ]

    return draw
