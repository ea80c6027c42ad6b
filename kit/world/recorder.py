"""The recorder: writes the tape, and knows which version of a truth lies under which key."""

from __future__ import annotations

from typing import Any

from kit.cache.effects import Effect
from kit.world.actor import Actor, Pending
from kit.world.clock import VirtualClock
from kit.world.tape import Op

CHANGING = frozenset({"stored", "deleted", "expired", "evicted"})


class Recorder:
    """Records in order of service. changes: how often anything stored changed, or the clock jumped.

    timed: requests have moments of their own; way_back: µs that the reply being made will travel.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.ops: list[Op] = []
        self.changes = self.way_back = 0
        self.timed = False
        self.start_us = clock.now_us()
        self._clock = clock
        self._versions: dict[bytes, tuple[str, int]] = {}

    def versions(self) -> tuple[tuple[bytes, tuple[str, int]], ...]:
        """Which version of which truth lies under each key, where that is known."""
        return tuple(sorted(self._versions.items()))

    def now(self) -> int:
        """Virtual µs since the start of the run."""
        return self._clock.now_us() - self.start_us

    def scene(
        self, actor: str, name: str, request: Any = None, reply: Any = None, *effects: Effect,
        line: int | None = None, at: int | None = None,
    ) -> None:  # fmt: skip
        """A record of peer `scene`."""
        now = self.now() + self.way_back if at is None else at
        ops = self.ops
        ops.append(Op(len(ops), actor, "scene", name, (), False, request, reply, effects, False, now, now, now, line))

    def operation(
        self, actor: Actor, pending: Pending, peer: str, request: Any, reply: Any, effects: tuple[Effect, ...] = (),
        *, lost: str = "", setup: bool = False, received: int | None = None,
    ) -> None:  # fmt: skip
        """An operation of an actor. lost: `request`, `reply` or nothing."""
        now, ops = self.now(), self.ops
        keys = pending.description.keys if pending.description is not None else ()
        sent = actor.sent if self.timed else now
        served = None if lost == "request" else now
        came = None if lost else now + self.way_back if received is None else received
        ops.append(
            Op(
                len(ops), actor.name, peer, pending.name, keys, pending.write, request, reply, effects, setup,
                sent, served, came, pending.line,
            )
        )  # fmt: skip

    def move(self, peer: str, name: str, keys: tuple[bytes, ...], request: Any, *effects: Effect) -> None:
        """A move of the world: a leap of the clock, the end of a key."""
        now, ops = self.now(), self.ops
        ops.append(
            Op(len(ops), "world", peer, name, keys, bool(keys), request, None, effects, False, now, now, now, None)
        )
        self.changes += 1

    def versioned(self, effects: tuple[Effect, ...], held: tuple[str, int] | None) -> tuple[Effect, ...]:
        """`stored` has the version that its writer last read in this call, `hit` that of the last `stored`."""
        return tuple(self._versioned(effect, held) for effect in effects)

    def _versioned(self, effect: Effect, held: tuple[str, int] | None) -> Effect:
        key = effect.key
        if effect.kind == "stored":
            found = held
            if found is None:
                self._versions.pop(key, None)
            else:
                self._versions[key] = found
        elif effect.kind in CHANGING:
            found = self._versions.pop(key, None)
        else:
            found = self._versions.get(key)
        if found is None:
            return effect
        return Effect(effect.kind, key, effect.size, effect.ttl_ms, effect.digest, found[0], found[1])
