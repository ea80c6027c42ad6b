"""The keyspace beside a naive one: a state machine over values, ends, memory and the clock."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kit.cache.clock import ManualClock
from kit.cache.memory import Memory, item_size
from kit.cache.redis.keyspace import Keyspace, Shared

KEYS = st.sampled_from([b"a", b"b", b"c"])


class Machine(RuleBasedStateMachine):
    """`naive` holds (value, end in ms or None) and forgets ended keys at once."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.shared = Shared(self.clock, Memory())
        self.keys = Keyspace(self.shared)
        self.naive: dict[bytes, tuple[bytes, int | None]] = {}
        self.hits = self.misses = 0

    def now_ms(self) -> int:
        return self.clock.now_us() // 1_000

    @rule(key=KEYS, value=st.binary(max_size=5), ttl_ms=st.none() | st.integers(1, 20))
    def set(self, key: bytes, value: bytes, ttl_ms: int | None) -> None:
        end = None if ttl_ms is None else self.now_ms() + ttl_ms
        self.keys.set(key, value, end)
        self.naive[key] = (value, end)

    @rule(key=KEYS, value=st.binary(max_size=5))
    def overwrite_in_place(self, key: bytes, value: bytes) -> None:
        self.keys.set(key, value, keep_ttl=True)
        self.naive[key] = (value, self.naive.get(key, (b"", None))[1])

    @rule(key=KEYS)
    def get(self, key: bytes) -> None:
        expected = self.naive.get(key, (None, None))[0]
        assert self.keys.get(key) == expected
        self.hits += expected is not None
        self.misses += expected is None

    @rule(key=KEYS)
    def delete(self, key: bytes) -> None:
        assert self.keys.delete(key) == (self.naive.pop(key, None) is not None)

    @rule(key=KEYS, ttl_ms=st.none() | st.integers(1, 20))
    def set_expiry(self, key: bytes, ttl_ms: int | None) -> None:
        if self.keys.peek(key) is not None:
            end = None if ttl_ms is None else self.now_ms() + ttl_ms
            self.keys.set_expiry(key, end)
            self.naive[key] = (self.naive[key][0], end)

    @rule(us=st.integers(0, 15_000))
    def advance(self, us: int) -> None:
        self.clock.advance(us)
        ended = [key for key, (_, end) in self.naive.items() if end is not None and end < self.now_ms()]
        for key in ended:
            del self.naive[key]

    @rule()
    def flush(self) -> None:
        self.keys.flush()
        self.naive.clear()

    @invariant()
    def the_world_sees_live_ends_only(self) -> None:
        ends = {key: end for key, (_, end) in self.naive.items() if end is not None}
        assert self.keys.volatile() == sorted(ends)
        assert self.keys.next_expiry_ms() == min(ends.values(), default=None)

    @invariant()
    def memory_is_the_sum_of_what_is_held(self) -> None:
        # An ended key that nobody met still takes its memory, as on a real server.
        unmet = [key for key in (b"a", b"b", b"c") if self.keys.is_due(key)]
        if not unmet:
            expected = sum(item_size(k, len(v), expires=end is not None) for k, (v, end) in self.naive.items())
            assert self.shared.memory.used == expected
            assert len(self.keys) == len(self.naive)

    @invariant()
    def hits_and_misses_are_counted_once(self) -> None:
        assert (self.shared.hits, self.shared.misses) == (self.hits, self.misses)


TestKeyspace = Machine.TestCase
TestKeyspace.settings = settings(deadline=None, derandomize=True, max_examples=40, stateful_step_count=40)
