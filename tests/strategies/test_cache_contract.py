"""One contract, run by every implementation of Cache and CasCache: redis-py on a real Valkey, and in a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from kit.strategies.adapters.redis import RedisCache
from kit.strategies.protocols import CacheError, CasCache
from kit.world.actors import LocalActors, Submission
from kit.world.image import Image
from kit.world.script import Script
from kit.world.world import World

Body = Callable[[CasCache, redis.Redis], None]
Play = Callable[[Body], None]


def _on_a_server(server: Any, body: Body) -> None:
    with redis.Redis(host=server.host, port=server.port) as client:
        client.flushall()
        body(RedisCache(client), client)


def _in_a_world(body: Body) -> None:
    problems: list[BaseException] = []

    def contract(cache: redis.Redis, db: object) -> None:
        try:
            body(RedisCache(cache), cache)
        except Exception as error:
            problems.append(error)

    def scene(world: Script) -> None:
        world.call("contract")

    run = World(LocalActors(Submission(functions={"contract": contract})), Image([], [])).run(scene)
    assert run.stuck is None
    if problems:
        raise problems[0]


@pytest.fixture(params=["valkey", "world"])
def play(request: pytest.FixtureRequest) -> Iterator[Play]:
    if request.param == "world":
        yield _in_a_world
    else:
        server = request.getfixturevalue("valkey")
        yield lambda body: _on_a_server(server, body)


def test_a_missing_key_is_none_and_an_empty_value_is_a_value(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        assert cache.get("k") is None
        cache.set("k", b"")
        assert cache.get("k") == b""

    play(body)


def test_set_stores_any_bytes_whatever_was_there(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        every_byte = bytes(range(256))
        cache.set("k", b"old")
        cache.set("k", every_byte)
        assert cache.get("k") == every_byte

    play(body)


def test_add_stores_only_where_nothing_is(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        assert cache.add("k", b"first")
        assert not cache.add("k", b"second")
        assert cache.get("k") == b"first"

    play(body)


def test_delete_says_whether_there_was_anything(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        cache.set("k", b"v")
        assert cache.delete("k")
        assert not cache.delete("k")
        assert cache.get("k") is None

    play(body)


def test_cas_stores_while_the_entry_is_the_one_that_was_read(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        cache.add("k", b"mark")
        value, token = cache.gets("k") or (b"", None)
        assert value == b"mark"
        assert cache.cas("k", b"new", token)
        assert cache.get("k") == b"new"

    play(body)


def test_cas_refuses_an_entry_that_changed_and_leaves_it(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        cache.set("k", b"v1")
        _, token = cache.gets("k") or (b"", None)
        cache.set("k", b"v2")
        assert not cache.cas("k", b"late", token)
        assert cache.get("k") == b"v2"

    play(body)


def test_cas_refuses_an_entry_that_is_gone_and_does_not_create_it(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        cache.set("k", b"v1")
        _, token = cache.gets("k") or (b"", None)
        cache.delete("k")
        assert not cache.cas("k", b"late", token)
        assert cache.gets("k") is None

    play(body)


@pytest.mark.parametrize(("ttl", "least", "most"), [(60, 59_000, 60_000), (1.5, 500, 1_500), (None, -1, -1)])
def test_every_way_to_store_gives_the_entry_its_end(play: Play, ttl: float | None, least: int, most: int) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        cache.set("set", b"v", ttl=ttl)
        cache.add("add", b"v", ttl=ttl)
        cache.set("cas", b"v", ttl=1000)
        cache.cas("cas", b"w", b"v", ttl=ttl)
        assert all(least <= client.pttl(key) <= most for key in ("set", "add", "cas"))

    play(body)


def test_a_plain_set_takes_the_end_away(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        cache.set("k", b"v", ttl=60)
        cache.set("k", b"v")
        assert client.pttl("k") == -1

    play(body)


@pytest.mark.parametrize("ttl", [0, -1, -0.5])
def test_a_ttl_that_is_no_time_is_refused_before_anything_is_sent(play: Play, ttl: float) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        with pytest.raises(ValueError, match="above 0"):
            cache.set("k", b"v", ttl=ttl)
        assert cache.get("k") is None

    play(body)


def test_the_refusal_of_a_server_is_a_cache_error_with_its_cause(play: Play) -> None:
    def body(cache: CasCache, client: redis.Redis) -> None:
        client.sadd("k", "member")
        with pytest.raises(CacheError, match="GET k failed: WRONGTYPE") as caught:
            cache.get("k")
        assert isinstance(caught.value.__cause__, redis.ResponseError)

    play(body)


def test_a_server_that_is_not_there_is_a_cache_error() -> None:
    with redis.Redis(host="127.0.0.1", port=1, retry=None) as client, pytest.raises(CacheError):
        RedisCache(client).get("k")


def test_a_client_that_decodes_its_replies_is_refused() -> None:
    with redis.Redis(decode_responses=True) as client, pytest.raises(ValueError, match="leave decode_responses out"):
        RedisCache(client)
