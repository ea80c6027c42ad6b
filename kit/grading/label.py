"""Which two steps of a schedule may be swapped without anybody noticing: labels for sleep sets.

A label is the footprint of an executed step, read off its records. Rules, two of which were shown to be needed by a
counterexample (start with answer, the clock): steps of one process are dependent; keys as usual, an EXEC with the keys
of its queue and of its WATCH; a command without keys touches all of them; the store is one thing, read or written; the
start of a call and the end of another are dependent (freshness sees their order); a step after which the submission
read the clock, a question for the server's counters, a sleep and a leap are dependent with everything; alternatives
that share a bound disable one another.
Leaves out: a cache so full that one write makes another one fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.cache.redis.reply import ErrorReply
from kit.world.choice import Alternative, Point
from kit.world.recorder import CHANGING
from kit.world.tape import Op

_KEYLESS = frozenset({"PING", "ECHO", "TIME", "SCRIPT", "UNWATCH", "DISCARD", "version", "verbosity", "mn", "quit"})
# What the server counts and what it allows: every command moves the one and meets the other.
_SERVER = ("INFO", "CONFIG", "stats")
_EVERY_KEY = {"FLUSHALL": 2, "FLUSHDB": 2, "DBSIZE": 1, "flush_all": 2}
_FAULTS = frozenset({"request_lost", "reply_lost", "cut", "full", "unreachable", "read_only"})


def budget(kind: str) -> str:
    """The bound that a kind of alternative uses up: leap, expiry, fault, death; empty for orders."""
    if kind in _FAULTS:
        return "fault"
    return {"leap": "leap", "expire": "expiry", "death": "death"}.get(kind, "")


@dataclass(frozen=True, slots=True)
class Label:
    """The footprint of one executed step."""

    process: str
    reads: frozenset[bytes]
    writes: frozenset[bytes]
    every_key: int  # 0 no, 1 reads all, 2 writes all
    store: int  # 0 no, 1 reads, 2 writes
    starts: bool
    ends: bool
    everything: bool
    budget: str


def label(point: Point, records: Sequence[Op]) -> Label:
    """The label of the step taken at `point`, whose records these are."""
    chosen: Alternative = point.chosen
    reads: set[bytes] = set()
    writes: set[bytes] = set()
    every_key = store = 0
    starts = ends = False
    everything = point.clock or chosen.kind in ("leap", "end")
    for op in records:
        # What failed by itself met a fault that stands, and which the next one would have met in its place.
        if chosen.kind in ("run", "switch") and (op.t_received is None or isinstance(op.reply, ErrorReply)):
            everything = everything or op.peer != "scene"
        changed = {effect.key for effect in op.effects if effect.kind in CHANGING}
        if op.peer == "cache" and op.t_served is not None:
            (writes if op.write else reads).update(op.keys)
            writes |= changed
            for name in _names(op):
                everything = everything or name.startswith(_SERVER)
                if name in _EVERY_KEY:
                    every_key = max(every_key, _EVERY_KEY[name])
            if not op.keys and op.name not in _KEYLESS and not op.setup:
                every_key = max(every_key, 2 if op.write else 1)
        elif op.peer == "store":
            store = max(store, 2 if op.write else 1)
            ends = ends or (op.write and op.line is None)  # the kit's operator promises at his commit
        elif op.peer == "clock":
            everything = True
        elif op.peer == "scene":
            starts = starts or op.name == "start"
            ends = ends or op.name in ("answer", "raised", "death")
    process = chosen.actor.partition("/")[0]
    return Label(
        process, frozenset(reads), frozenset(writes), every_key, store, starts, ends, everything, budget(chosen.kind)
    )


def _names(op: Op) -> list[str]:
    """The commands of an operation: those that an EXEC lists, else its own."""
    if op.name != "EXEC" or not op.request:
        return [op.name]
    return [bytes(queued[0]).decode("latin-1").upper() for queued in op.request if isinstance(queued, (list, tuple))]


def dependent(a: Label, b: Label) -> bool:
    """Whether the order of two steps may matter to anybody."""
    if a.process == b.process or a.everything or b.everything:
        return True
    if a.budget and a.budget == b.budget:
        return True
    if a.store + b.store > 2 and a.store and b.store:
        return True
    if (a.starts and b.ends) or (a.ends and b.starts):
        return True
    return _keys_meet(a, b) or _keys_meet(b, a)


def _keys_meet(a: Label, b: Label) -> bool:
    touched = b.reads or b.writes or b.every_key
    if a.every_key == 2 and touched:
        return True
    if a.every_key == 1 and (b.writes or b.every_key == 2):
        return True
    return bool(a.writes and (a.writes & b.writes or a.writes & b.reads))
