"""The words beside an arrow: long where there is room, short where there is not, never without their verb."""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.redis.reply import ErrorReply
from kit.views import memcached_commands as memcached
from kit.views import steps
from kit.views.narration import Told
from kit.views.outcome import error, refused
from kit.views.state import State
from kit.views.steps import Step, effects
from kit.views.words import count, shorten, text


@dataclass(frozen=True, slots=True)
class Label:
    """verb: always shown; rest: what follows where it fits; code: a command, in the code font; chip: the version that
    travels (`v1`), value: what it shows (`07:10`)."""

    verb: str
    rest: str = ""
    code: bool = False
    chip: str = ""
    value: str = ""


def label(told: Told, state: State) -> Label:
    """The words of a step; `state` is the state after it."""
    step, result = told.step, told.outcome
    chip = f"v{result.version}" if result.version is not None else ""
    value = text(state.value(result.truth, result.version))
    if step.half == "request":
        verb, rest = _request(step)
        return Label(text(verb), text(rest), True, chip, value)
    if step.half == "move":
        verb, rest = _move(step)
        return Label(text(verb), text(rest))
    verb, rest = _store_reply(step) if step.op.peer == "store" else _cache_reply(told)
    return Label("rows" if chip and result.word == "rows" else text(verb), text(rest), False, chip, value)


def _request(step: Step) -> tuple[str, str]:
    op = step.op
    if op.peer == "store":
        change = next(effects(op, "changed"), None)
        return steps.verb(op), text(change.label) if change and change.label else steps.subject(op)
    if op.name == "EXEC":
        return "EXEC", " ".join(command[0].upper() for command in steps.queue(op) if command)
    keys = steps.keys(op)
    return op.name, keys[0] if len(keys) == 1 else (count(len(keys), "key") if keys else "")


def _store_reply(step: Step) -> tuple[str, str]:
    op = step.op
    if op.t_received is None:
        return "lost", ""
    if error(step):
        return "error", ""
    if op.name == "query":
        return count(len(op.reply), "row") if isinstance(op.reply, list) else "rows", ""
    return (count(op.reply, "row") if isinstance(op.reply, int) else "done"), ""


def _cache_reply(told: Told) -> tuple[str, str]:
    op, word = told.step.op, told.outcome.word
    fixed = {
        "miss": ("miss", "nothing: "), "expired": ("miss", "expired: "), "hit": ("hit", ""),
        "stale hit": ("stale", " hit"), "lost": ("no answer" if op.t_served is None else "lost", ""),
    }  # fmt: skip
    if word in fixed:
        return fixed[word]
    if word == "error":
        return _code(error(told.step)), ""
    if refused(told.step):
        return ("nothing done" if op.name == "EXEC" else "not stored"), ""
    return _value(op.name, op.reply)


def _value(command: str, reply: object) -> tuple[str, str]:
    if word := memcached.code(reply) if command.islower() else "":
        return word.lower().replace("_", " "), ""
    if command in ("DEL", "UNLINK", "DELIFEQ") and isinstance(reply, int):
        return str(reply), " deleted"
    if isinstance(reply, (list, tuple, set, dict)):
        return count(len(reply), "value"), ""
    if isinstance(reply, ErrorReply):
        return _code(reply), ""
    return ("nothing" if reply is None else shorten(text(reply), 12)), ""


def _code(message: str) -> str:
    words = message.split()
    return shorten(words[0].rstrip(":"), 14) if words else "error"


def _move(step: Step) -> tuple[str, str]:
    op = step.op
    if op.name == "expire":
        return "expires", steps.keys(op)[0] if op.keys else ""
    if op.name == "raised":
        kind = op.reply[0] if isinstance(op.reply, (list, tuple)) and op.reply else ""
        return "raises", text(kind)
    fixed = {
        "death": "dies", "leap": "the clock leaps", "sleep": "sleeps", "release": "gives the lock back",
        "acquire": "takes the lock" if op.reply else "finds the lock taken", "join": "waits for a thread",
    }  # fmt: skip
    return fixed.get(op.name, op.name), ""
