"""The sweep: ends keys that are past their time though nobody asks for them, as a server that lives for days must.

Rules: the engine never sweeps by itself, since a recorded run must not differ from another; whoever serves real clients
calls `step` several times a second. A step looks at a few keys, and at more only while many of them were due.
Source: Valkey 9.1.2, expire.c (`activeExpireCycle`): samples, goes on while more than a tenth of a sample was due.
Leaves out: random samples (each key comes in turn here) and the effort setting.
"""

from __future__ import annotations

from kit.cache.effects import Effect
from kit.cache.redis.engine import Engine
from kit.cache.redis.facts import effect

SAMPLE_KEYS = 500
SAMPLES_A_STEP = 10


class Sweep:
    """Goes round the keys that have an expiry, database by database.

    >>> from kit.cache.clock import ManualClock
    >>> clock = ManualClock(); engine = Engine(clock)
    >>> engine.execute(engine.session(), (b"SET", b"k", b"v", b"PX", b"1")).reply
    'OK'
    >>> clock.advance(2_000); [ended.key for ended in Sweep(engine).step()]
    [b'k']
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._db = 0
        self._keys: list[bytes] = []

    def step(self) -> list[Effect]:
        """End some keys that are due, and say which. O(5,000), once a round O(keys with an expiry)."""
        ended: list[Effect] = []
        for _ in range(SAMPLES_A_STEP):
            found = self._sample()
            ended += found
            if len(found) <= SAMPLE_KEYS // 10:
                break
        return ended

    def _sample(self) -> list[Effect]:
        if not self._keys:
            self._next_database()
        sample, self._keys[-SAMPLE_KEYS:] = self._keys[-SAMPLE_KEYS:], []
        keys = self._engine.databases[self._db]
        for key in sample:
            keys.end_if_due(key)
        shared = self._engine.shared
        facts, shared.facts = shared.facts, []
        return [effect(fact) for fact in facts]

    def _next_database(self) -> None:
        """Go to the next database that has keys with an expiry, this one last."""
        count = len(self._engine.databases)
        for _ in range(count):
            self._db = (self._db + 1) % count
            if self._engine.databases[self._db].expiring:
                self._keys = self._engine.databases[self._db].expiring_keys()
                return
