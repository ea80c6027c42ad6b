"""The Ladder: what each step of an answer costs, as bars on a logarithmic scale, and one answer's path along it.

Rules: a bar says whether it is modelled or measured, in words; the steps that the chosen answer takes are filled, the
others are outlines; the sum stands above. Modelled figures come from the world's own table of latencies.
Source: `kit/world/latency.py`; RAM, disk and region: orders of magnitude after Jeff Dean's list, marked as such.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from kit.views.sheet import Card, Figure, Sheet, Slider, key_of
from kit.views.words import duration
from kit.world.latency import CACHE_ROUND_TRIP, SERVICE, STORE_ROUND_TRIP

# name → µs, and where the figure comes from
RUNGS: Mapping[str, tuple[float, str]] = {
    "memory of the process": (0.1, "order of magnitude"),
    "cache, there and back": (CACHE_ROUND_TRIP, "modelled"),
    "database, a flight": (STORE_ROUND_TRIP + SERVICE["flight"], "modelled"),
    "database, a board": (STORE_ROUND_TRIP + SERVICE["board"], "modelled"),
    "disk, one seek": (10_000, "order of magnitude"),
    "another region": (80_000, "order of magnitude"),
}
CACHE, BOARD = "cache, there and back", "database, a board"
PATHS: Mapping[str, tuple[str, ...]] = {
    "a hit": (CACHE,),
    "a miss": (CACHE, BOARD, CACHE),
    "no cache": (BOARD,),
    "an outage": (BOARD,),
}
FIRST_US, LAST_US = 0.1, 100_000.0


def ladder() -> Sheet:
    """The sheet: a stop for each path."""
    names = tuple(PATHS)
    return Sheet(
        title="What an answer costs",
        subtitle="a board, one look; bars on a logarithmic scale",
        slider=Slider("The look is", names, tuple(range(len(names)))),
        heads=("The look is", "Round trips", "Time", "Its steps"),
        cards={key_of("", stop): _card(name) for stop, name in enumerate(names)},
        start=("", 1),
        legend="In an outage of the cache its error comes on top: at once where the connection is refused, a whole "
        "time-out where nobody answers.",
    )


def _card(name: str) -> Card:
    steps = PATHS[name]
    us = sum(RUNGS[step][0] for step in steps)
    trips = f"{len(steps)} round trip{'s' * (len(steps) > 1)}"
    figures = (
        Figure("Time", duration(round(us)), "flow", _part(us)),
        Figure("Round trips", str(len(steps)), "miss", len(steps) / 3),
    )
    say = f"{name[0].upper()}{name[1:]}: {trips}, {duration(round(us))}."
    row = (name, str(len(steps)), duration(round(us)), " → ".join(steps))
    return Card(say, figures, row, body=_bars(steps))


def _part(us: float) -> float:
    return math.log10(us / FIRST_US) / math.log10(LAST_US / FIRST_US)


def _bars(steps: tuple[str, ...]) -> str:
    rows = "".join(_bar(name, us, source, steps.count(name)) for name, (us, source) in RUNGS.items())
    return f'<table class="kit-table kit-ladder"><tbody>{rows}</tbody></table>'


def _bar(name: str, us: float, source: str, taken: int) -> str:
    times = f"{taken} ×" if taken else "not taken"
    kind = "kit-taken" if taken else ""
    long = f'<span class="kit-rung {kind}" style="width:{100 * _part(us):.1f}%"></span>'
    took = duration(round(us)) if us >= 1 else "0.1 µs"
    return (
        f'<tr><th scope="row">{escape(name)}</th><td class="kit-rungs">{long}</td><td>{took}</td>'
        f"<td>{times}</td><td>{source}</td></tr>"
    )
