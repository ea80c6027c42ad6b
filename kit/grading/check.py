"""What a check is: scenes with bounds, and a property that reads the tape; and the stage that scenes start from.

Source: the contracts of the kit, "Exercises" and "Choices and search".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kit.workloads.scene_rows import AIRPORTS, COMMON, Row
from kit.world.call import Answer, Call, call, pause, statement
from kit.world.script import Scene, Script
from kit.world.tape import Tape

__all__ = [
    "Answer", "Bounds", "Call", "Check", "Part", "Scene", "Script", "Stage", "call", "pause", "statement",
]  # fmt: skip

Holds = Callable[[Tape], "str | None"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many deviations of a kind the search may make in one schedule; orders are free unless `switches` says more.

    Bounds belong to the search, never to the world: they forbid generating a list and change no list's meaning.
    """

    leaps: int = 1
    expiries: int = 0
    faults: int = 0
    deaths: int = 0
    switches: int | None = None

    def words(self) -> str:
        """The kinds allowed, as a coverage claim says them: `at most one leap and one expiry`."""
        numbers = {1: "one", 2: "two", 3: "three"}
        kinds = (
            (self.leaps, "leap", "leaps"), (self.expiries, "expiry", "expiries"),
            (self.faults, "fault", "faults"), (self.deaths, "death", "deaths"),
        )  # fmt: skip
        found = [f"{numbers.get(most, str(most))} {one if most == 1 else many}" for most, one, many in kinds if most]
        return f"at most {' and '.join(found)}" if found else ""


ORDERS = Bounds(leaps=0)


@dataclass(frozen=True, slots=True)
class Part:
    """One scene of a check. faulty: the actors whose operations may meet a fault or a death; empty: all of them."""

    scene: Scene
    bounds: Bounds = ORDERS
    faulty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One idea of an exercise. title: the rule as a sentence; holds(tape): None, or what was seen to break it.

    quantifier: `always` (no explored schedule breaks it) or `sometimes` (one schedule reaches it). `holds` is a safety
    property: once it fails on a prefix of a tape it fails on every longer one; a property of the end looks only at a
    tape whose last record is `scene/end`.
    """

    id: str
    title: str
    points: int
    hidden: bool
    quantifier: Literal["always", "sometimes"]
    parts: tuple[Part, ...]
    holds: Holds


@dataclass(frozen=True, slots=True)
class Stage:
    """What every scene of an exercise starts from (`STAGE` of checks.py, where it is not this one).

    rows, airports: the day's image; one_process: all calls run in one process, one module for all of them, as in an
    exercise about code that stays up. A call is a process of its own else.
    """

    rows: tuple[Row, ...] = COMMON
    airports: tuple[str, ...] = AIRPORTS
    one_process: bool = False
