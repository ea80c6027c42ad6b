"""A tape as sentences, one a step: who does what, and what it means for the picture.

Rules: present tense, actor first, one event, at most 68 characters, numbers with units; a time only on a timed tape,
but for what a key has to live. A sentence depends on the whole state: the database's reply to a writer is told as
what it makes of a version that somebody still holds.
Source: the kit's looks, "Words" and "The race, a sentence a step".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.cache.effects import Effect
from kit.views import replies, requests, steps, trips
from kit.views.outcome import Outcome, outcome
from kit.views.replies import expired, span
from kit.views.state import State, walk
from kit.views.steps import Step, effects
from kit.views.words import duration, name, say
from kit.world.tape import Tape


@dataclass(frozen=True, slots=True)
class Told:
    """A step with its outcome and its sentence."""

    step: Step
    outcome: Outcome
    sentence: str


def tell(tape: Tape) -> tuple[str, ...]:
    """The sentences of a tape, in order."""
    return tuple(told.sentence for told, _ in narrate(tape))


def lines(tape: Tape) -> list[str]:
    """The sentences as a numbered list, for a terminal."""
    sentences = tell(tape)
    width = len(str(len(sentences)))
    return [f"{number:>{width}}  {sentence}" for number, sentence in enumerate(sentences, 1)]


def narrate(tape: Tape, whole: Tape | None = None) -> Iterator[tuple[Told, State]]:
    """Every step, told, with the state after it (one object that goes on changing); whole: as in `state.walk`."""
    narrator = Narrator(tape.timed, trips.visits(tape) if tape.timed else None)
    for step, state in walk(tape, whole):
        result = outcome(step, state)
        yield Told(step, result, narrator.sentence(step, state, result)), state


@dataclass(slots=True)
class Narrator:
    """Keeps what has been said, so that a second reader asks for "the same board"."""

    timed: bool
    visits: trips.Visits | None = None
    asked: dict[str, str] = field(default_factory=dict)

    def sentence(self, step: Step, state: State, result: Outcome) -> str:
        """The sentence of one step, `state` being the state after it."""
        if step.half == "move":
            return _move(step, state, self.timed)
        if self.visits is not None and (told := trips.sentence(step, state, result, self.visits)):
            return told
        if step.op.peer == "store":
            return requests.statement(step) if step.half == "request" else replies.rows(step, state, result, self.timed)
        if step.op.peer != "cache":
            return _between(step, self.timed)
        if step.half == "request":
            return requests.command(step, state, result, self.asked)
        return replies.answer(step, state, result, self.timed)


def _move(step: Step, state: State, timed: bool) -> str:
    op, who = step.op, name(step.op.actor)
    if op.name == "expire":
        return expired(next(effects(op, "expired"), Effect("expired", (*op.keys, b"a key")[0])), state)
    if op.name == "leap":
        return say("The clock leaps ahead to the next sleeper.")
    if op.name == "death":
        return say("{who} dies here. Nothing of it runs any more.", who=who)
    if op.name == "raised":
        kind, *_ = op.reply if isinstance(op.reply, (list, tuple)) and op.reply else ["an exception"]
        return say("{who} raises {kind}.", who=who, kind=kind)
    if op.peer == "lock":
        return _lock(step, who)
    life = f" for {duration(span(step))}" if timed and span(step) else ""
    return say("{who} sleeps{life}." if op.name == "sleep" else "{who} waits ({what}).",
               who=who, life=life, what=op.name)  # fmt: skip


def _between(step: Step, timed: bool) -> str:
    """One process asks another: a passenger's phone and the application."""
    who, peer, what = name(step.op.actor), name(step.op.peer), " ".join(steps.keys(step.op))
    if step.half == "request":
        return say("{who} asks {peer} for {what}.", who=who, peer=peer, what=what)
    after = f" after {duration(span(step))}" if timed and span(step) else ""
    return say("{peer} answers {who}{after}: {reply}.", who=who, peer=peer, after=after, reply=step.op.reply)


def _lock(step: Step, who: str) -> str:
    does = {
        "acquire": "takes the lock" if step.op.reply else "finds the lock taken",
        "release": "gives the lock back",
        "wait": "waits for the lock",
        "wake": "wakes up",
    }
    return say("{who} {does}.", who=who, does=does.get(step.op.name, f"waits ({step.op.name})"))
