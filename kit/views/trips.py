"""Sentences of a timed tape that count trips: what a look cost its passenger, told where the answer leaves.

Rules: only what lies between a call's start and its answer is counted, each cache command and each statement as one
round trip; a tape on which a value never changes is told in rows, for there is one version only; what this module has
nothing to say about it leaves to the narration.
Source: looks.md, "Words", Lazy loading.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.views.outcome import Outcome
from kit.views.state import State
from kit.views.steps import Step, effects
from kit.views.words import count, duration, name, say, ttl
from kit.world.latency import CLIENT_TIMEOUT
from kit.world.tape import Op, Tape

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


@dataclass(frozen=True, slots=True)
class Visit:
    """One call from its start to its answer: `ops` in order, and whether it had to fetch what had expired."""

    function: str
    ops: tuple[Op, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class Visits:
    """The calls of a timed tape, by the place of their last operation; and when an unheard operation was given up."""

    last: dict[int, Visit]
    given_up: dict[int, int]


def visits(tape: Tape) -> Visits:
    """Read once, before the tape is told."""
    running: dict[str, tuple[str, list[Op]]] = {}
    found = Visits({}, {})
    for op in tape:
        if op.peer == "scene" and op.name == "start":
            running[op.actor] = (op.request[0], [])
        elif op.actor in running:
            function, ops = running[op.actor]
            if ops and ops[-1].t_served is None and op.t_sent is not None:
                found.given_up[ops[-1].seq] = op.t_sent - (ops[-1].t_sent or 0)
            if op.peer in ("cache", "store") and not op.setup:
                ops.append(op)
            elif op.peer == "scene":
                running.pop(op.actor)
                if op.name == "answer" and ops:
                    again = any(any(effects(one, "expired")) for one in ops)
                    found.last[ops[-1].seq] = Visit(function, tuple(ops), again)
    return found


def sentence(step: Step, state: State, result: Outcome, known: Visits) -> str:
    """The sentence of a step; empty: nothing to say here."""
    op, who = step.op, name(step.op.actor)
    if op.t_served is None:
        return _unheard(step, known) if step.half == "reply" else ""
    if step.half == "request":
        return _puts(op, state, who)
    if op.peer == "store" and op.name == "query" and _unchanging(state, result.truth) and isinstance(op.reply, list):
        return _rows(op)
    if op.peer == "cache" and op.write and (visit := known.last.get(op.seq)) and visit.function.startswith("get_"):
        return _answers(visit, who)
    return ""


def _unheard(step: Step, known: Visits) -> str:
    waited = known.given_up.get(step.op.seq)
    if waited is None or waited >= CLIENT_TIMEOUT or step.op.peer != "cache":
        return ""
    return say("Nobody answers there: {who} has an error after {waited}.",
               who=name(step.op.actor), waited=duration(waited))  # fmt: skip


def _puts(op: Op, state: State, who: str) -> str:
    stored = list(effects(op, "stored")) if op.peer == "cache" else []
    if len(stored) != 1 or stored[0].version is None or not _unchanging(state, stored[0].truth):
        return ""
    life = f" for {ttl(stored[0].ttl_ms)}" if stored[0].ttl_ms else ", without an expiry"
    return say("{who} puts the rows into the cache{life}.", who=who, life=life)


def _rows(op: Op) -> str:
    span = (op.t_received or 0) - (op.t_sent or 0)
    return say(
        "The database answers with {rows} after {after}.", rows=count(len(op.reply), "row"), after=duration(span)
    )


def _answers(visit: Visit, who: str) -> str:
    trips = _NUMBERS[len(visit.ops)] if len(visit.ops) < len(_NUMBERS) else str(len(visit.ops))
    if visit.again:
        return say("{who} pays {trips} round trips again: the copy has expired.", who=who, trips=trips)
    spent = (visit.ops[-1].t_received or 0) - (visit.ops[0].t_sent or 0)
    return say("{who} answers its passenger after {spent} and {trips} round trips.",
               who=who, spent=duration(spent), trips=trips)  # fmt: skip


def _unchanging(state: State, truth: str) -> bool:
    return bool(truth) and all(changed != truth for changed, _ in state.changes)
