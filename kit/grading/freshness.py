"""Freshness: every answered read shows a board that it may show. A regular register, by commit.

Rules: state k is the database after its k-th commit; newer than what was promised is allowed, older is not; two reads
that overlap one write may see new, then old. A write promises when it answers: one that raised or died promises
nothing. Two rows are equal when their `id` and `delay` are: other columns are free. The property is a safety property.
Source: Lamport, "On interprocess communication" (1986); contracts of the kit, "Exercises".
Leaves out: linearizability.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kit.cache.effects import Effect
from kit.grading.calls import ENDED, moment
from kit.world.tape import Op

Rows = tuple[tuple[object, ...], ...]


@dataclass(slots=True)
class _Board:
    """A truth as a register: its states in order of commit, and which of them somebody promised, when."""

    name: str
    args: tuple[Any, ...]
    states: list[Rows]
    changes: list[Effect]
    promises: list[tuple[int, int, bool]] = field(default_factory=list)  # state, µs, past the submission

    def owed(self, now_us: int, bound: float, bypass: float) -> int:
        """The oldest state that a read which starts now may show."""
        due = 0
        for state, at_us, past in self.promises:
            wait = bypass if past else bound
            if not wait or now_us - at_us > wait * 1_000_000:
                due = max(due, state)
        return due


@dataclass(slots=True)
class _Reading:
    """What a running call owes: a reader the newest promised state, a writer a promise when it answers."""

    board: _Board | None
    owed: int
    wrote: dict[str, int] = field(default_factory=dict)


def freshness(tape: Iterable[Op], bound: float | None = None, *, bypass: float | None = None) -> str | None:
    """Every answered read shows a state that it may show: a regular register, by commit.

    A truth of the scene (its `truth` record and `changed` effects) is read by each call that has the truth's parameters
    as its arguments. A read may show any state from the newest one that was promised before it started up to the newest
    one when it answers. A write promises its commits when it answers; one that raised or died promises nothing. The
    kit's own operator, who writes past the submission, promises at the commit.

    bound: seconds that a promise may stay unseen (None: none); bypass: the same for the operator's (None: as `bound`).
    """
    boards: dict[str, _Board] = {}
    running: dict[str, _Reading] = {}
    bound = bound or 0.0
    bypass = bound if bypass is None else bypass
    for op in tape:
        process = op.actor.partition("/")[0]
        if op.peer == "scene" and op.name == "truth":
            name, params = op.request
            boards[name] = _Board(name, tuple(params.values()), [op.effects[0].rows or ()], [op.effects[0]])
        elif op.peer == "scene" and op.name == "start":
            _, *args = op.request
            board = next((one for one in boards.values() if one.args == tuple(args)), None)
            owed = board.owed(moment(op), bound, bypass) if board is not None else 0
            running[process] = _Reading(board, owed)
        elif op.peer == "scene" and op.name in ENDED:
            reading = running.pop(process, None)
            if reading is None or op.name != "answer":
                continue
            for name, state in reading.wrote.items():
                boards[name].promises.append((state, moment(op), False))
            if reading.board is not None and (problem := _shown(reading, op)) is not None:
                return problem
        else:
            _commit(op, process, boards, running)
    return None


def _commit(op: Op, process: str, boards: dict[str, _Board], running: dict[str, _Reading]) -> None:
    """New states of the truths that this operation changed, and who answers for them."""
    for effect in op.effects:
        board = boards.get(effect.truth) if effect.kind == "changed" else None
        if board is None:
            continue
        board.states.append(effect.rows or ())
        board.changes.append(effect)
        newest = len(board.states) - 1
        if process in running:
            running[process].wrote[board.name] = newest
        else:
            board.promises.append((newest, moment(op), True))


def _shown(reading: _Reading, op: Op) -> str | None:
    """What is wrong with the board that a read answered; None if it may be shown."""
    board = reading.board
    assert board is not None
    asked = ", ".join(map(str, board.args))
    rows = rows_of(op.reply)
    if rows is None:
        return (
            f"{op.actor} asked for the board of {asked} and was answered {_short(op.reply)}: a list of rows is wanted."
        )
    if rows in board.states[reading.owed :]:
        return None
    if rows not in board.states:
        return f"{op.actor} was shown a board of {asked} that never was in the database: {_spoken(rows)}."
    replaced = board.changes[reading.owed]
    detail = f": {replaced.label} at {replaced.before} instead of {replaced.after}" if replaced.label else ""
    return f"{op.actor} was shown the old board of {asked}{detail}."


def rows_of(answer: Any) -> Rows | None:
    """A board as ordered (id, delay); None if the answer is no list of such rows."""
    if not isinstance(answer, list):
        return None
    try:
        return tuple((row["id"], row["delay"]) for row in answer)
    except (TypeError, KeyError, IndexError):
        return None


def _short(value: Any) -> str:
    return _short_of(repr(value))


def _short_of(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _spoken(rows: Rows) -> str:
    """A board as flights and delays, which is all that is compared.

    >>> _spoken(((1, 0), (2, 39)))
    'flight 1 +0, 2 +39'
    """
    delays = (f"{delay:+}" if isinstance(delay, int) else repr(delay) for _, delay in rows)
    listed = ", ".join(f"{row[0]} {delay}" for row, delay in zip(rows, delays, strict=True))
    return _short_of(f"flight {listed}") if rows else "it is empty"
