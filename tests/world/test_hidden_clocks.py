"""The clocks that redis-py hides: each is there, each is the world's inside an actor and the real one elsewhere."""

from __future__ import annotations

import importlib
import random
import threading
import time
import uuid
from typing import Any

import pytest
from worlds import IMAGE, Script, World, answer, call, play, together, told, words

from kit.cache.clock import WallClock
from kit.world import hidden
from kit.world.actors import LocalActors, Submission
from kit.world.choice import READ_FAULTS, WRITE_FAULTS

# A client of the learner's own, with redis-py's default retries: ten, with a back-off of up to ten seconds.
RETRYING = """
import inspect, redis, time

def client(cache):
    options = dict(cache.connection_pool.connection_kwargs)
    options["retry"] = inspect.signature(redis.Redis.__init__).parameters["retry"].default
    kind = cache.connection_pool.connection_class
    return redis.Redis(connection_pool=redis.ConnectionPool(connection_class=kind, **options))

def go(cache, db):
    before = time.time()
    try:
        client(cache).ping()
        client(cache).set("a", 1)
        seen = "done"
    except redis.RedisError as error:
        seen = type(error).__name__
    return [seen, round(time.time() - before, 1)]

def read(cache, db):
    return client(cache).get("a")

def write(cache, db):
    return client(cache).set("a", 1)
"""


PLACES = [(client, module, name) for client, clocks in hidden.HIDDEN.items() for module, name, _ in clocks]
LIBRARIES = {
    "redis": ("redis.lock", "redis.retry", "redis.client", "redis.backoff"),
    "valkey": ("valkey.lock", "valkey.retry", "valkey.client", "valkey.backoff"),
    "memcached": ("pymemcache.pool", "pymemcache.client.base", "pymemcache.client.hash", "pymemcache.client.retrying"),
}


@pytest.mark.parametrize(("client", "module", "name"), PLACES)
def test_a_hidden_clock_that_moved_is_named(
    client: str, module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    LocalActors(Submission("", client=client))
    monkeypatch.delattr(importlib.import_module(module), name)
    with pytest.raises(RuntimeError, match=rf"{module} has no {name} any more"):
        LocalActors(Submission("", client=client))


@pytest.mark.parametrize("client", LIBRARIES)
def test_every_name_in_which_the_client_sleeps_or_draws_is_rebound(client: str) -> None:
    LocalActors(Submission("", client=client))
    rebound = {(module, name) for module, name, _ in hidden.HIDDEN[client]}
    sleepers = {"time": time, "sleep": time.sleep, "mod_time": time, "random": random, "uuid": uuid}
    for module in LIBRARIES[client]:
        for name, real in sleepers.items():
            there = getattr(importlib.import_module(module), name, None)
            assert there is not real or (module, name) in rebound, f"{module}.{name} is a real clock"


def test_ten_retries_against_a_cache_that_is_away_cost_seconds_of_the_world_only() -> None:
    found = []

    def scene(script: Script) -> None:
        script.fault("unreachable")
        found.append(script.call("go").value)

    clock = WallClock()
    begun = clock.monotonic_s()
    first = play(RETRYING, scene)
    assert clock.monotonic_s() - begun < 20  # nearly all of it the start of a client
    assert first.stuck is None
    seen, seconds = found[0]
    assert seen == "ConnectionError"
    assert seconds > 1
    assert sum(one.endswith(" sleep") for one in words(first.tape)) == 10
    assert play(RETRYING, scene).tape.dumps() == first.tape.dumps()  # the jitter is drawn from the actor's stream


@pytest.mark.parametrize(("function", "kinds"), [("read", READ_FAULTS), ("write", WRITE_FAULTS)])
def test_each_fault_with_default_retries_costs_no_real_time(function: str, kinds: tuple[str, ...]) -> None:
    scene = together(A=call(function))
    at_first = [one.kind for one in play(RETRYING, scene).points[0].alternatives]
    for kind in kinds:
        clock = WallClock()
        begun = clock.monotonic_s()
        run = play(RETRYING, scene, [at_first.index(kind)])
        assert clock.monotonic_s() - begun < 20
        assert run.stuck is None
        ended = told(run.tape, "answer") + told(run.tape, "raised")
        again = kind in ("request_lost", "reply_lost", "unreachable")
        assert [(one.name == "answer") for one in ended] == [again], kind


def test_the_clients_lock_waits_on_the_worlds_clock() -> None:
    source = """
        import redis, time

        def go(cache, db):
            cache.set("lock", "somebody's")
            before = time.time()
            try:
                with cache.lock("lock", timeout=5, blocking_timeout=300, sleep=10):
                    return "in"
            except redis.exceptions.LockError:
                return round(time.time() - before)
    """
    clock = WallClock()
    begun = clock.monotonic_s()
    assert answer(source) == 290
    assert clock.monotonic_s() - begun < 20


def test_the_clients_lock_draws_its_token_from_the_actors_stream() -> None:
    source = """
        def go(cache, db):
            lock = cache.lock("lock", timeout=5)
            lock.acquire()
            return lock.local.token
    """
    token = answer(source)
    assert answer(source) == token
    assert answer(source, seed=1) != token


def test_a_retried_transaction_waits_on_the_worlds_clock() -> None:
    source = """
        import redis, time

        def go(cache, db):
            tries = []

            def body(pipe):
                tries.append(round(time.time()))
                if len(tries) < 3:
                    cache.set("a", len(tries))  # another connection: the watch is broken
                pipe.multi()
                pipe.set("a", "mine")

            cache.transaction(body, "a", watch_delay=60)
            return [one - tries[0] for one in tries]
    """
    assert answer(source) == [0, 60, 120]


def part(name: str) -> Any:
    """A module of the client, with whatever it has."""
    return importlib.import_module(f"redis.{name}")


def test_outside_of_an_actor_the_clocks_are_the_real_ones() -> None:
    LocalActors(Submission("", client="redis"))
    assert abs(part("lock").mod_time.time() - WallClock().now_us() / 1e6) < 5
    assert part("lock").uuid.uuid1() != part("lock").uuid.uuid1()
    clock = WallClock()
    begun = clock.monotonic_s()
    part("retry").sleep(0.01)
    part("client").time.sleep(0.01)
    assert clock.monotonic_s() - begun >= 0.02


def test_another_thread_of_a_notebook_sleeps_by_the_real_clock_while_an_actor_runs() -> None:
    slept: list[float] = []

    def sleep() -> None:
        clock = WallClock()
        begun = clock.monotonic_s()
        part("retry").sleep(0.02)
        slept.append(clock.monotonic_s() - begun)

    def go(cache: object, db: object) -> None:
        thread = threading.Thread(target=sleep)
        thread.start()
        thread.join()

    actors = LocalActors(Submission(client="redis", functions={"go": go}))
    run = World(actors, IMAGE).run(together(A=call("go")))
    assert run.stuck is None
    assert slept[0] >= 0.02


def test_a_second_world_rebinds_over_the_first_ones_names_without_nesting() -> None:
    for _ in range(3):
        LocalActors(Submission("", client="redis"))
    assert part("lock").mod_time._parts[0] is time
    assert part("retry").sleep._kit_real is time.sleep
