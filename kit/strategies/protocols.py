"""What a strategy asks of the world around it: a cache, a database, time and company.

Rules: a strategy imports nothing of this package but these names, so that one file can be lifted into an application;
whatever acts (clock, randomness, threads) comes in as an argument. Keys are text, values bytes, times seconds.
Absence is an answer (`None`), never an error; `b""` is a value like any other.
Source: the kit's contracts, "Protocols" (2026-11-24).
Leaves out: many keys in one trip, counters, tracking: later lessons add protocols of their own beside these.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class CacheError(Exception):
    """The cache could not be asked, or refused. Whether the command was done may be unknown.

    Adapters raise it in place of their client's errors, and keep the client's error as its cause.
    """


class Cache(Protocol):
    """A cache, as far as any two of them agree. Every method raises CacheError and costs one round trip."""

    def get(self, key: str) -> bytes | None:
        """The value, or None if the cache holds none."""

    def set(self, key: str, value: bytes, *, ttl: float | None = None) -> None:
        """Store, whatever was there. ttl: seconds; None = for ever, also if the former value had an end."""

    def add(self, key: str, value: bytes, *, ttl: float | None = None) -> bool:
        """Store only where nothing is; says whether it did."""

    def delete(self, key: str) -> bool:
        """Remove; says whether there was anything. Deleting nothing is no error."""


class CasCache(Cache, Protocol):
    """A cache that can tell whether an entry is still the one that was read."""

    def gets(self, key: str) -> tuple[bytes, Any] | None:
        """The value with a token of this very entry, or None.

        A missing entry has no token: `add` something first and get that. Where the token is the value itself (Redis,
        Valkey) two equal values have one token, so what is added must be unique.
        """

    def cas(self, key: str, value: bytes, token: Any, *, ttl: float | None = None) -> bool:
        """Store only where the entry is still the one of `token`; says whether it did. A missing one stays missing."""


class Store(Protocol):
    """A database with named parameters: `query("SELECT … WHERE origin = :airport", airport="JFK")`."""

    def query(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """Rows in the statement's order, each a dictionary by column."""

    def execute(self, sql: str, **params: Any) -> int:
        """Number of rows changed; outside `transaction()` they are committed at once."""

    def transaction(self) -> AbstractContextManager[object]:
        """All or nothing: commits when the block ends, rolls back when it raises."""


class Task(Protocol[T_co]):
    """Something that was started beside the caller."""

    def result(self, timeout: float | None = None) -> T_co:
        """Wait for its end; its value, or what it raised. Raises TimeoutError after `timeout` seconds."""

    def done(self) -> bool:
        """Whether it has ended, either way."""


class Lock(Protocol):
    """Mutual exclusion inside one process: `with lock: …`. Not re-entrant."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...
    def release(self) -> None: ...
    def __enter__(self) -> bool: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class Runtime(Protocol):
    """Time, randomness and company: threads and the wall clock, or a world's virtual ones."""

    @property
    def random(self) -> random.Random:
        """The generator to draw from: seeded in a world and in tests."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""

    def sleep(self, seconds: float) -> None:
        """Let the others run for so long."""

    def spawn(self, function: Callable[..., T], *args: Any) -> Task[T]:
        """Run `function(*args)` beside the caller."""

    def lock(self) -> Lock:
        """A new lock, open."""
