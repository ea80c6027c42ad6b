"""Who has a lane, and where: readers, cache, database, writers.

Rules: readers come from the left and writers from the right, so cache and database are neighbours and their
disagreement has a place; a role is the function of an actor's first call; whoever commits is a writer, and so is
whoever was called with a committer's function.
Source: the kit's looks, "Lane order"; contracts of the kit, Roles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.views.metrics import width
from kit.views.steps import effects, halves
from kit.views.words import shorten, text
from kit.world.tape import Tape

CACHE, DATABASE = "Cache", "Database"
CROWDED = 80  # pixels between lanes, below which heads give up their air
_SHORT = {DATABASE: "DB"}
_NUMBERED = re.compile(r"^([A-Z])[a-z]+ (\d.*)$")


@dataclass(frozen=True, slots=True)
class Geometry:
    """A size of picture, in pixels. left, right: from the edge to the first and last lane; window: rows in sight;
    gutter: right edge of the numbers; terse: short words only; twin: verbs only, no icons."""

    name: str
    width: int
    left: int
    right: int
    font: float
    window: int
    gutter: int
    terse: bool = False
    row: int = 34
    head: int = 38
    twin: bool = False
    name_font: float = 13


WIDE = Geometry("wide", 890, 136, 58, 12.5, 11, 52)
MIDDLE = Geometry("middle", 700, 122, 50, 12, 11, 46)
NARROW = Geometry("narrow", 602, 87, 47, 11.5, 9, 32, terse=True, name_font=12)
BESIDE_CODE = Geometry("wide", 780, 132, 54, 12.5, 11, 52)


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane. kind: reader, store or writer; label: its name as it fits; x: of its centre."""

    name: str
    kind: str
    label: str
    x: float


def roles(tape: Tape) -> dict[str, str]:
    """Actor → reader or writer: the readers first, each side in the order of names, so no run moves a lane."""
    functions: dict[str, str] = {}
    found: dict[str, str] = {}
    committers: set[str] = set()
    for op in tape:
        if op.name == "start" and op.peer == "scene" and op.request:
            functions.setdefault(op.actor, str(op.request[0]))
        if halves(op) != ("scene",) and op.actor != "world":
            found.setdefault(op.actor, functions.get(op.actor, ""))
        if any(effects(op, "committed")):
            committers.add(op.actor)
    writing = {found[actor] for actor in committers if found.get(actor)}
    sides = {
        actor: "writer" if actor in committers or function in writing else "reader" for actor, function in found.items()
    }
    return {actor: sides[actor] for actor in sorted(sides, key=lambda actor: (sides[actor], _natural(actor)))}


def _natural(actor: str) -> list[tuple[int, str]]:
    """Numbers inside a name count as numbers: Reader 2 comes before Reader 10."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", actor)]


def stores(tape: Tape) -> tuple[str, ...]:
    """The stores that have lanes: no cache where a tape has statements and nobody ever asked one."""
    peers = {op.peer for op in tape if not op.setup}
    return (DATABASE,) if "store" in peers and "cache" not in peers else (CACHE, DATABASE)


def peer_lane(peer: str) -> str:
    """The lane of whoever is asked: one of the stores, or another process by its own name."""
    return {"store": DATABASE, "cache": CACHE}.get(peer, peer)


def lanes(tape: Tape, geometry: Geometry) -> list[Lane]:
    """The lanes from left to right, evenly spaced, each label as long as it may be."""
    known = roles(tape)
    order = [(text(actor), actor, "reader") for actor, role in known.items() if role == "reader"]
    order += [(store, store, "store") for store in stores(tape)]
    order += [(text(actor), actor, "writer") for actor, role in known.items() if role == "writer"]
    room = geometry.width - geometry.left - geometry.right
    step = room / (len(order) - 1)
    # Half pixels only: they are exact in every arithmetic, so both renderers write the same numbers.
    return [
        Lane(name, kind, _fitting(label, step, geometry), half(geometry.left + step * at))
        for at, (label, name, kind) in enumerate(order)
    ]  # fmt: skip


def half(value: float) -> float:
    """The nearest half pixel; a whole one as an int."""
    doubled = round(value * 2)
    return doubled // 2 if doubled % 2 == 0 else doubled / 2


def padding(gap: float, geometry: Geometry) -> int:
    """What a head takes beside its name, where lanes are `gap` apart: less where they are crowded."""
    if geometry.twin:
        return 12
    return 24 if gap >= CROWDED else 10


def _fitting(label: str, gap: float, geometry: Geometry) -> str:
    """The name, its short form (`R1`, `DB`), or what is left of it between first and last letters."""
    room = gap - padding(gap, geometry) - 2
    short = _SHORT.get(label) or _NUMBERED.sub(r"\1\2", label)
    for candidate in (label, short, *(shorten(short, letters) for letters in range(len(short) - 1, 2, -1))):
        if width(candidate, geometry.name_font, bold=True) <= room:
            return candidate
    return shorten(label, 3)
