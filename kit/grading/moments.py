"""The moment that a measure speaks of, cut out of a long tape: a few calls, as a tape of their own for the player.

Rules: a moment holds whole calls and what they met, in order of service; its records are those of the long tape,
numbered anew. None where the tape has no such moment.
Leaves out: what a thread does after its call has answered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from kit.grading.calls import Call, calls
from kit.grading.metrics import shown_old
from kit.world.tape import Op, Tape


def moment(tape: Tape, measure: str) -> Tape | None:
    """The moment of a measure (its id, as in `kit/grading/second_task.py`)."""
    found = _MOMENTS[measure](tape, calls(tape))
    return cut(tape, found) if found else None


def cut(tape: Tape, shown: Iterable[int]) -> Tape:
    """A tape of these records and of the truths that are counted; numbered anew."""
    kept = set(shown) | {op.seq for op in tape if op.peer == "scene" and op.name == "truth"}
    ops = (op for op in tape if op.seq in kept)
    return replace(tape, ops=tuple(replace(op, seq=number) for number, op in enumerate(ops)))


def _records(call: Call) -> set[int]:
    """The places of a call's records."""
    return {call.started, *(op.seq for op in call.ops), *([] if call.ended is None else [call.ended])}


def _slowest(tape: Tape, made: list[Call]) -> set[int]:
    """The look at the ninety-ninth of a hundred ranks."""
    looks = sorted((one for one in made if one.function == "get_board"), key=lambda one: one.end_us - one.start_us)
    return _records(looks[math.ceil(0.99 * len(looks)) - 1]) if looks else set()


def _miss(tape: Tape, made: list[Call]) -> set[int]:
    """The last look that asked the database, and the one before it by anybody: why was it not spared?"""
    looks = [one for one in made if one.function == "get_board"]
    last = next((at for at, one in reversed(list(enumerate(looks))) if one.queries), None)
    return set().union(*(_records(one) for one in looks[max(last - 1, 0) : last + 1])) if last is not None else set()


def _old(bound_us: int) -> Callable[[Tape, list[Call]], set[int]]:
    """The first look that was shown an old wall, the change that it did not show, and whoever had stored the copy."""

    def found(tape: Tape, made: list[Call]) -> set[int]:
        by_start = {one.started: one for one in made}
        look = next((by_start[start] for start, old in shown_old(tape, bound_us) if old), None)
        if look is None:
            return set()
        keys = {effect.key for op in look.ops for effect in op.effects if effect.kind == "hit"}
        before = tape.ops[: look.started]
        stored = _last(before, lambda op: any(one.kind == "stored" and one.key in keys for one in op.effects))
        since = stored if stored is not None else -1
        change = next(
            (op.seq for op in before if op.seq > since and any(one.kind == "changed" for one in op.effects)), None
        )
        shown = _records(look)
        for seq in (stored, change):
            if seq is not None:
                whole = next((one for one in made if any(op.seq == seq for op in one.ops)), None)
                shown |= _records(whole) if whole is not None else {seq}
        return shown

    return found


def _change(tape: Tape, made: list[Call]) -> set[int]:
    """The change that cost most commands."""
    posts = [one for one in made if one.function == "post_delay"]
    most = max(posts, key=lambda one: sum(op.peer == "cache" for op in one.ops), default=None)
    return _records(most) if most is not None else set()


def _last(ops: tuple[Op, ...], fits: Callable[[Op], bool]) -> int | None:
    return next((op.seq for op in reversed(ops) if fits(op)), None)


_MOMENTS: dict[str, Callable[[Tape, list[Call]], set[int]]] = {
    "queries": _miss, "p99_ms": _slowest, "walls_old": _old(0), "over_age": _old(60_000_000),
    "commands_per_change": _change,
}  # fmt: skip
