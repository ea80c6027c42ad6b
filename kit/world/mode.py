"""A mode: how the world's network and service speak to one kind of cache, `redis` or `memcached`.

Rules: the world knows of a command its description, its outcome and what this module's verbs say, and nothing else; an
engine of either kind has the same verbs, a command is whatever its parser gives (the words in redis mode, a `Request`
in memcached mode).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

from kit.cache.clock import Clock
from kit.cache.effects import Effect
from kit.cache.memory import Memory

Command = Any
"""One whole command, as the mode's parser gives it."""


class Session(Protocol):
    """The server's end of one connection."""

    id: int

    def reset(self) -> None: ...


class Description(Protocol):
    """What the world knows of a command before it runs."""

    @property
    def name(self) -> str: ...
    @property
    def keys(self) -> tuple[bytes, ...]: ...
    @property
    def write(self) -> bool: ...
    @property
    def kind(self) -> str: ...


class Outcome(Protocol):
    """Reply and effects of a command."""

    reply: Any

    @property
    def effects(self) -> tuple[Effect, ...]: ...


class Engine(Protocol):
    """The verbs that both engines have. connected: clients now; connections_received: since the last `reset`."""

    memory: Memory
    connected: int
    connections_received: int

    def session(self) -> Any: ...
    def describe(self, session: Any, command: Any, /) -> Description: ...
    def execute(self, session: Any, command: Any, /) -> Outcome: ...
    def volatile(self) -> list[bytes]: ...
    def expire_now(self, key: bytes) -> Effect: ...
    def next_expiry_us(self) -> int | None: ...
    def reset(self) -> None: ...
    def state(self) -> Hashable: ...


class Parser(Protocol):
    """The server's reading of a connection. idle: nothing is half read."""

    @property
    def idle(self) -> bool: ...
    def receive_data(self, data: bytes) -> None: ...


class Mode(Protocol):
    """One kind of cache.

    engine: a new one, `maxmemory` in bytes; commands: the whole commands read so far, and the last words to a peer that
    broke the protocol (its connection then ends; None: it did not); shown: a command as the tape holds it; encode: the
    bytes of a reply; read_only: what a replica answers to a write; faults: kinds that may befall a command, in order;
    waits: whether the client waits for a reply; ended: whether the peer has hung up.
    """

    name: str

    def engine(self, clock: Clock, maxmemory: int) -> Engine: ...
    def parser(self) -> Any: ...
    def commands(self, parser: Any, session: Any) -> tuple[list[Command], bytes | None]: ...
    def shown(self, session: Any, command: Command) -> Any: ...
    def encode(self, session: Any, outcome: Any) -> bytes: ...
    def read_only(self, engine: Any, session: Any, name: str) -> Outcome: ...
    def faults(self, write: bool, command: Command) -> tuple[str, ...]: ...
    def waits(self, command: Command) -> bool: ...
    def ended(self, session: Any) -> bool: ...
