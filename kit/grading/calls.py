"""Calls read off a tape: what was called, by whom, when it started and ended, and what it asked in between.

Rules: order is that of service (`seq`); a call that never returned is a record too, without an end.
Source: contracts of the kit, "The tape": start and answer are fused with an actor's first and last operation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kit.world.tape import Op

ENDED = ("answer", "raised", "death")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the submission, from its start to its end on the tape.

    started, ended: `seq` of its records, ended None while it runs or after its process was lost; raised: type and text;
    ops: its operations and those of its threads; start_us, end_us: virtual time, end_us of the last record so far.
    """

    actor: str
    function: str
    args: tuple[Any, ...]
    started: int
    start_us: int
    ended: int | None = None
    end_us: int = 0
    answer: Any = None
    raised: tuple[str, str] | None = None
    ops: tuple[Op, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether it returned; a call that raised, died or still runs did not."""
        return self.ended is not None and self.raised is None

    @property
    def queries(self) -> int:
        """How often it asked the database."""
        return sum(op.peer == "store" for op in self.ops)

    def __str__(self) -> str:
        return spoken(self.function, self.args)


@dataclass(slots=True)
class _Open:
    """A call that runs."""

    start: Op
    ops: list[Op] = field(default_factory=list)

    def close(self, end: Op | None, last_us: int) -> Call:
        function, *args = self.start.request
        raised = (str(end.reply[0]), str(end.reply[1])) if end is not None and end.name == "raised" else None
        gone = end is None or end.name == "death"
        return Call(
            self.start.actor, function, tuple(args), self.start.seq, moment(self.start),
            None if gone or end is None else end.seq, last_us if end is None else moment(end),
            end.reply if end is not None and end.name == "answer" else None, raised, tuple(self.ops),
        )  # fmt: skip


def calls(tape: Iterable[Op]) -> list[Call]:
    """Every call of a tape in order of its start; one without an end has `ended` None. O(n)."""
    running: dict[str, _Open] = {}
    found: dict[int, Call] = {}
    now = 0
    for op in tape:
        process = op.actor.partition("/")[0]
        now = moment(op)
        if op.peer != "scene":
            if process in running and not op.setup:
                running[process].ops.append(op)
        elif op.name == "start":
            running[process] = _Open(op)
        elif op.name in ENDED and process in running:
            call = running.pop(process).close(op, now)
            found[call.started] = call
    for one in running.values():
        found[one.start.seq] = one.close(None, now)
    return [found[seq] for seq in sorted(found)]


def moment(op: Op) -> int:
    """The latest moment that a record tells, in virtual µs."""
    return max(one for one in (op.t_sent, op.t_served, op.t_received, 0) if one is not None)


def spoken(function: str, args: Iterable[Any]) -> str:
    """A call as one writes it: `get_board('JFK')`."""
    return f"{function}({', '.join(map(repr, args))})"
