"""Lazy loading (cache-aside): ask the cache; on a miss the database; then leave a copy for the next reader.

Costs: a hit one trip, a miss three. Only what is asked for takes memory, and a cache that is lost costs load, not
answers. The copy may be as old as its `ttl`: nothing here notices that the database changed.
Source: AWS, "Database Caching Strategies Using Redis" and ElastiCache guide, "Caching strategies" (2026-11-24).
Leaves out: many readers that miss at once (each of them loads), and whatever writers do (`invalidate_on_write`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from kit.strategies.protocols import Cache, CacheError


def read(cache: Cache, key: str, load: Callable[[], bytes], *, ttl: float) -> bytes:
    """The value of `key`, from the cache or else from `load`, stored for `ttl` seconds.

    A cache that fails is a miss, not an outage. Raises what `load` raises; then nothing is stored.
    """
    try:
        found = cache.get(key)
    except CacheError:
        return load()
    if found is not None:  # not `if found`: an empty board is an answer too
        return found
    value = load()
    with suppress(CacheError):
        cache.set(key, value, ttl=ttl)  # value and end in one command: between two the process may die
    return value
