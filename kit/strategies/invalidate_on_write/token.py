"""Invalidate on write, closed by a token: a reader may store only while its own mark still stands.

    reader: ADD key mark             reader: SELECT → version 1
    writer: COMMIT version 2         writer: DEL key → the mark is gone
    reader: CAS key version 1, if the mark stands → refused; it answers its passenger and stores nothing

The mark is what a delete can delete. It must differ each time: with one word for all, the mark of a later reader would
let an earlier one through. Nobody waits: whoever meets a mark loads for itself, and may store over that very mark.
A lifetime of the mark (`hold`) ends what a dead reader left; whoever is slower than it stores nothing, which is safe.
Source: NSDI 2013, "Scaling Memcache at Facebook", §3.2.1: leases, there 64-bit tokens and one each 10 s a key.
Leaves out: the herd. A lease also decides who loads; here every reader that misses does.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from kit.strategies.protocols import CacheError, CasCache

MARK, VALUE = b"?", b"="


def read(
    cache: CasCache, key: str, load: Callable[[], bytes], *, ttl: float, unique: Callable[[], str], hold: float = 10.0
) -> bytes:
    """The value of `key`, from the cache or else from `load`. A cache that fails is a miss.

    unique: a text never given before, such as `lambda: uuid.uuid4().hex`; ttl, hold: seconds.
    """
    try:
        entry = cache.gets(key)
        if entry is None:
            cache.add(key, MARK + unique().encode(), ttl=hold)
            entry = cache.gets(key)  # mine, or that of whoever was faster: either was there before the load below
    except CacheError:
        return load()
    if entry is not None and entry[0].startswith(VALUE):
        return entry[0].removeprefix(VALUE)
    value = load()
    if entry is not None:
        with suppress(CacheError):
            cache.cas(key, VALUE + value, entry[1], ttl=ttl)
    return value


def write(cache: CasCache, key: str, change: Callable[[], object]) -> None:
    """Commit by `change`, then throw copy and marks away. Raises CacheError where that may not have happened."""
    change()
    cache.delete(key)
