"""Properties that checks share: each a fold over a tape, None or a sentence that says what was seen.

Rules: every one is a safety property: what fails on a prefix of a tape fails on every longer one, so a trace can stop
where the rule was broken; `at_the_end` makes one of a property that looks at whole runs. Some come in pairs: a verb for
the scene, which leaves a note on the tape, and the property that looks at it (`hit` and `hits`, `until_cached` and
`caches`).
Source: contracts of the kit, "Exercises".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kit.cache.redis.reply import ErrorReply
from kit.grading.calls import ENDED, Call, calls, spoken
from kit.grading.check import Answer, Script
from kit.grading.freshness import Rows, freshness, rows_of
from kit.world.tape import Op, Tape

__all__ = [
    "Call", "at_the_end", "caches", "calls", "first_of", "freshness", "hit", "hits", "no_exception",
    "no_slower_than_alone", "rows_of", "until_cached", "within", "written",
]  # fmt: skip


# Errors


def no_exception(tape: Iterable[Op], *, refused: bool = False, allow: Sequence[str] = ()) -> str | None:
    """No call raised. refused: a call whose own statement the database refused may; allow: functions that may."""
    for call in calls(tape):
        if call.raised is None or call.function in allow:
            continue
        if refused and any(op.peer == "store" and isinstance(op.reply, ErrorReply) for op in call.ops):
            continue
        return f"{call.actor}'s {call} raised {': '.join(filter(None, call.raised)).rstrip('.')}."
    return None


def written(tape: Iterable[Op], function: str = "post_delay") -> str | None:
    """A write of (flight, minutes) that answered is in the database: it was, at some moment of the call."""
    states: dict[str, Rows] = {}
    running: dict[str, tuple[list[Any], list[Rows]]] = {}
    for op in tape:
        process = op.actor.partition("/")[0]
        changed = {one.truth: one.rows or () for one in op.effects if one.kind == "changed"}
        states |= changed
        if op.peer == "scene" and op.name == "start":
            running[process] = (op.request, list(states.values()))
        elif op.peer == "scene" and op.name in ENDED:
            (name, *args), seen = running.pop(process, ([""], []))
            if op.name == "answer" and name == function and not any(tuple(args) in rows for rows in seen):
                return f"{op.actor}'s {spoken(name, args)} answered, and the database does not have it."
        for _, seen in running.values():
            seen.extend(changed.values())
    return None


# Hits, and time


def hit(world: Script, function: str, *args: Any) -> Answer:
    """A call that must be answered by the cache alone (`hits` looks at it)."""
    world.note("a hit is due", [function, *args])
    return world.call(function, *args, elsewhere=True)


def hits(tape: Iterable[Op]) -> str | None:
    """Every call of `hit` spared the database."""
    due: list[Any] | None = None
    watched = ""
    for op in tape:
        process = op.actor.partition("/")[0]
        if op.peer == "scene" and op.name == "note" and op.request == "a hit is due":
            due = op.reply
        elif op.peer == "scene" and op.name == "start" and op.request == due:
            due, watched = None, process
        elif op.peer == "scene" and op.name in ENDED and process == watched:
            watched = ""
        elif op.peer == "store" and process == watched:
            return f"{op.actor} asked the database, although the cache should have had the answer."
    return None


def until_cached(world: Script, function: str, *args: Any) -> float | None:
    """Read in pairs, now and every 15 s for 60 s, until the second of a pair costs no query (`caches` looks at it).

    The grace is for leases, placeholders and tombstones that are still running out. Returns how long ago, in seconds,
    the entry may have been stored; None if nothing was ever kept, which leaves a note for `caches`.
    """
    for attempt in range(5):
        first = world.call(function, *args)
        second = world.call(function, *args)
        if not second.queries and second.raised is None:
            return 15.0 if attempt and not first.queries else 0.0
        if attempt < 4:
            world.sleep(15)
    world.note("never cached", [function, *args])
    return None


def caches(tape: Iterable[Op]) -> str | None:
    """No `until_cached` gave up."""
    for op in tape:
        if op.peer == "scene" and op.name == "note" and op.request == "never cached":
            function, *args = op.reply
            return (
                f"{function}({', '.join(map(repr, args))}) asks the database each time, for a minute: nothing is kept."
            )
    return None


def within(tape: Iterable[Op], seconds: float, function: str | None = None) -> str | None:
    """No call (of `function`) takes longer than so many virtual seconds."""
    for call in calls(tape):
        if function in (None, call.function) and call.end_us - call.start_us > seconds * 1_000_000:
            return f"{call.actor}'s {call} took longer than {seconds:g} s."
    return None


def no_slower_than_alone(tape: Iterable[Op], spare: float = 0.010) -> str | None:
    """A call that the scene also made in a fresh world takes at most `spare` seconds more than there.

    A plain limit of 0 s would refuse code that sleeps by itself.
    """
    records = list(tape)
    alone = {repr(op.request): op for op in records if op.peer == "scene" and op.name == "alone"}
    for call in calls(records):
        record = alone.get(repr([call.function, *call.args]))
        if record is not None and record.seq < call.started:
            longer = call.end_us - call.start_us - record.reply
            if longer > spare * 1_000_000:
                return f"{call.actor}'s {call} took longer than it takes alone: it waited for somebody."
    return None


def at_the_end(tape: Tape, property_: Callable[[Tape], str | None]) -> str | None:
    """A property of whole runs only: None on every prefix that stops before `scene/end`."""
    last = tape.ops[-1] if tape.ops else None
    return property_(tape) if last is not None and (last.peer, last.name) == ("scene", "end") else None


def first_of(*found: str | None) -> str | None:
    """The first property that was broken."""
    return next((one for one in found if one is not None), None)
