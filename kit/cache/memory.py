"""Memory of a cache: what an item costs, the limit, and when a write is refused.

Rules: the limit is looked at *before* a command runs, so one command may go past it and the next is refused, as in
Valkey; what frees memory is never refused; the same contents cost the same on every machine.
Source: Valkey 9.1.2, `performEvictions` and `processCommand`; the constants are fitted to `used_memory` of that server
with libc's malloc (a test holds them to within 15 % on strings of 0 to 4,000 bytes and small hashes and sets).
Leaves out: eviction (only `noeviction` is here; the other policies come with their lesson), buffers of clients,
fragmentation, the larger form of big hashes and sets, and the megabyte that an empty server takes: `used` counts the
items alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kit.cache.errors import SettingError

ITEM_BYTES = 44
"""Bytes that every item costs beside key and value: the object's header, its slot in the table, malloc's own."""
TTL_BYTES = 16
"""Bytes more for an item with an expiry: the time itself and its slot in the second table."""
COLLECTION_BYTES = 24
"""Bytes more for a hash or a set."""
MEMBER_BYTES = 4
"""Bytes that every field of a hash and every member of a set costs beside its own, in the server's compact form."""


def item_size(key: bytes, value_size: int, *, expires: bool = False) -> int:
    """Bytes that an item costs: key, value and what the server keeps about it.

    >>> item_size(b"board:JFK", 100)
    153
    """
    return ITEM_BYTES + len(key) + value_size + (TTL_BYTES if expires else 0)


class Memory:
    """Bytes in use, and the limit on them. `limit` 0 = none, as `maxmemory 0`."""

    __slots__ = ("limit", "peak", "used")

    def __init__(self, limit: int = 0) -> None:
        if limit < 0:
            raise SettingError(f"maxmemory is {limit}; it must be 0 (no limit) or a number of bytes")
        self.limit = limit
        self.used = 0
        self.peak = 0

    @property
    def full(self) -> bool:
        """Is more in use than allowed, so that a command that needs memory must be refused?"""
        return 0 < self.limit < self.used

    @contextmanager
    def overfull(self) -> Iterator[None]:
        """As if more were in use than allowed: the fault `full` of a world."""
        limit, self.limit = self.limit, 1
        self.used += 2
        try:
            yield
        finally:
            self.used -= 2
            self.limit = limit

    def add(self, size: int) -> None:
        """Take `size` bytes; a negative number gives them back."""
        self.used += size
        if self.used > self.peak:
            self.peak = self.used
