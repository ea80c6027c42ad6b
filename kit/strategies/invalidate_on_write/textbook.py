"""Invalidate on write as the textbooks print it: commit, then delete. One order in ten leaves an old copy behind.

    reader: GET key → nothing        reader: SELECT → version 1
    writer: COMMIT version 2         writer: DEL key → nothing to delete
    reader: SET key version 1        … and nobody will delete that before its `ttl` ends

Deleting is better than storing the new value (deletes commute, two stores do not), and after the commit is better than
before it; neither helps a reader that has read and not yet stored.
Leaves out: the cure. See `token` and `generation`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from kit.strategies.protocols import Cache, CacheError


def read(cache: Cache, key: str, load: Callable[[], bytes], *, ttl: float) -> bytes:
    """Lazy loading: the value of `key`, from the cache or else from `load`. A cache that fails is a miss."""
    try:
        found = cache.get(key)
    except CacheError:
        return load()
    if found is not None:
        return found
    value = load()
    with suppress(CacheError):
        cache.set(key, value, ttl=ttl)
    return value


def write(cache: Cache, key: str, change: Callable[[], object]) -> None:
    """Commit by `change`, then throw the copy away. Raises CacheError where that may not have happened."""
    change()
    cache.delete(key)
