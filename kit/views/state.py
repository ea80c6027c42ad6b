"""What everybody holds at a step: copies in the cache, versions in the database, values in an actor's hands.

Rules: a state changes at the request's step; what an actor receives, it holds from the reply on, until it has stored
it, or answers, or dies; a version that nobody knows is None and is never called stale.
Source: contracts of the kit, "The tape", Versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kit.cache.effects import Effect
from kit.views.steps import Step, delivers, effects, events
from kit.world.tape import Op, Tape


@dataclass(slots=True)
class Copy:
    """What the cache holds, or held, under one key. state: live, deleted, expired, evicted; born_us: when stored."""

    key: bytes
    truth: str = ""
    version: int | None = None
    ttl_ms: int | None = None
    born_us: int = 0
    size: int = 0
    state: str = "live"
    hits: int = 0
    misses: int = 0
    touched: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """A value in an actor's hands since step `since`."""

    truth: str
    version: int
    since: int


@dataclass(slots=True)
class State:
    """The whole picture at one event; `follow` keeps it."""

    changes: dict[tuple[str, int], Effect]
    calls: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)
    database: dict[str, int] = field(default_factory=dict)
    copies: dict[bytes, Copy] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    now_us: int = 0
    hits: int = 0
    misses: int = 0
    queries: int = 0

    def stale(self, truth: str, version: int | None) -> bool:
        """Whether the database holds a newer version than this one."""
        return version is not None and version < self.database.get(truth, version)

    def stale_copies(self) -> list[Copy]:
        """Live copies that the database has superseded."""
        return [copy for copy in self.copies.values() if copy.state == "live" and self.stale(copy.truth, copy.version)]

    def holders(self, truth: str, version: int) -> list[str]:
        """Who has exactly this version in hands."""
        return [actor for actor, held in self.holds.items() if (held.truth, held.version) == (truth, version)]

    def value(self, truth: str, version: int | None) -> str:
        """What a version shows where the scene said so: `07:10`; else empty."""
        if version is None:
            return ""
        if own := self.changes.get((truth, version)):
            return own.after
        later = self.changes.get((truth, version + 1))
        return later.before if later and version == 1 else ""

    def label(self, truth: str, version: int | None) -> str:
        """Whose value that is: `MQ3737`; else empty."""
        effect = version and (self.changes.get((truth, version)) or self.changes.get((truth, version + 1)))
        return effect.label if effect and self.value(truth, version) else ""

    def instead(self, truth: str, version: int) -> tuple[str, str]:
        """What a stale version shows and what is true now, of the same flight; empty where unknown or equal."""
        current = self.database.get(truth, version)
        first = self.changes.get((truth, version + 1))
        if first is None:
            return "", ""
        now = first.after
        for later in range(version + 1, current + 1):
            change = self.changes.get((truth, later))
            now = change.after if change and change.label == first.label else now
        return (first.before, now) if first.before and first.before != now else ("", "")

    def follow(self, event: Step) -> None:
        """Let one event happen."""
        op = event.op
        moments = (op.t_received, op.t_served, op.t_sent)
        self.now_us = next((moment for moment in moments if moment is not None), self.now_us)
        if event.half == "reply":
            self._received(event)
            return
        if op.t_served is not None or event.half in ("move", "scene"):
            for effect in op.effects:
                self._happened(event, effect)
        if op.peer == "scene":
            self._called(op)

    def _called(self, op: Op) -> None:
        if op.name == "start" and op.request:
            function, *args = op.request
            self.calls[op.actor] = (function, args)
        elif op.name in ("answer", "raised", "death"):
            self.holds.pop(op.actor, None)

    def _happened(self, event: Step, effect: Effect) -> None:
        if effect.kind == "changed" and effect.version is not None:
            self.database[effect.truth] = max(effect.version, self.database.get(effect.truth, 0))
        elif effect.kind == "version" and effect.version is not None:
            self.database.setdefault(effect.truth, effect.version)
        elif effect.kind == "stored":
            self._stored(event, effect)
        elif effect.kind in ("deleted", "expired", "evicted"):
            copy = self.copies.setdefault(effect.key, Copy(effect.key))
            copy.state, copy.touched = effect.kind, event.number

    def _stored(self, event: Step, effect: Effect) -> None:
        old = self.copies.get(effect.key, Copy(effect.key))
        self.copies[effect.key] = Copy(
            effect.key, effect.truth, effect.version, effect.ttl_ms, self.now_us, effect.size,
            hits=old.hits, misses=old.misses, touched=event.number,
        )  # fmt: skip
        held = self.holds.get(event.op.actor)
        if held and (held.truth, held.version) == (effect.truth, effect.version):
            del self.holds[event.op.actor]

    def _received(self, event: Step) -> None:
        op = event.op
        self.queries += op.peer == "store" and op.name == "query"
        for effect in effects(op, "hit", "miss"):
            copy = self.copies.setdefault(effect.key, Copy(effect.key, state="absent"))
            hit = effect.kind == "hit"
            copy.hits, copy.misses, copy.touched = copy.hits + hit, copy.misses + (not hit), event.number
            self.hits, self.misses = self.hits + hit, self.misses + (not hit)
        if op.t_received is None:
            return
        for effect in effects(op, "hit", "version"):
            if effect.version is not None and (effect.kind == "version" or delivers(op)):
                self.holds[op.actor] = Hold(effect.truth, effect.version, event.number)


def begin(tape: Tape) -> State:
    """The state before the first event; what the versions show is known from the whole tape."""
    changes = {
        (effect.truth, effect.version): effect for op in tape for effect in effects(op, "changed") if effect.version
    }
    return State({key: effect for key, effect in changes.items() if effect.label or effect.after})


def walk(tape: Tape, whole: Tape | None = None) -> Iterator[tuple[Step, State]]:
    """Every step with the state after it. The state is one object that goes on changing: read it, do not keep it.

    whole: the run of which `tape` is the beginning, so that its versions show the same from the first step on.
    """
    state = begin(whole or tape)
    for event in events(tape):
        state.follow(event)
        if event.number:
            yield event, state
