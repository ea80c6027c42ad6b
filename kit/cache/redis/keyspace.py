"""A keyspace: the keys of one database, their expiry, their watchers, their cost. The commands' only way to a key.

Rules: a key ends when the clock's millisecond is *past* its expiry, and is found ended by the next access (no sweep in
the background: a run must not differ from another); a reading access counts a hit or a miss, a writing one counts
nothing; whatever changes a present key tells its watchers, what changes nothing does not.
Source: Valkey 9.1.2, db.c (`lookupKey`, `expireIfNeeded`, `signalModifiedKey`) and multi.c (`touchWatchedKey`).
Leaves out: the sweep of the active expiry cycle; access times (they come with eviction).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from kit.cache.clock import Clock
from kit.cache.memory import TTL_BYTES, Memory, item_size
from kit.cache.redis.facts import Fact, fact
from kit.cache.redis.values import Value, contents_of, memory_of


class Watcher(Protocol):
    """Whoever wants to know that a key changed."""

    dirty: bool


class Watch:
    """One watched key of one watcher. `expired`: it had ended already when the watch began, so its end is no change."""

    __slots__ = ("expired", "watcher")

    def __init__(self, watcher: Watcher, expired: bool) -> None:
        self.watcher = watcher
        self.expired = expired


class Shared:
    """What all databases of a server share: clock, memory, counters, and the facts of the command that runs."""

    __slots__ = ("clock", "expired", "facts", "hits", "memory", "misses", "still_ms")

    def __init__(self, clock: Clock, memory: Memory) -> None:
        self.clock = clock
        self.memory = memory
        self.facts: list[Fact] = []
        self.still_ms: int | None = None
        self.hits = self.misses = self.expired = 0

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch; stands still during a transaction and a script, as in Valkey."""
        return self.clock.now_us() // 1_000 if self.still_ms is None else self.still_ms

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Time stands still inside."""
        before = self.still_ms
        self.still_ms = self.now_ms()
        try:
            yield
        finally:
            self.still_ms = before


class Keyspace:
    """The keys of one database.

    >>> from kit.cache.clock import ManualClock
    >>> keys = Keyspace(Shared(ManualClock(), Memory()))
    >>> keys.set(b"board:JFK", b"[]"); keys.get(b"board:JFK")
    b'[]'
    """

    __slots__ = ("_expires", "_shared", "_values", "_watches")

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._values: dict[bytes, Value] = {}
        self._expires: dict[bytes, int] = {}
        self._watches: dict[bytes, list[Watch]] = {}

    def __len__(self) -> int:
        """Keys held, ended ones that nobody met since included: what DBSIZE counts."""
        return len(self._values)

    def state(self) -> tuple[tuple[bytes, object, int | None], ...]:
        """Every key held with its contents and the milliseconds it has left: two equal states answer alike."""
        return tuple((key, contents_of(value), self.ttl_ms(key)) for key, value in sorted(self._values.items()))

    # --- reading

    def get(self, key: bytes) -> Value | None:
        """The value for a reader; counts a hit or a miss."""
        shared = self._shared
        ttl_ms = None
        if self._expires and key in self._expires and not self.end_if_due(key):
            ttl_ms = self.ttl_ms(key)
        value = self._values.get(key)
        if value is None:
            shared.misses += 1
            shared.facts.append(("miss", key, None, None))
        else:
            shared.hits += 1
            # Spelled out for bytes: this is the line that a replay of a million requests lives on.
            if isinstance(value, bytes):
                shared.facts.append(("hit", key, value, ttl_ms))
            else:
                shared.facts.append(fact("hit", key, value, ttl_ms))
        return value

    def peek(self, key: bytes) -> Value | None:
        """The value for a writer; counts nothing, but meets the end of a key as any access does."""
        if self._expires and key in self._expires and self.end_if_due(key):
            return None
        return self._values.get(key)

    def expire_ms(self, key: bytes) -> int | None:
        """When the key ends, in milliseconds since the Unix epoch; None = never, or no such key."""
        return self._expires.get(key)

    def ttl_ms(self, key: bytes) -> int | None:
        """Milliseconds that the key has left; None = for ever, or no such key."""
        ends = self._expires.get(key)
        return None if ends is None else max(0, ends - self._shared.now_ms())

    # --- writing

    def set(self, key: bytes, value: Value, expire_ms: int | None = None, *, keep_ttl: bool = False) -> None:
        """Store a value under a key; its expiry is replaced by `expire_ms` unless it is kept."""
        shared, values, expires = self._shared, self._values, self._expires
        # One look-up where the key has no end, which is the usual case.
        had_end = key in expires and not self.end_if_due(key)  # an ended key is met before it is replaced
        old = values.get(key)
        values[key] = value
        # `memory_of` and `fact`, spelled out for bytes: every write comes by here.
        size = len(value) if isinstance(value, bytes) else value.memory
        if old is None:
            shared.memory.add(item_size(key, size))
        elif more := size - (len(old) if isinstance(old, bytes) else old.memory):
            shared.memory.add(more)
        if expire_ms is not None or (had_end and not keep_ttl):
            self._set_expiry(key, expire_ms)
        ttl_ms = self.ttl_ms(key) if had_end or expire_ms is not None else None
        if isinstance(value, bytes):
            shared.facts.append(("stored", key, value, ttl_ms))
        else:
            shared.facts.append(fact("stored", key, value, ttl_ms))
        if self._watches:
            self._touch(key)

    def grown(self, key: bytes, value: Value, before: int) -> None:
        """Say that a hash or set changed in place; `before`: what it cost then. An empty one is deleted."""
        self._shared.memory.add(memory_of(value) - before)
        if not isinstance(value, bytes) and not len(value):
            self.delete(key)
            return
        self._shared.facts.append(fact("stored", key, value, self.ttl_ms(key)))
        self._touch(key)

    def delete(self, key: bytes) -> bool:
        """Delete a key. Returns whether it was there; a missing one changes nothing, so no watcher hears of it."""
        if self.peek(key) is None:
            return False
        self._remove("deleted", key)
        self._touch(key)
        return True

    def set_expiry(self, key: bytes, expire_ms: int | None) -> None:
        """Give a present key an end, or take it away."""
        self._set_expiry(key, expire_ms)
        self._touch(key)

    def flush(self) -> None:
        """Delete every key. Only watchers of present keys hear of it."""
        for key, watches in list(self._watches.items()):
            if key in self._values:
                _tell(watches)
        for key in list(self._values):
            self._remove("deleted", key)

    def clear(self) -> None:
        """As new, in silence: nobody is told and nothing is counted."""
        self._values.clear()
        self._expires.clear()
        self._watches.clear()

    # --- expiry

    def end_if_due(self, key: bytes) -> bool:
        """End the key if its time is past. Returns whether it ended."""
        ends = self._expires.get(key)
        if ends is None or self._shared.now_ms() <= ends:
            return False
        self.end(key)
        return True

    def end(self, key: bytes) -> None:
        """End a present key, whatever the clock says: its time is past, or a command gave it an end in the past."""
        self._remove("expired", key)
        self._shared.expired += 1
        self._touch(key)

    def is_due(self, key: bytes) -> bool:
        """Is the key there and past its time, but not met since?"""
        ends = self._expires.get(key)
        return ends is not None and self._shared.now_ms() > ends

    def volatile(self) -> list[bytes]:
        """Live keys with an expiry, sorted."""
        return sorted(key for key in self._expires if not self.is_due(key))

    def next_expiry_ms(self) -> int | None:
        """The earliest expiry of a live key, in milliseconds since the Unix epoch."""
        return min((ends for key, ends in self._expires.items() if not self.is_due(key)), default=None)

    def mean_ttl_ms(self) -> int:
        """What a sampling server calls `avg_ttl`: here the exact mean."""
        left = [ends - self._shared.now_ms() for key, ends in self._expires.items() if not self.is_due(key)]
        return sum(left) // len(left) if left else 0

    @property
    def expiring(self) -> int:
        """How many keys have an expiry."""
        return len(self._expires)

    def expiring_keys(self) -> list[bytes]:
        """Keys with an expiry, ended ones that nobody met since among them, in no order."""
        return list(self._expires)

    # --- watching

    def watch(self, key: bytes, watcher: Watcher) -> Watch:
        """Tell `watcher` when the key changes, until `unwatch`."""
        watch = Watch(watcher, self.is_due(key))
        self._watches.setdefault(key, []).append(watch)
        return watch

    def unwatch(self, key: bytes, watch: Watch) -> None:
        """End a watch; one that has ended already is no error."""
        watches = self._watches.get(key, [])
        if watch in watches:
            watches.remove(watch)
            if not watches:
                del self._watches[key]

    def _touch(self, key: bytes) -> None:
        watches = self._watches.get(key)
        if watches:
            _tell(watches, gone=key not in self._values)

    def _set_expiry(self, key: bytes, expire_ms: int | None) -> None:
        had = key in self._expires
        if expire_ms is not None:
            self._expires[key] = expire_ms
        elif had:
            del self._expires[key]
        self._shared.memory.add(TTL_BYTES * ((expire_ms is not None) - had))

    def _remove(self, kind: str, key: bytes) -> None:
        ttl_ms = self.ttl_ms(key)
        value = self._values.pop(key)
        expires = self._expires.pop(key, None) is not None
        self._shared.memory.add(-item_size(key, memory_of(value), expires=expires))
        self._shared.facts.append(fact(kind, key, value, ttl_ms))


def _tell(watches: list[Watch], *, gone: bool = True) -> None:
    for watch in watches:
        if watch.expired and gone:
            watch.expired = False  # it had ended before the watch began: its removal is no change
        else:
            watch.watcher.dirty = True
