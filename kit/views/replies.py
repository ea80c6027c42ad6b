"""Sentences of replies: what the cache or the store answers, and what that means for who holds which version."""

from __future__ import annotations

import re

from kit.cache.effects import Effect
from kit.views import commands, steps
from kit.views import memcached_commands as memcached
from kit.views.outcome import Outcome, error, refused
from kit.views.requests import later, thing
from kit.views.state import State
from kit.views.steps import Step, effects
from kit.views.words import count, duration, name, names, say, text, ttl

_CLOCK = re.compile(r"\d\d:\d\d")


def answer(step: Step, state: State, result: Outcome, timed: bool) -> str:
    """A reply of the cache."""
    op, who = step.op, name(step.op.actor)
    if (lost := _lost(step, "cache")) or (lost := _error(step, "cache")):
        return lost
    if result.kind == "stale":
        return _stale_hit(step, state, result, who)
    if op.name == "EXEC":
        return _executed(step, state)
    if result.word == "expired":
        return expired(next(effects(op, "expired")), state)
    if result.kind == "miss":
        return _missed(step)
    if result.kind == "hit" and steps.looks(op):
        return _hit(step, who, result, timed)
    if refused(step) and op.name not in memcached.DELETES | memcached.COUNTS:
        return say("The cache does nothing: the condition does not hold.")
    return _reply(step, state, who)


def _hit(step: Step, who: str, result: Outcome, timed: bool) -> str:
    found = sum(1 for _ in effects(step.op, "hit"))
    if found > 1:
        return say("The cache gives {who} {found}.", who=who, found=count(found, "value"))
    if timed:
        after = duration(span(step))
        return say("The cache answers in {after}: a hit. The database is spared.", after=after)
    if result.version is not None:
        return say("The cache gives {who} version {version}: a hit.", who=who, version=result.version)
    return say("The cache answers {who}: a hit.", who=who)


def _reply(step: Step, state: State, who: str) -> str:
    op, args, keys = step.op, steps.arguments(step.op), steps.keys(step.op)
    stored = list(effects(op, "stored"))
    for effect in stored:
        if state.stale(effect.truth, effect.version):
            return say("The cache accepts it: nothing tells it that version {v} is stale.", v=effect.version)
    did = bool(stored) or any(effects(op, "deleted"))
    template = commands.answers(op.name, args, op.reply, did)
    if template:
        key = keys[0] if keys else "it"
        return say(template, key=key, life=_left(op.name, op.reply))
    if op.reply is None:
        return say("The cache answers {who} with nothing.", who=who)
    if isinstance(op.reply, (int, float, str, bytes)) and text(op.reply) != "OK":
        return say("The cache answers {who}: {value}.", who=who, value=op.reply)
    return say("The cache accepts it." if text(op.reply) == "OK" else "The cache answers {who}.", who=who)


def rows(step: Step, state: State, result: Outcome, timed: bool) -> str:
    """A reply of the store."""
    op, who = step.op, name(step.op.actor)
    if (lost := _lost(step, "database")) or (lost := _error(step, "database")):
        return lost
    if op.name == "query":
        return _answered_rows(step, state, result, timed)
    if change := next(effects(op, "changed"), None):
        if held := _still_held(state, change):
            return held
        what = "delay" if later(change) else "change"
        return say("The database confirms the {what} to {who}.", who=who, what=what)
    if op.reply == 0 and op.name == "execute":
        return say("The database finds no row to change for {who}.", who=who)
    return say("The database confirms it to {who}.", who=who)


def _answered_rows(step: Step, state: State, result: Outcome, timed: bool) -> str:
    op, who = step.op, name(step.op.actor)
    size = count(len(op.reply), "row") if isinstance(op.reply, list) else "rows"
    if result.version is not None:
        value, label = state.value(result.truth, result.version), state.label(result.truth, result.version)
        what = _shows(label, value) if value else size
        return say(
            "The database gives {who} version {version}: " + what + ".",
            who=who, version=result.version, label=label, value=value,
        )  # fmt: skip
    after = f" after {duration(span(step))}" if timed else ""
    return say("The database answers with {size}{after}." if after else "The database gives {who} {size}.",
               who=who, size=size, after=after)  # fmt: skip


def _still_held(state: State, change: Effect) -> str:
    """The sentence for whoever holds the version that this change has just superseded."""
    old = (change.version or 1) - 1
    holders = [name(actor) for actor in state.holders(change.truth, old)]
    if any((copy.truth, copy.version) == (change.truth, old) for copy in state.stale_copies()):
        holders.append("the cache")
    if not holders or not old:
        return ""
    holds = "holds" if len(holders) == 1 else "hold"
    return say("{who} still " + holds + " version {old}. It is stale now.", who=names(holders), old=old)


def _shows(label: str, value: str) -> str:
    return "{label} leaves at {value}" if _CLOCK.fullmatch(value) else "{label} is {value}"


def _stale_hit(step: Step, state: State, result: Outcome, who: str) -> str:
    assert result.version is not None
    key = next(effects(step.op, "hit")).key
    noun, _ = thing(state, step.op.actor, text(key))
    was, now = state.instead(result.truth, result.version)
    if not was:
        was, now = f"version {result.version}", f"version {state.database[result.truth]}"
    return say("{who} gets a hit, and a stale {noun}: {was} instead of {now}.",
               who=who, noun=noun or "copy", was=was, now=now)  # fmt: skip


def _missed(step: Step) -> str:
    missing = [text(effect.key) for effect in effects(step.op, "miss")]
    if len(missing) == 1 and len(step.op.keys) == 1:
        return say("The cache holds nothing under {key}: a miss.", key=missing[0])
    return say("The cache lacks {n} of {all}: a miss.", n=len(missing), all=count(len(step.op.keys), "key"))


def expired(effect: Effect, state: State) -> str:
    """A key whose time has come."""
    copy = state.copies.get(effect.key)
    what = "the copy of {key}" if copy is None or copy.version is not None or not copy.ttl_ms else "the key {key}"
    if copy and copy.ttl_ms:
        return say(what + " has lived its {life} and expires.", key=effect.key, life=ttl(copy.ttl_ms))
    return say(what + " expires.", key=effect.key)


def _executed(step: Step, state: State) -> str:
    if step.op.reply is None:
        return say("A watched key has changed: the cache does none of it.")
    for effect in effects(step.op, "stored"):
        if state.stale(effect.truth, effect.version):
            return say("The cache accepts it: nothing tells it that version {v} is stale.", v=effect.version)
    return say("The cache does all of it at once.")


def _lost(step: Step, peer: str) -> str:
    op, who = step.op, name(step.op.actor)
    if op.t_served is None:
        return say("The " + peer + " never hears of it: the message of {who} is lost.", who=who)
    if op.t_received is None:
        return say("The " + peer + " obeys, but its answer to {who} is lost.", who=who)
    return ""


def _error(step: Step, peer: str) -> str:
    if not (message := error(step)):
        return ""
    code = message.split()[0] if message.split() else "an error"
    if code == "NOSCRIPT":
        return say("The cache does not know the script yet.")
    if peer == "database":
        does = {"query": "query", "commit": "commit"}.get(step.op.name, "change")
        return say("The database refuses the " + does + ": {code}.", code=code.rstrip(":"))
    known = {"OOM": "is full and refuses the write", "READONLY": "only answers reads and refuses the write"}
    known |= {
        memcached.FULL: "is full and refuses the write",
        memcached.TOO_LARGE: "refuses it: the value is too large",
    }
    if told := known.get(code) or known.get(message):
        return say("The " + peer + " " + told + ".")
    if message.startswith("ERR unknown command") or message == "ERROR":
        return say("The " + peer + " does not know the command {command}.", command=step.op.name)
    what = message.removeprefix("ERR ")
    return say("The " + peer + " answers with an error: {what}.", what=what.rstrip("."))


def span(step: Step) -> int:
    """From sending to receiving, in virtual µs; 0 where one of them is unknown."""
    op = step.op
    return (op.t_received or 0) - (op.t_sent or 0) if op.t_received is not None and op.t_sent is not None else 0


def _left(command: str, reply: object) -> str:
    if not isinstance(reply, int) or reply < 0:
        return ""
    return ttl(reply * (1000 if command == "TTL" else 1))
