"""What the world learns of a command: before it runs a description, afterwards an outcome."""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.effects import Effect
from kit.cache.redis.facts import Fact, effect
from kit.cache.redis.table import Kind, Reply


@dataclass(frozen=True, slots=True)
class Description:
    """What the world knows of a command before it runs.

    name: as the tape shows it (`GET`, `CLIENT SETNAME`); kind: `setup` and `queued` are answered at once and leave no
    operation, `visible` is one.
    """

    name: str
    keys: tuple[bytes, ...]
    write: bool
    kind: Kind


class Outcome:
    """Reply and effects of one command; the effects are made on first sight, so a replay that reads none pays nothing.

    null_array: the None of an EXEC that did not run, which RESP2 writes `*-1` and not `$-1`.
    """

    __slots__ = ("_facts", "null_array", "reply")

    def __init__(self, reply: Reply, facts: tuple[Fact, ...] = (), null_array: bool = False) -> None:
        self.reply = reply
        self._facts = facts
        self.null_array = null_array

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(map(effect, self._facts))

    def __repr__(self) -> str:
        return f"Outcome({self.reply!r}, {self.effects!r})"
