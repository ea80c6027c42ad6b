"""What a tape of served minutes is measured by: queries, the slowest hundredth, old walls, commands per change.

Rules: every figure is a fold over the tape; lower is better in all of them; times are virtual, so modelled.
A wall is old if its look began after a change had been answered and shows the board from before it: the promise of
invalidation on write, and the same rule as `freshness`; a look that meets a change under way is nobody's fault.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from kit.grading.calls import ENDED, moment
from kit.grading.freshness import Rows, rows_of
from kit.world.tape import Op, Tape

_READ, _WRITE = "get_board", "post_delay"


def queries(tape: Tape) -> float:
    """Questions to the database that calls of `get_board` made, their threads included."""
    return sum(op.peer == "store" and op.name == "query" for op in _of(tape, _READ))


def p99_ms(tape: Tape) -> float:
    """Of a hundred looks the ninety-ninth in order of the time to their answer, in ms (nearest rank)."""
    took: list[int] = []
    begun: dict[str, int] = {}
    for op in tape:
        if op.peer == "scene" and op.name == "start" and op.request[0] == _READ:
            begun[op.actor] = moment(op)
        elif op.peer == "scene" and op.name == "answer" and op.actor in begun:
            took.append(moment(op) - begun.pop(op.actor))
    return sorted(took)[math.ceil(0.99 * len(took)) - 1] / 1_000 if took else 0.0


def walls_old(tape: Tape) -> float:
    """Looks that were shown an old wall, in per cent of all looks."""
    return _share(old for _, old in shown_old(tape, 0))


def over_age(tape: Tape, bound_s: int = 60) -> float:
    """Looks that were shown a board superseded longer ago than `bound_s` seconds, in per cent of all looks."""
    return _share(old for _, old in shown_old(tape, bound_s * 1_000_000))


def commands_per_change(tape: Tape) -> float:
    """Commands to the cache that a call of `post_delay` sends, on average."""
    sent = sum(op.peer == "cache" and not op.setup for op in _of(tape, _WRITE))
    changes = sum(op.peer == "scene" and op.name == "start" and op.request[0] == _WRITE for op in tape)
    return sent / changes if changes else 0.0


def _share(looks: Iterable[bool]) -> float:
    found = list(looks)
    return 100 * sum(found) / len(found) if found else 0.0


def _of(tape: Iterable[Op], function: str) -> Iterator[Op]:
    """The operations of the calls of a function; what their threads do later is theirs too."""
    running: dict[str, str] = {}
    for op in tape:
        process = op.actor.partition("/")[0]
        if op.peer == "scene" and op.name == "start":
            running[process] = op.request[0]
        elif running.get(process) == function:
            yield op


def shown_old(tape: Iterable[Op], bound_us: int) -> Iterator[tuple[int, bool]]:
    """For each look that ended: the place of its start, and whether its wall was old.

    It was if it is older than the newest change that had been answered `bound_us` before the look began.
    """
    newest: dict[Rows, int] = {}  # the last state that looked so
    states = 0
    promises = [(-bound_us, 0)]  # when, which state
    owed: dict[str, tuple[int, int]] = {}
    wrote: dict[str, int] = {}
    for op in tape:
        process = op.actor.partition("/")[0]
        if op.peer == "scene" and op.name == "truth":
            newest[op.effects[0].rows or ()] = 0
        elif op.peer == "scene" and op.name == "start":
            if op.request[0] == _READ:
                due = moment(op) - bound_us
                owed[process] = op.seq, next(state for at_us, state in reversed(promises) if at_us <= due)
        elif op.peer == "scene" and op.name in ENDED:
            if process in wrote and op.name == "answer":
                promises.append((moment(op), wrote.pop(process)))
            if process in owed:
                start, since = owed.pop(process)
                yield start, newest.get(rows_of(op.reply) or (), -1) < since
        for effect in op.effects:
            if effect.kind == "changed":
                states += 1
                newest[effect.rows or ()] = states
                if op.actor == "Operator":
                    promises.append((moment(op), states))
                else:
                    wrote[process] = states
