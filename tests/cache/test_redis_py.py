"""Unmodified redis-py over the engine, in both protocols: what a learner writes at work runs here."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
import redis
from transport import connected

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine

DAY = 1_362_700_800_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(DAY)


@pytest.fixture(params=[2, 3], ids=["resp2", "resp3"])
def cache(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[redis.Redis]:
    with connected(Engine(clock), protocol=request.param) as client:
        yield client


def test_strings_and_their_lives(cache: redis.Redis, clock: ManualClock) -> None:
    assert cache.set("board:JFK", "[]", ex=30)
    assert cache.get("board:JFK") == b"[]"
    assert cache.ttl("board:JFK") == 30
    assert cache.set("board:JFK", "no", nx=True) is None
    assert cache.set("board:JFK", "new", xx=True, keepttl=True, get=True) == b"[]"
    clock.advance(30_001_000)
    assert cache.get("board:JFK") is None
    assert cache.mset({"a": "1", "b": "2"})
    assert cache.mget("a", "b", "c") == [b"1", b"2", None]
    assert cache.incr("a") == 2
    assert cache.incrbyfloat("b", 0.5) == 2.5
    assert cache.getdel("a") == b"2"
    assert cache.delete("a", "b") == 1
    assert cache.exists("b") == 0


def test_set_if_equal_and_delete_if_equal(cache: redis.Redis) -> None:
    cache.set("k", "token")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # redis-py calls the option experimental
        assert cache.set("k", "rows", ifeq="other") is None
        assert cache.set("k", "rows", ifeq="token", ex=60)
        assert cache.set("missing", "rows", ifeq="token") is None
    assert cache.execute_command("DELIFEQ", "k", "other") == 0
    assert cache.execute_command("DELIFEQ", "k", "rows") == 1


def test_hashes_and_sets(cache: redis.Redis) -> None:
    assert cache.hset("flight:2", mapping={"delay": "39", "origin": "JFK"}) == 2
    assert cache.hget("flight:2", "delay") == b"39"
    assert cache.hgetall("flight:2") == {b"delay": b"39", b"origin": b"JFK"}
    assert cache.hdel("flight:2", "delay", "origin") == 2
    assert cache.type("flight:2") == b"none"
    assert cache.sadd("late", "2", "4") == 2
    assert cache.smembers("late") == {b"2", b"4"}
    assert cache.srem("late", "2") == 1


def test_a_pipeline_and_a_transaction(cache: redis.Redis) -> None:
    with cache.pipeline(transaction=False) as pipe:
        assert pipe.set("a", 1).incr("a").get("a").execute() == [True, 2, b"2"]
    with cache.pipeline() as pipe:
        pipe.set("a", "x").incr("a")
        with pytest.raises(redis.ResponseError, match="value is not an integer or out of range"):
            pipe.execute()
    assert cache.get("a") == b"x"


def test_a_watched_key_that_another_client_changes(cache: redis.Redis) -> None:
    cache.set("k", "1")
    with cache.pipeline() as pipe:
        pipe.watch("k")
        assert pipe.get("k") == b"1"
        cache.set("k", "2")
        pipe.multi()
        pipe.set("k", "3")
        with pytest.raises(redis.WatchError):
            pipe.execute()
    assert cache.get("k") == b"2"


def test_the_lock(cache: redis.Redis, clock: ManualClock) -> None:
    lock = cache.lock("lock", timeout=5)
    assert lock.acquire(blocking=False)
    assert not cache.lock("lock", timeout=5).acquire(blocking=False)
    assert lock.extend(10)
    assert cache.pttl("lock") == 15_000
    assert lock.reacquire()
    assert cache.pttl("lock") == 5_000
    lock.release()
    assert cache.exists("lock") == 0
    assert lock.acquire(blocking=False)
    clock.advance(5_001_000)
    with pytest.raises(redis.exceptions.LockNotOwnedError):
        lock.release()


def test_other_scripts_are_refused_as_by_a_server_without_them(cache: redis.Redis) -> None:
    with pytest.raises(redis.ResponseError, match="Could not find scripting engine 'lua'"):
        cache.eval("return 1", 0)
    with pytest.raises(redis.ResponseError, match="Could not find scripting engine 'lua'"):
        cache.register_script("return 2")()


def test_what_is_not_there_is_an_unknown_command(cache: redis.Redis) -> None:
    with pytest.raises(redis.ResponseError, match="unknown command 'LPUSH', with args beginning with: 'l' '1' "):
        cache.lpush("l", 1)


def test_the_servers_own_figures(cache: redis.Redis) -> None:
    cache.set("k", "v")
    cache.get("k")
    cache.get("none")
    stats = cache.info("stats")
    assert (stats["keyspace_hits"], stats["keyspace_misses"]) == (1, 1)
    assert cache.info()["db0"] == {"keys": 1, "expires": 0, "avg_ttl": 0}
    assert cache.config_get("maxmemory") == {"maxmemory": "0"}
    assert cache.command_count() == len(cache.command())
    assert cache.dbsize() == 1
    assert cache.flushall()
    assert cache.ping()


def test_a_full_cache_refuses_to_store_and_obeys_a_delete(cache: redis.Redis) -> None:
    cache.set("big", "v" * 1_000)
    cache.config_set("maxmemory", "1kb")
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        cache.set("k", "v")
    assert cache.get("big") is not None
    assert cache.delete("big") == 1
    assert cache.set("k", "v")


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_login_by_the_client(clock: ManualClock, protocol: int) -> None:
    engine = Engine(clock, password=b"a long secret")
    with connected(engine, protocol=protocol, password="a long secret", client_name="web") as client:
        assert client.set("k", "v")
        assert client.client_getname() in ("web", b"web")
    with (
        connected(engine, protocol=protocol, password="wrong") as client,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        client.get("k")


def test_another_database_is_another_keyspace(clock: ManualClock) -> None:
    engine = Engine(clock)
    with connected(engine, db=1) as one, connected(engine) as zero:
        one.set("k", "v")
        assert zero.get("k") is None
        assert one.get("k") == b"v"
