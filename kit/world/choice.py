"""Choices: any list of integers is a schedule.

At a switch point there is one list of alternatives, always complete and always in the same order: `run` (the actor
that ran goes on, else the first ready one), `switch` to each other ready actor, `leap`, `expire` of each key with a
TTL, then for each ready actor the faults of its pending operation and its `death`. An entry picks one; a missing entry
is 0; a too large one wraps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kit.world.tape import Op

READ_FAULTS = ("request_lost", "reply_lost", "cut", "unreachable")
WRITE_FAULTS = ("request_lost", "reply_lost", "cut", "full", "unreachable", "read_only")

# What decides at a switch point: its alternatives, the records and the points so far.
Chooser = Callable[[Sequence["Alternative"], Sequence[Op], Sequence["Point"]], int]


class Alternative(NamedTuple):
    """kind: run, switch, leap, expire, a fault's name, death or end; what: the pending operation's name, or the key."""

    kind: str
    actor: str
    what: str = ""


class Point:
    """One switch point of a run. at: how many records the tape held; clock: whether the step read the clock."""

    __slots__ = ("alternatives", "at", "clock", "taken")

    def __init__(self, alternatives: Sequence[Alternative], taken: int, at: int) -> None:
        self.alternatives, self.taken, self.at, self.clock = alternatives, taken, at, False

    @property
    def chosen(self) -> Alternative:
        return self.alternatives[self.taken]


def chooser(choices: Iterable[int]) -> Chooser:
    """The chooser that follows a list and then takes 0 for ever."""
    entries = iter(choices)
    return lambda alternatives, ops, points: next(entries, 0) % len(alternatives)


def normal(points: Iterable[Point]) -> tuple[int, ...]:
    """The normalised list of a run: what was taken, trailing zeros cut."""
    taken = [point.taken for point in points]
    while taken and not taken[-1]:
        taken.pop()
    return tuple(taken)
