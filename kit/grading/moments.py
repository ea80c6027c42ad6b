"""The moment that a measure speaks of, cut out of a long tape: a few calls, as a tape of their own for the player.

Rules: a moment holds whole calls and what they met, in order of service; its records are those of the long tape,
numbered anew, and its time begins with the first of them. None where the tape has no such moment.
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
    """A tape of these records and of the truths that are counted; numbered anew, its time begins with the first."""
    first = min(shown)
    since = min(one for one in (tape.ops[first].t_sent, tape.ops[first].t_served) if one is not None)
    kept = set(shown) | {op.seq for op in tape if op.peer == "scene" and op.name == "truth"}
    ops = [op for op in tape if op.seq in kept]
    return replace(tape, ops=tuple(_moved(op, number, since) for number, op in enumerate(ops)))


def _moved(op: Op, seq: int, since: int) -> Op:
    sent, served, came = (
        None if at is None else max(at - since, 0) for at in (op.t_sent, op.t_served, op.t_received)
    )  # fmt: skip
    return replace(op, seq=seq, t_sent=sent, t_served=served, t_received=came)


def _records(call: Call) -> set[int]:
    """The places of a call's records."""
    return {call.started, *(op.seq for op in call.ops), *([] if call.ended is None else [call.ended])}


def _slowest(tape: Tape, made: list[Call]) -> set[int]:
    """The look at the ninety-ninth of a hundred ranks."""
    looks = sorted((one for one in made if one.function == "get_board"), key=lambda one: one.end_us - one.start_us)
    return _records(looks[math.ceil(0.99 * len(looks)) - 1]) if looks else set()


def _miss(tape: Tape, made: list[Call]) -> set[int]:
    """The last look that asked the database, who had stored the copy that it missed, and what had ended that."""
    look = next((one for one in reversed(made) if one.function == "get_board" and one.queries), None)
    if look is None:
        return set()
    stored = _stored(tape, look, "miss")
    between = tape.ops[stored : look.started] if stored is not None else ()
    ended = _first(
        between, lambda op: any(one.kind == "deleted" and one.key in _keys(look, "miss") for one in op.effects)
    )
    return _records(look) | _whole(made, stored) | _whole(made, ended)


def _old(bound_us: int) -> Callable[[Tape, list[Call]], set[int]]:
    """The first look that was shown an old wall, the change that it did not show, and whoever had stored the copy."""

    def found(tape: Tape, made: list[Call]) -> set[int]:
        by_start = {one.started: one for one in made}
        look = next((by_start[start] for start, old in shown_old(tape, bound_us) if old), None)
        if look is None:
            return set()
        stored = _stored(tape, look, "hit")
        since = tape.ops[stored or 0 : look.started]
        change = _first(since, lambda op: any(one.kind == "changed" for one in op.effects if op.peer == "store"))
        return _records(look) | _whole(made, stored) | _whole(made, change)

    return found


def _change(tape: Tape, made: list[Call]) -> set[int]:
    """The change that cost most commands."""
    posts = [one for one in made if one.function == "post_delay"]
    most = max(posts, key=lambda one: sum(op.peer == "cache" for op in one.ops), default=None)
    return _records(most) if most is not None else set()


def _keys(look: Call, kind: str) -> set[bytes]:
    """The keys that a call hit or missed."""
    return {effect.key for op in look.ops for effect in op.effects if effect.kind == kind}


def _stored(tape: Tape, look: Call, kind: str) -> int | None:
    """The place of the last record before a look that stored what it hit or missed."""
    keys = _keys(look, kind)
    before = reversed(tape.ops[: look.started])
    return _first(before, lambda op: any(one.kind == "stored" and one.key in keys for one in op.effects))


def _whole(made: list[Call], seq: int | None) -> set[int]:
    """The records of the call that a record belongs to; the record alone where it is nobody's."""
    if seq is None:
        return set()
    return next((_records(one) for one in made if any(op.seq == seq for op in one.ops)), {seq})


def _first(ops: Iterable[Op], fits: Callable[[Op], bool]) -> int | None:
    return next((op.seq for op in ops if fits(op)), None)


_MOMENTS: dict[str, Callable[[Tape, list[Call]], set[int]]] = {
    "queries": _miss, "p99_ms": _slowest, "walls_old": _old(0), "over_age": _old(60_000_000),
    "commands_per_change": _change,
}  # fmt: skip
