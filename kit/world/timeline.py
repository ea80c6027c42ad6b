"""The events of a timed scene: when requests leave, arrive, are served and are answered. No choices.

Rules: a request stands at `t_sent`, is served when it has arrived and the peer is free, its reply stands at
`t_received`; the database serves in order of arrival, as many statements at once as it has cores. Everything shown of
it is labelled "modelled". Source: `latency.py`.
Leaves out: fair sharing of cores; it comes with the lesson that needs it.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from kit.world.actor import Actor
from kit.world.call import Call, Statement
from kit.world.latency import CACHE_ROUND_TRIP, STORE_ROUND_TRIP, service_time

# What costs no trip: it is done where the actor stands.
HERE = ("nothing", "sleep", "acquire", "join")


class Timed(NamedTuple):
    """A call that begins at `at_us` after the start of the scene, or as soon as its actor is free.

    A statement is the kit's own operator's: it goes to the database past the submission.
    """

    at_us: int
    actor: str
    call: Call | Statement


class Event(NamedTuple):
    """Something that happens. order breaks ties.

    kind: `begin` a call, a request's `arrive` and `serve`, its reply's `deliver`, a sleeper's `wake`, a waiter's
    `give_up`.
    """

    at_us: int
    order: int
    kind: str
    actor: Actor


class Timeline:
    """The events of a timed scene, earliest first."""

    def __init__(self, cores: int) -> None:
        if cores < 1:
            raise ValueError(f"a database with {cores} cores serves nobody; at least 1 is wanted")
        self._events: list[Event] = []
        self._orders = 0
        self._free = [0] * cores  # when each core is free again

    def add(self, at_us: int, kind: str, actor: Actor) -> None:
        self._orders += 1
        heapq.heappush(self._events, Event(at_us, self._orders, kind, actor))

    def next(self) -> Event | None:
        return heapq.heappop(self._events) if self._events else None

    def send(self, actor: Actor, sent_us: int) -> None:
        """The request an actor stands before leaves it at `sent_us`."""
        self.add(sent_us + trip(actor), "arrive", actor)

    def arrive(self, event: Event) -> None:
        """A request is at its peer; it is served at once, or when a core is free and has done its work."""
        pending = event.actor.pending
        done = event.at_us
        if pending is not None and pending.kind != "command":
            first = heapq.heappop(self._free)
            done = max(first, event.at_us) + service_time(pending.args[0])
            heapq.heappush(self._free, done)
        self.add(done, "serve", event.actor)


def trip(actor: Actor) -> int:
    """One way to the peer of the operation that an actor stands before, in µs."""
    pending = actor.pending
    if pending is None or pending.kind in HERE:
        return 0
    return (CACHE_ROUND_TRIP if pending.kind == "command" else STORE_ROUND_TRIP) // 2


def queues(calls: Sequence[Timed]) -> dict[str, deque[Timed]]:
    """The calls of each actor, in the order in which they begin."""
    found: dict[str, deque[Timed]] = {}
    for one in sorted(calls, key=lambda one: one.at_us):
        found.setdefault(one.actor, deque()).append(one)
    return found
