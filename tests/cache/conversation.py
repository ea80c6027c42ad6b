"""Talking to an engine in tests: lines of words on named connections."""

from __future__ import annotations

from typing import Any

from kit.cache.clock import ManualClock
from kit.cache.effects import Effect
from kit.cache.redis.engine import Engine, Outcome
from kit.cache.redis.session import Session

START_US = 1_362_700_800_000_000
"""8 March 2013, midnight UTC."""


def words(line: str) -> tuple[bytes, ...]:
    """`SET k v` as arguments."""
    return tuple(word.encode() for word in line.split(" "))


class Conversation:
    """An engine on a clock that the test moves, and connections by name."""

    def __init__(self, **options: Any) -> None:
        self.clock = ManualClock(START_US)
        self.engine = Engine(self.clock, **options)
        self._sessions: dict[str, Session] = {}

    def session(self, who: str = "me") -> Session:
        if who not in self._sessions:
            self._sessions[who] = self.engine.session()
        return self._sessions[who]

    def outcome(self, line: str, who: str = "me") -> Outcome:
        return self.engine.execute(self.session(who), words(line))

    def ask(self, line: str, who: str = "me") -> Any:
        return self.outcome(line, who).reply

    def effects(self, line: str, who: str = "me") -> list[tuple[str, bytes]]:
        """Kinds and keys of what a command did."""
        return [(effect.kind, effect.key) for effect in self.outcome(line, who).effects]

    def effect(self, line: str) -> Effect:
        """The only effect of a command."""
        (only,) = self.outcome(line).effects
        return only
