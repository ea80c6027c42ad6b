"""The sweep of memcached mode: room for new items, and nothing else changes."""

from __future__ import annotations

from kit.cache.clock import ManualClock
from kit.cache.memcached.engine import Engine, Request
from kit.cache.memcached.sweep import Sweep

ITEM = 160
"""Bytes of an item as `store` makes it."""


def store(engine: Engine, count: int, seconds: int) -> None:
    session = engine.session()
    for number in range(count):
        request = Request.of(b"set k%03d 0 %d 97" % (number, seconds), b"x" * 97)
        assert engine.execute(session, request).reply == "STORED"


def test_an_engine_with_room_is_left_alone_and_counts_ended_items_as_the_real_one_does() -> None:
    clock = ManualClock()
    engine = Engine(clock, maxmemory=100 * ITEM)
    store(engine, 49, 1)
    clock.advance(2_000_000)
    assert Sweep(engine).step() == []
    assert len(engine.items.held) == 49


def test_what_has_expired_goes_what_lives_stays_and_no_statistic_moves() -> None:
    clock = ManualClock()
    engine = Engine(clock, maxmemory=100 * ITEM)
    store(engine, 90, 60)
    store(engine, 60, 1)
    clock.advance(2_000_000)
    ended = Sweep(engine).step()
    assert sorted(effect.key for effect in ended) == [b"k%03d" % number for number in range(60)]
    assert {effect.kind for effect in ended} == {"expired"}
    assert (len(engine.items.held), engine.memory.used) == (30, 30 * ITEM)
    assert (engine.items.expired, engine.items.flushed, engine.counters.cmd_get) == (0, 0, 0)


def test_what_was_flushed_goes_without_being_told_twice() -> None:
    clock = ManualClock(1_000_000_000)
    engine = Engine(clock, maxmemory=50 * ITEM)
    store(engine, 50, 0)
    assert len(engine.execute(engine.session(), Request.of(b"flush_all")).effects) == 50
    assert Sweep(engine).step() == []
    assert engine.memory.used == 0


def test_without_a_limit_it_always_looks() -> None:
    clock = ManualClock()
    engine = Engine(clock, maxmemory=0)
    store(engine, 3, 1)
    clock.advance(2_000_000)
    assert len(Sweep(engine).step()) == 3


def test_a_step_is_short_and_the_steps_meet_every_item() -> None:
    clock = ManualClock()
    engine = Engine(clock, maxmemory=0)
    session = engine.session()
    for number in range(12_000):
        engine.execute(session, Request.of(b"set k%d 0 %d 1" % (number, 1 if number % 2 else 0), b"x"))
    clock.advance(2_000_000)
    sweep = Sweep(engine)
    steps = [len(sweep.step()) for _ in range(4)]
    assert max(steps) <= 2_500
    assert sum(steps) == 6_000
