"""The sweep: gives the memory of items that have ended back before a server that lives for days has none left.

Rules: nothing is looked at while less than half of the limit is in use, so `stats` counts ended items as the real
server does, which reuses them once it needs the room; the engine never sweeps by itself; no statistic counts a swept
item as asked for.
Source: memcached 1.6.18 with `-o no_modern`, items.c (`do_item_alloc_pull`).
Leaves out: the real order, which is that of the end of a class's list.
"""

from __future__ import annotations

from kit.cache.effects import Effect
from kit.cache.memcached.engine import Engine
from kit.cache.memcached.outcome import effect

SAMPLE_KEYS = 500
SAMPLES_A_STEP = 10


class Sweep:
    """Goes round all keys.

    >>> from kit.cache.clock import ManualClock
    >>> from kit.cache.memcached.engine import Request
    >>> clock = ManualClock(); engine = Engine(clock, maxmemory=100)
    >>> engine.execute(engine.session(), Request.of(b"set k 0 1 1", b"x")).reply
    'STORED'
    >>> clock.advance(2_000_000); [ended.key for ended in Sweep(engine).step()]
    [b'k']
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keys: list[bytes] = []

    def step(self) -> list[Effect]:
        """Remove some items that have ended, and say which. O(5,000), once a round O(items)."""
        memory = self._engine.memory
        if memory.used * 2 < memory.limit:
            return []
        items = self._engine.items
        for _ in range(SAMPLES_A_STEP):
            if not self._keys:
                self._keys = list(items.held)
            sample, self._keys[-SAMPLE_KEYS:] = self._keys[-SAMPLE_KEYS:], []
            if sum(map(items.reclaim, sample)) <= SAMPLE_KEYS // 10:
                break
        facts, items.facts = items.facts, []
        return [effect(fact) for fact in facts]
