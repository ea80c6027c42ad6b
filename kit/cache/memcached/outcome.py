"""What the world learns of a request: before it runs a description, afterwards an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kit.cache.effects import Effect, digest

Reply = object
"""None, int, and the classes of `reply`."""
Kind = Literal["setup", "visible"]
Fact = tuple[str, bytes, bytes | None, int | None]
"""Kind, key, value, time to live in ms: an effect, noted cheaply while a command runs."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the world knows of a request before it runs.

    name: as on the wire (`get`, `mg`); kind: `setup` is answered at once and leaves no operation, `visible` is one.
    """

    name: str
    keys: tuple[bytes, ...]
    write: bool
    kind: Kind


class Outcome:
    """Reply and effects of one request; never changed. The effects are made on first sight."""

    __slots__ = ("facts", "reply")

    def __init__(self, reply: Reply, facts: Sequence[Fact] = ()) -> None:
        self.reply = reply
        self.facts = facts

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(map(effect, self.facts))

    def __repr__(self) -> str:
        return f"Outcome({self.reply!r}, {self.effects!r})"


def effect(fact: Fact) -> Effect:
    """The effect that a fact stands for."""
    kind, key, value, ttl_ms = fact
    return Effect(kind, key) if value is None else Effect(kind, key, len(value), ttl_ms, digest(value))
