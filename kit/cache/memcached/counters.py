"""What the server counts for `stats`.

Rules: named as `stats` names them; `stats reset` sets them to 0.
Source: memcached 1.6.18, memcached.h (`THREAD_STATS_FIELDS`), tried beside the real one.
"""

from __future__ import annotations

NAMES = (
    "cmd_get", "cmd_set", "cmd_flush", "cmd_touch", "cmd_meta", "get_hits", "get_misses", "delete_misses",
    "delete_hits", "incr_misses", "incr_hits", "decr_misses", "decr_hits", "cas_misses", "cas_hits", "cas_badval",
    "touch_hits", "touch_misses", "store_too_large", "store_no_memory",
)  # fmt: skip


class Counters:
    """One number a name."""

    __slots__ = NAMES
    cmd_get: int
    cmd_set: int
    cmd_flush: int
    cmd_touch: int
    cmd_meta: int
    get_hits: int
    get_misses: int
    delete_misses: int
    delete_hits: int
    incr_misses: int
    incr_hits: int
    decr_misses: int
    decr_hits: int
    cas_misses: int
    cas_hits: int
    cas_badval: int
    touch_hits: int
    touch_misses: int
    store_too_large: int
    store_no_memory: int

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """All to 0."""
        for name in NAMES:
            setattr(self, name, 0)
