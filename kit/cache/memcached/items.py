"""The items of a server: found, linked, unlinked, expired, flushed. The commands' only way to a key.

Rules: the server's clock counts whole seconds; an item is gone from the second on in which it expires, and is found
gone by the next access; each stored item has the next number of one counter as its cas id; `flush_all` deletes
nothing: it moves a moment, and an item that was last used before it is found gone.
Source: memcached 1.6.18, items.c (`do_item_get`, `do_item_link`, `item_is_flushed`, `do_item_update`) and memcached.c
(`realtime`), tried beside the real one with `-o no_modern`.
Leaves out: eviction and the reuse of expired items at the end of a class's list (the plain LRU per slab class comes
with the engines' own issue): a store that would pass the limit is refused, as with `-M`, and an expired item that
nobody asks for is still counted. A real server may find flushed items again where a second `flush_all` names a later
moment before it has reused them; here they stay gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.cache.clock import Clock
from kit.cache.memcached.outcome import Fact
from kit.cache.memcached.slabs import item_size
from kit.cache.memory import Memory

MONTH_S = 60 * 60 * 24 * 30
"""Seconds: an expiry beyond this is a date."""
UPDATE_S = 60
"""Seconds that must pass before another use moves an item's time of last use."""
FIRST_SECOND = 62
"""What the server's clock shows when it starts."""


class Item:
    """One item. exptime, used: seconds of the server's clock, 0 = never expires; fetched: has been read.

    stale, won: marks of the meta commands (X, and that somebody holds the W); binary: the key came in base64.
    """

    __slots__ = ("binary", "cas", "exptime", "fetched", "flags", "stale", "used", "value", "won")

    def __init__(self, value: bytes, flags: int, exptime: int, cas: int, used: int) -> None:
        self.value = value
        self.flags = flags
        self.exptime = exptime
        self.cas = cas
        self.used = used
        self.fetched = self.stale = self.won = self.binary = False


class Items:
    """All items of a server, by key, and the facts of the command that runs."""

    __slots__ = (
        "clock", "expired", "facts", "flushed", "held", "last_cas", "memory", "oldest_cas", "oldest_live", "started_s",
        "told_flushed", "total",
    )  # fmt: skip

    def __init__(self, clock: Clock, memory: Memory) -> None:
        self.clock = clock
        self.memory = memory
        self.facts: list[Fact] = []
        self.held: dict[bytes, Item] = {}
        self.clear()

    def clear(self) -> None:
        """As new."""
        self.held.clear()
        self.facts = []
        self.memory.used = self.memory.peak = 0
        self.last_cas = self.oldest_cas = self.oldest_live = 0
        self.total = self.expired = self.flushed = 0
        self.told_flushed: set[int] = set()
        self.started_s = self.clock.now_us() // 1_000_000 - FIRST_SECOND

    # --- time

    def now(self) -> int:
        """Seconds of the server's clock."""
        return self.clock.now_us() // 1_000_000 - self.started_s

    def deadline(self, seconds: int) -> int:
        """The moment that an expiry as sent stands for: 0 = never, 1 = gone at once."""
        if 0 < seconds <= MONTH_S:
            return seconds + self.now()
        if seconds == 0:
            return 0
        return max(1, seconds - self.started_s) if seconds > 0 else 1

    def ttl_ms(self, item: Item) -> int | None:
        """Milliseconds that an item has left; None = for ever."""
        if not item.exptime:
            return None
        return max(0, (item.exptime + self.started_s) * 1_000 - self.clock.now_us() // 1_000)

    # --- finding

    def find(self, key: bytes) -> Item | None:
        """The live item under a key; one that has expired or was flushed is removed."""
        item = self.held.get(key)
        if item is None or not (item.exptime or self.oldest_live):
            return item
        now = self.now()
        if self._is_flushed(item, now):
            self.flushed += 1
            self.unlink(key, item, None if item.cas in self.told_flushed else "deleted")
            self.told_flushed.discard(item.cas)
        elif item.exptime and item.exptime <= now:
            self.expired += 1
            self.unlink(key, item, "expired")
        else:
            return item
        return None

    def reclaim(self, key: bytes) -> bool:
        """Remove an item that an access would find gone, without counting it as found; was there one?"""
        counted = self.expired, self.flushed
        held = len(self.held)
        self.find(key)
        self.expired, self.flushed = counted
        return len(self.held) < held

    def touch_use(self, item: Item) -> None:
        """Note that an item was used; its time moves once a minute."""
        now = self.now()
        if item.used < now - UPDATE_S:
            item.used = now

    def bump(self, item: Item) -> None:
        """Note that an item was read."""
        item.fetched = True
        # `touch_use`, spelled out: every hit comes by here.
        now = self.clock.now_us() // 1_000_000 - self.started_s
        if item.used < now - UPDATE_S:
            item.used = now

    def live(self) -> Iterator[tuple[bytes, Item]]:
        """Every item that an access would find."""
        now = self.now()
        for key, item in self.held.items():
            if not (self._is_flushed(item, now) or 0 < item.exptime <= now):
                yield key, item

    # --- changing

    def next_cas(self) -> int:
        self.last_cas += 1
        return self.last_cas

    def has_room(self, key: bytes, length: int, flags: int) -> bool:
        """May an item of that size be stored? Its elder is still there while it is written."""
        memory = self.memory
        return not memory.limit or memory.used + item_size(key, length, flags) <= memory.limit

    def link(self, key: bytes, value: bytes, flags: int, exptime: int) -> Item:
        """Store an item in the place of its elder, if there is one. The caller looked for room and for expiry."""
        old = self.held.get(key)
        if old is None:
            self.memory.add(item_size(key, len(value), flags))
        elif len(value) != len(old.value) or flags != old.flags:
            self.memory.add(item_size(key, len(value), flags) - item_size(key, len(old.value), old.flags))
        self.total += 1
        self.last_cas = cas = self.last_cas + 1
        now = self.clock.now_us() // 1_000_000 - self.started_s
        item = self.held[key] = Item(value, flags, exptime, cas, now)
        self.facts.append(("stored", key, value, self.ttl_ms(item) if exptime else None))
        return item

    def unlink(self, key: bytes, item: Item, kind: str | None = "deleted") -> None:
        """Remove an item. kind: of the fact, None = it was told already."""
        if kind is not None:
            self.facts.append((kind, key, item.value, self.ttl_ms(item)))
        del self.held[key]
        self.memory.add(-item_size(key, len(item.value), item.flags))

    def flush(self, seconds: int) -> None:
        """Flush all that was last used before a moment: now, or `seconds` from now (or the date that they are)."""
        now = self.now()
        for key in [key for key, item in self.held.items() if self._is_flushed(item, now)]:
            self.find(key)  # a later moment must not bring back what an earlier one ended
        self.oldest_live = (self.deadline(seconds) if seconds > 0 else now) - 1
        if self.oldest_live <= now:
            self.oldest_cas = self.next_cas()
        for key, item in self.held.items():
            if self._is_flushed(item, now) and not 0 < item.exptime <= now:
                self.told_flushed.add(item.cas)
                self.facts.append(("deleted", key, item.value, self.ttl_ms(item)))

    def _is_flushed(self, item: Item, now: int) -> bool:
        oldest = self.oldest_live
        return 0 != oldest <= now and (item.used <= oldest or item.cas < self.oldest_cas)
