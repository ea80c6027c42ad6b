"""The sweep: keys that are past their time end though nobody asks for them; no other key is touched."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine
from kit.cache.redis.sweep import SAMPLE_KEYS, SAMPLES_A_STEP, Sweep


def filled(ends: list[tuple[int, int | None]]) -> tuple[Engine, ManualClock]:
    """An engine with a key for each (database, milliseconds to live)."""
    clock = ManualClock(1_000_000)
    engine = Engine(clock)
    session = engine.session()
    for number, (db, ttl_ms) in enumerate(ends):
        session.select(db)
        ttl = () if ttl_ms is None else (b"PX", b"%d" % ttl_ms)
        engine.execute(session, (b"SET", b"k%d" % number, b"v", *ttl))
    return engine, clock


@given(st.lists(st.tuples(st.integers(0, 15), st.none() | st.integers(1, 20)), max_size=60))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_a_round_ends_what_is_due_and_nothing_else(ends: list[tuple[int, int | None]]) -> None:
    engine, clock = filled(ends)
    clock.advance(10_001)
    sweep = Sweep(engine)
    ended = [effect for _ in range(17) for effect in sweep.step()]
    due = sorted(b"k%d" % number for number, (_, ttl) in enumerate(ends) if ttl is not None and ttl < 10)
    assert sorted(effect.key for effect in ended) == due
    assert {effect.kind for effect in ended} <= {"expired"}
    assert sum(len(keys) for keys in engine.databases) == len(ends) - len(due)
    assert engine.shared.expired == len(due)


def test_a_step_stays_small_while_many_are_due_and_the_memory_comes_back() -> None:
    engine, clock = filled([(0, 1)] * 12_000)
    clock.advance(10_000)
    sweep = Sweep(engine)
    steps = [len(sweep.step()) for _ in range(4)]
    assert steps == [SAMPLE_KEYS * SAMPLES_A_STEP, SAMPLE_KEYS * SAMPLES_A_STEP, 2_000, 0]
    assert engine.memory.used == 0


def test_a_swept_key_is_told_to_its_watchers_and_a_later_command_has_its_own_effects_alone() -> None:
    engine, clock = filled([(0, 1), (0, None)])
    session = engine.session()
    engine.execute(session, (b"WATCH", b"k0"))
    clock.advance(5_000)
    Sweep(engine).step()
    assert [effect.kind for effect in engine.execute(engine.session(), (b"GET", b"k1")).effects] == ["hit"]
    engine.execute(session, (b"MULTI",))
    assert engine.execute(session, (b"EXEC",)).reply is None


def test_a_key_that_came_back_after_the_round_began_is_left_alone() -> None:
    engine, clock = filled([(0, 1), *[(0, 1_000)] * SAMPLE_KEYS])
    sweep = Sweep(engine)
    sweep.step()
    clock.advance(5_000)
    engine.execute(engine.session(), (b"SET", b"k0", b"again"))
    assert all(effect.key != b"k0" for _ in range(4) for effect in sweep.step())
    assert engine.execute(engine.session(), (b"GET", b"k0")).reply == b"again"
