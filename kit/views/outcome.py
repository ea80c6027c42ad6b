"""What became of a step, in one kind and one word; colour, line, head and glyph follow from the kind.

Kinds: `ask`, `write` (requests) · `hit`, `miss`, `reply` (replies) · `stale`, `lost`, `fail` (what should not be) ·
`note` (nobody answers: a sleep, a lock, a leap). `expired` moves have the kind `miss`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.redis.reply import ErrorReply
from kit.views import memcached_commands as memcached
from kit.views.state import State
from kit.views.steps import Step, delivers, effects, looks, queue

KINDS = ("ask", "write", "hit", "miss", "reply", "stale", "lost", "fail", "note")
ALARMS = ("stale", "lost", "fail")
CONDITIONS = {"NX", "XX", "IFEQ", "SETNX", "DELIFEQ", "GT", "LT"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """kind, word; truth and version of the value that travels with the step, where it is known."""

    kind: str
    word: str
    truth: str = ""
    version: int | None = None


def outcome(step: Step, state: State) -> Outcome:
    """What became of a step, `state` being the state after it."""
    if step.half == "request":
        return _request(step, state)
    return _reply(step, state) if step.half == "reply" else _move(step)


def refused(step: Step) -> bool:
    """Whether a conditional write or a transaction was answered with nothing done."""
    op = step.op
    if op.name == "EXEC":
        return op.reply is None
    if op.name.islower() and op.peer == "cache":
        return op.write and memcached.refused(op.name, op.reply)
    words = {word.upper() for word in (str(part) for part in _words(step))}
    return bool(words & CONDITIONS) and op.write and not any(effects(op, "stored", "deleted")) and op.reply in (None, 0)


def error(step: Step) -> str:
    """The error that a peer answered with, as text; empty for any other reply."""
    reply = step.op.reply
    return str(reply) if isinstance(reply, ErrorReply) else ""


def _request(step: Step, state: State) -> Outcome:
    op = step.op
    if op.t_served is None:
        return Outcome("lost", "lost")
    plain = "write" if op.write or op.name in ("execute", "commit") else "ask"
    stored = list(effects(op, "stored"))
    for effect in stored:
        if state.stale(effect.truth, effect.version):
            return Outcome("stale", "stale", effect.truth, effect.version)
    for effect in [*stored, *effects(op, "changed")]:
        if effect.version is not None:
            return Outcome("write", "stored" if effect.kind == "stored" else "committed", effect.truth, effect.version)
    if any(effects(op, "committed")):
        return Outcome("write", "committed")
    return Outcome("write", "stored") if stored else Outcome(plain, plain)


def _reply(step: Step, state: State) -> Outcome:
    op = step.op
    if op.t_received is None:
        return Outcome("lost", "lost")
    if message := error(step):
        # A client that runs a script by its digest expects this answer the first time, and loads it.
        return Outcome("reply", "not known") if message.startswith("NOSCRIPT") else Outcome("fail", "error")
    found = list(effects(op, "hit")) if delivers(op) else []
    for effect in found:
        if state.stale(effect.truth, effect.version):
            return Outcome("stale", "stale hit", effect.truth, effect.version)
    if any(effects(op, "miss")) and looks(op):
        return Outcome("miss", "expired" if any(effects(op, "expired")) else "miss")
    for effect in found:
        return Outcome("hit", "hit", effect.truth, effect.version)
    for effect in effects(op, "version"):
        return Outcome("reply", "rows", effect.truth, effect.version)
    return Outcome("reply", _word(step))


def _word(step: Step) -> str:
    op = step.op
    if op.peer == "store":
        return "rows" if op.name == "query" else "done"
    if op.name in memcached.DELETES and refused(step):
        return "nothing to delete"
    if refused(step):
        return "refused"
    if any(effects(op, "deleted")):
        return "deleted"
    return "nothing to delete" if op.name in ("DEL", "UNLINK") else "done"


def _move(step: Step) -> Outcome:
    op = step.op
    if op.name == "death":
        return Outcome("fail", "died")
    if op.name == "raised":
        return Outcome("fail", "raised")
    if op.name == "expire":
        return Outcome("miss", "expired")
    return Outcome("note", op.name)


def _words(step: Step) -> list[str]:
    words = [step.op.name, *(str(part, "latin-1") if isinstance(part, bytes) else str(part) for part in _flat(step))]
    return words + [word for command in queue(step.op) for word in command]


def _flat(step: Step) -> list[object]:
    request = step.op.request
    return (
        [part for part in request if not isinstance(part, (list, tuple, dict))]
        if isinstance(request, (list, tuple))
        else []
    )
