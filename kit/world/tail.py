"""What follows the explored part of a scene depends on what it left in cache and database alone: play it once a state.

Many schedules of a search end in the same state and differ in their orders only. The records of the tail (the probe,
the reads that follow) are kept by state and appended again, with their numbers and moments moved. A tail in which the
submission read a clock, or asked the server for its counters, is played every time. Replays keep nothing and so give
the same bytes: a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from kit.world.schedule import Schedule
from kit.world.tape import Op


class TailKnown(Exception):
    """The rest of the scene was played before from this very state; its records are on the tape already."""


class _Tail(NamedTuple):
    ops: tuple[Op, ...]
    at: int  # how many records the tape held
    now: int


class Tails:
    """The tails of one world's scenes."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Tail] = {}
        self._open: tuple[Hashable, int, int] | None = None

    def begin(self) -> None:
        """A new schedule."""
        self._open = None

    def forget(self) -> None:
        """Play every tail once more: a schedule that is repeated is to be repeated whole."""
        self._known.clear()

    def explored(self, scene: Hashable, seed: int, schedule: Schedule) -> None:
        """The explored part is over. Raises TailKnown where the rest is known."""
        service, recorder = schedule.service, schedule.recorder
        key = (
            scene, seed, service.engine.state(), service.store.state(), recorder.versions(), frozenset(schedule.names),
            service.parked_once, tuple((one.kind, one.on, one.count) for one in service.faults),
        )  # fmt: skip
        known = self._known.get(key)
        if known is not None:
            recorder.ops += _moved(known, len(recorder.ops), recorder.now())
            raise TailKnown
        self._open = (key, len(recorder.ops), recorder.now())
        service.clock_read = False

    def ended(self, schedule: Schedule) -> None:
        """The scene came to its end: keep its tail, unless it may differ the next time."""
        if self._open is None or schedule.service.clock_read:
            return
        key, at, now = self._open
        ops = tuple(schedule.recorder.ops[at:])
        if not any(op.name in ("INFO", "CLIENT ID", "TIME", "stats", "me") for op in ops):
            self._known[key] = _Tail(ops, at, now)


def _moved(tail: _Tail, at: int, now: int) -> list[Op]:
    seq, us = at - tail.at, now - tail.now
    if not us and not seq:
        return list(tail.ops)
    return [
        Op(
            op.seq + seq, op.actor, op.peer, op.name, op.keys, op.write, op.request, op.reply, op.effects, op.setup,
            None if op.t_sent is None else op.t_sent + us,
            None if op.t_served is None else op.t_served + us,
            None if op.t_received is None else op.t_received + us,
            op.line,
        )
        for op in tail.ops
    ]  # fmt: skip
