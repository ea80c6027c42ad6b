"""Delete first, then write: it sounds safer, and is wrong in six orders of ten instead of one.

    writer: DEL key                  reader: GET key → nothing
    reader: SELECT → version 1       writer: COMMIT version 2
    reader: SET key version 1        … or any other order in which the reader's SELECT comes before the COMMIT

Between the delete and the commit every reader that asks finds nothing, reads the old rows and stores them: the window
is the whole length of the transaction, and nothing deletes afterwards.
Leaves out: the second delete, after a pause. It narrows the window to readers slower than the pause.
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
    """Throw the copy away, then commit by `change`. Raises CacheError before anything was changed."""
    cache.delete(key)
    change()
