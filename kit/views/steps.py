"""A tape as steps: what a learner goes through one by one.

Rules: an operation on the cache or the store is two steps, its request and its reply; what nobody answers is one step
(a leap, an expiry, a sleep, a lock, a death, an exception that leaves a call, a memcached's `noreply`); set-up and the
other records of the scene are no step, but they are events, in order, for whoever keeps the state. Untimed: request,
then reply, in order of `seq`. Timed: requests stand at `t_sent`, replies at `t_received`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from kit.views.memcached_commands import LOOKS, unheard
from kit.views.words import text
from kit.world.latency import query_name
from kit.world.tape import Op, Tape

Half = Literal["request", "reply", "move", "scene"]
_TOLD = {"raised", "death"}
_ONE_STEP = {"clock", "lock"}
_TABLE = re.compile(r"\b(?:FROM|UPDATE|INTO)\s+(\w+)", re.IGNORECASE)
_COMMENT = re.compile(r"\s*/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a tape. number: from 1, 0 for an event that is no step; t_us: virtual µs, None on untimed tapes."""

    number: int
    op: Op
    half: Half
    t_us: int | None


def events(tape: Tape) -> list[Step]:
    """Every event in the order in which views see it, steps numbered."""
    found = _by_time(tape) if tape.timed else [(op, half, None) for op in tape for half in halves(op)]
    numbered, last = [], 0
    for op, half, when in found:
        last += half != "scene"
        numbered.append(Step(last if half != "scene" else 0, op, half, when))
    return numbered


def steps(tape: Tape) -> list[Step]:
    """The steps alone."""
    return [event for event in events(tape) if event.number]


def halves(op: Op) -> tuple[Half, ...]:
    """Which events an operation is made of."""
    if op.setup or (op.peer == "scene" and op.name not in _TOLD):
        return ("scene",)
    if op.actor == "world" or op.peer in _ONE_STEP or op.peer == "scene":
        return ("move",)
    if op.t_served is not None and is_unheard(op):
        return ("request",)
    return ("request", "reply")


def _by_time(tape: Tape) -> list[tuple[Op, Half, int | None]]:
    found: list[tuple[int, int, int, Op, Half]] = []
    now = 0
    for op in tape:
        known = [moment for moment in (op.t_sent, op.t_served, op.t_received) if moment is not None]
        now = known[0] if known else now
        for place, half in enumerate(halves(op)):
            found.append((known[-1] if half == "reply" and known else now, op.seq, place, op, half))
    found.sort(key=lambda entry: entry[:3])
    return [(op, half, when) for when, _, _, op, half in found]


def is_unheard(op: Op) -> bool:
    """Whether it is a request to the cache whose reply nobody waits for."""
    return op.peer == "cache" and unheard(op.name, op.request or ())


def looks(op: Op) -> bool:
    """Whether it asks for values: a read, or a memcached's `mg`, which may leave a mark as well."""
    return not op.write or op.name in LOOKS


def arguments(op: Op) -> list[str]:
    """A cache command's arguments as text, without its name."""
    words = [text(word) for word in op.request or () if not isinstance(word, (list, tuple))]
    return words[1:] if words and words[0].upper() == op.name.upper() else words


def queue(op: Op) -> list[list[str]]:
    """The commands of an EXEC, each with its name first."""
    return [[text(word) for word in command] for command in op.request or () if isinstance(command, (list, tuple))]


def keys(op: Op) -> list[str]:
    """The keys of an operation as text."""
    return [text(key) for key in op.keys]


def sql(op: Op) -> str:
    """The statement of a store operation; empty for a commit."""
    first = op.request[0] if isinstance(op.request, (list, tuple)) and op.request else op.request
    return first if isinstance(first, str) else ""


def verb(op: Op) -> str:
    """The first word of a statement: SELECT, UPDATE, …; a commit is COMMIT."""
    words = _COMMENT.sub(" ", sql(op)).split(None, 1)
    return words[0].upper() if words else op.name.upper()


def subject(op: Op) -> str:
    """What a statement is about: its own name (`/* board */`), else its table, else nothing."""
    return query_name(sql(op)).replace("_", " ").replace("-", " ") or table(op)


def table(op: Op) -> str:
    """The first table that a statement names; empty if none."""
    found = _TABLE.search(sql(op))
    return found[1] if found else ""


def delivers(op: Op) -> bool:
    """Whether the reply carries values, and not a number or a word about them."""
    return isinstance(op.reply, (bytes, list, tuple, dict))


def named(op: Op) -> bool:
    """Whether a statement carries a name of its own."""
    return bool(query_name(sql(op)))


def effects(op: Op, *kinds: str) -> Iterator[Any]:
    """The effects of those kinds, in order."""
    return (effect for effect in op.effects if effect.kind in kinds)
