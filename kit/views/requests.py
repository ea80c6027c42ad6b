"""Sentences of requests: what an actor asks of the cache or of the store.

Rules: words.say keeps the length; a key is told as what it stands for in the actor's own call, where it says nothing
more than that; a second actor asks for "the same board".
"""

from __future__ import annotations

import re

from kit.cache.effects import Effect
from kit.views import commands, steps
from kit.views.outcome import Outcome, error
from kit.views.state import State
from kit.views.steps import Step, effects
from kit.views.words import count, name, say, text, ttl

_CLOCK = re.compile(r"\d\d:\d\d")


def command(step: Step, state: State, result: Outcome, asked: dict[str, str]) -> str:
    """A request to the cache. asked: key → who asked for it first; kept here."""
    op, args, who = step.op, steps.arguments(step.op), name(step.op.actor)
    if result.kind == "stale":
        return say("{who} puts version {version} back. The cache is now wrong.", who=who, version=result.version)
    if op.name == "EXEC":
        return _transaction(step, who, result)
    if op.name in commands.STORES:
        return _store(step, who, args, result)
    if op.name in commands.LOOKS:
        return _look(step, state, who, asked)
    keys = steps.keys(op)
    key = keys[0] if len(keys) == 1 else count(len(keys), "key")
    template = commands.asks(op.name, args) or (commands.UNKNOWN_WITH_KEY if keys else commands.UNKNOWN)
    return say(template, who=who, key=key, **commands.fields(op.name, args))


def _look(step: Step, state: State, who: str, asked: dict[str, str]) -> str:
    keys = steps.keys(step.op)
    if len(keys) != 1:
        return say("{who} asks the cache for {keys}.", who=who, keys=count(len(keys), "key"))
    noun, of = thing(state, step.op.actor, keys[0])
    first = asked.setdefault(keys[0], step.op.actor)
    if noun and first != step.op.actor:
        return say("{who} asks the cache for the same {noun}.", who=who, noun=noun)
    what = "the {noun} of {of}" if noun else "{of}"
    return say("{who} asks the cache for " + what + ".", who=who, noun=noun, of=of)


def _store(step: Step, who: str, args: list[str], result: Outcome) -> str:
    keys = steps.keys(step.op)
    when = commands.condition(step.op.name, args)
    stored = next(effects(step.op, "stored"), None)
    known = result.version is not None
    what = "version {version}" if known else (count(len(keys), "key") if len(keys) > 1 else "{key}")
    into = "puts " + what + " into the cache" if known else "stores " + what
    life = ""
    if stored and stored.ttl_ms is not None and not (known and when):
        life = f" for {ttl(stored.ttl_ms)}"
    elif stored and known and not when:
        life = ", without an expiry"
    life += f", {when}" if when else ""
    if stored is None and step.op.t_served is not None and steps.is_unheard(step.op):
        life += ": the cache does not, unheard" if not when else ", and waits for no answer"
    return say("{who} " + into + life + ".", who=who, key=keys[0] if keys else "nothing", version=result.version)


def _transaction(step: Step, who: str, result: Outcome) -> str:
    queued = [command[0].upper() for command in steps.queue(step.op) if command]
    if result.version is not None:
        return say("{who} puts version {version} into the cache, in a transaction.", who=who, version=result.version)
    if not queued:
        return say("{who} runs a transaction of no commands.", who=who)
    return say("{who} runs {n} as one: {list}.", who=who, n=count(len(queued), "command"), list=", ".join(queued))


def statement(step: Step) -> str:
    """A request to the store."""
    op, who, about = step.op, name(step.op.actor), steps.subject(step.op)
    if op.name == "query":
        what = "the {about}" if steps.named(op) else ("rows of {about}" if about else "rows")
        return say("{who} asks the database for " + what + ".", who=who, about=about)
    if change := next(effects(op, "changed"), None):
        return _changed(who, change, committing=op.name == "commit")
    if op.name in ("commit", "rollback", "begin"):
        told = {"commit": "commits", "rollback": "takes its transaction back", "begin": "begins a transaction"}
        return say("{who} {does}.", who=who, does=told[op.name])
    inside = "" if any(effects(op, "committed")) or error(step) else " in a transaction"
    does = {"INSERT": "adds to", "DELETE": "deletes from"}.get(steps.verb(op), "updates")
    table = steps.table(op) or "the database"
    return say("{who} {does} {table}" + inside + ".", who=who, does=does, table=table)


def thing(state: State, actor: str, key: str) -> tuple[str, str]:
    """What a key stands for in the actor's call: ("board", "EWR") for board:EWR in get_board("EWR"), else ("", key).

    Only where the key says nothing more: a lease on the board is not the board.
    """
    function, args = state.calls.get(actor, ("", []))
    if not function.startswith("get_") or not args:
        return "", key
    noun = function.removeprefix("get_").replace("_", " ")
    wanted = {*_tokens(noun), *_tokens(text(args[0]))}
    allowed = {token for arg in args for token in _tokens(text(arg))} | wanted
    found = set(_tokens(key))
    return (noun, text(args[0])) if wanted and wanted <= found <= allowed else ("", key)


def _tokens(words: str) -> list[str]:
    return re.findall(r"[0-9a-z]+", words.lower())


def later(change: Effect) -> bool:
    """Whether a change moves a time of day to a later one."""
    return bool(_CLOCK.fullmatch(change.after) and _CLOCK.fullmatch(change.before) and change.after > change.before)


def _changed(who: str, change: Effect, *, committing: bool) -> str:
    holds = ": the database holds version {version}."
    values = {"who": who, "label": change.label, "after": change.after, "version": change.version}
    if not change.label:
        return say("{who} " + ("commits" if committing else "changes rows") + holds, **values)
    if committing:
        return say("{who} commits {after} for {label}" + holds, **values)
    if later(change):
        return say("{who} delays {label} to {after}" + holds, **values)
    return say("{who} sets {label} to {after}" + holds, **values)
