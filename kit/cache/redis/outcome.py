"""What the world learns of a command: before it runs a description, afterwards an outcome."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Reply and effects of one command; never changed.

    The effects are made on first sight, so that a replay of a million requests which reads none pays nothing.
    null_array: the reply is the None of an EXEC that did not run, which RESP2 writes `*-1` and not `$-1`.
    """

    __slots__ = ("facts", "reply")
    null_array = False

    def __init__(self, reply: Reply, facts: Sequence[Fact] = ()) -> None:
        self.reply = reply
        self.facts = facts

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(map(effect, self.facts))

    def __repr__(self) -> str:
        return f"Outcome({self.reply!r}, {self.effects!r})"


class NotExecuted(Outcome):
    """An EXEC that ran nothing, because a watched key had changed."""

    __slots__ = ()
    null_array = True
