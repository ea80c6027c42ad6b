"""The state of one actor, and the operation it stands before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from kit.world.call import Answer, Call, Step
from kit.world.mode import Description
from kit.world.network import Connection
from kit.world.store import Transaction


class Pending(NamedTuple):
    """An operation before it is served. inside: it runs within a transaction of the store."""

    kind: str  # command, query, execute, commit, sleep, acquire, join, nothing; statement: of the kit's operator
    args: Any
    line: int | None
    name: str = ""
    write: bool = False
    connection: Connection | None = None
    description: Description | None = None
    inside: bool = False


@dataclass
class Standing:
    """A fault that stands until healed or used up. on: all, reads, writes; for db_error query, execute, commit."""

    kind: str
    on: str = "all"
    count: int | None = None

    def meets(self, pending: Pending) -> bool:
        if self.kind == "db_error":
            return pending.kind == self.on or (self.on, pending.kind, pending.inside) == ("commit", "execute", False)
        if pending.kind != "command" or (self.kind in ("full", "read_only") and not pending.write):
            return False
        return self.on == "all" or (self.on == "writes") == pending.write


class Actor:
    """A process, or a thread of one (`<parent>/<n>`).

    address: its name among the actors of all worlds; pausing: it waits between two calls; held: the truth's version
    that this call last read; wake: when it wakes or gives up, µs; parked: the world's count of changes at which a busy
    waiter was set aside; cut: its link is dead to the end of the call; sent: in a timed scene, when its pending request
    left it.
    """

    __slots__ = (
        "address", "answers", "calls", "current", "cut", "dead", "ended", "held", "name", "operations", "order",
        "parked", "pausing", "pending", "process", "queries", "repeats", "repeats_at", "sent", "started", "t_start",
        "threads", "transaction", "wake",
    )  # fmt: skip

    def __init__(
        self, name: str, calls: Iterable[Step] = (), process: Actor | None = None, order: int = 0, address: str = ""
    ) -> None:
        self.name, self.calls, self.order, self.address = name, deque(calls), order, address
        self.process: Actor = process or self
        self.current: Call | None = None
        self.pending: Pending | None = None
        self.wake: int | None = None
        self.parked: int | None = None
        self.started = self.ended = self.dead = self.cut = self.pausing = False
        self.held: tuple[str, int] | None = None
        self.transaction: Transaction | None = None
        self.repeats: dict[Any, list[Any]] = {}
        self.repeats_at = self.operations = self.queries = self.threads = self.t_start = self.sent = 0
        self.answers: list[Answer] = []

    def begin(self, call: Call, now_us: int) -> None:
        """A new call of the same process."""
        self.current, self.t_start = call, now_us
        self.started = self.cut = False
        self.held = self.parked = None
        self.queries = 0
        self.repeats.clear()

    def stands_before(self) -> str:
        return self.pending.name if self.pending is not None else ""
