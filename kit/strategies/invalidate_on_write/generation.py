"""Invalidate on write, closed by a generation: a write gives the copy a new name, and a late one lands under the old.

    reader: GET generation → a       reader: GET key@a → nothing      reader: SELECT → version 1
    writer: COMMIT version 2         writer: SET generation b
    reader: SET key@a version 1      … which nobody asks for any more; it ends with its `ttl`

The generation must be read before the rows, and must never come back: a number that starts at 1 again after an
eviction would wake the dead, so it is unique instead.
Source: memcached's wiki, "Namespacing"; the kit's atlas of strategies, §17.
Leaves out: the memory that dead copies take until their `ttl`; one generation for many keys (lesson on generations).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from kit.strategies.protocols import Cache, CacheError

LIFE = 86_400.0  # seconds; a generation that ends early costs misses, never a wrong answer


def read(cache: Cache, key: str, load: Callable[[], bytes], *, ttl: float, unique: Callable[[], str]) -> bytes:
    """The value of `key`, from the cache or else from `load`. A cache that fails is a miss.

    unique: a text never given before, such as `lambda: uuid.uuid4().hex`; ttl: seconds.
    """
    try:
        generation = cache.get(f"{key}:generation")
        if generation is None:
            cache.add(f"{key}:generation", unique().encode(), ttl=LIFE)
            generation = cache.get(f"{key}:generation")
        found = cache.get(f"{key}@{generation.decode()}") if generation else None
    except CacheError:
        return load()
    if found is not None:
        return found
    value = load()
    if generation:
        with suppress(CacheError):
            cache.set(f"{key}@{generation.decode()}", value, ttl=ttl)
    return value


def write(cache: Cache, key: str, change: Callable[[], object], *, unique: Callable[[], str]) -> None:
    """Commit by `change`, then begin a new generation. Raises CacheError where that may not have happened."""
    change()
    cache.set(f"{key}:generation", unique().encode(), ttl=LIFE)
