"""One contract, run by every implementation of Cache and CasCache; here redis-py over a real Valkey."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from kit.strategies.adapters.redis import RedisCache
from kit.strategies.protocols import CacheError, CasCache


@pytest.fixture
def client(valkey: object) -> Iterator[redis.Redis]:
    with redis.Redis(host=valkey.host, port=valkey.port) as client:  # type: ignore[attr-defined]
        client.flushall()
        yield client


@pytest.fixture
def cache(client: redis.Redis) -> CasCache:
    return RedisCache(client)


def test_a_missing_key_is_none_and_an_empty_value_is_a_value(cache: CasCache) -> None:
    assert cache.get("k") is None
    cache.set("k", b"")
    assert cache.get("k") == b""


def test_set_stores_any_bytes_whatever_was_there(cache: CasCache) -> None:
    every_byte = bytes(range(256))
    cache.set("k", b"old")
    cache.set("k", every_byte)
    assert cache.get("k") == every_byte


def test_add_stores_only_where_nothing_is(cache: CasCache) -> None:
    assert cache.add("k", b"first")
    assert not cache.add("k", b"second")
    assert cache.get("k") == b"first"


def test_delete_says_whether_there_was_anything(cache: CasCache) -> None:
    cache.set("k", b"v")
    assert cache.delete("k")
    assert not cache.delete("k")
    assert cache.get("k") is None


def test_cas_stores_while_the_entry_is_the_one_that_was_read(cache: CasCache) -> None:
    cache.add("k", b"mark")
    value, token = cache.gets("k") or (b"", None)
    assert value == b"mark"
    assert cache.cas("k", b"new", token)
    assert cache.get("k") == b"new"


def test_cas_refuses_an_entry_that_changed_and_leaves_it(cache: CasCache) -> None:
    cache.set("k", b"v1")
    _, token = cache.gets("k") or (b"", None)
    cache.set("k", b"v2")
    assert not cache.cas("k", b"late", token)
    assert cache.get("k") == b"v2"


def test_cas_refuses_an_entry_that_is_gone_and_does_not_create_it(cache: CasCache) -> None:
    cache.set("k", b"v1")
    _, token = cache.gets("k") or (b"", None)
    cache.delete("k")
    assert not cache.cas("k", b"late", token)
    assert cache.gets("k") is None


@pytest.mark.parametrize(("ttl", "least", "most"), [(60, 59_000, 60_000), (1.5, 500, 1_500), (None, -1, -1)])
def test_every_way_to_store_gives_the_entry_its_end(
    cache: CasCache, client: redis.Redis, ttl: float | None, least: int, most: int
) -> None:
    cache.set("set", b"v", ttl=ttl)
    cache.add("add", b"v", ttl=ttl)
    cache.set("cas", b"v", ttl=1000)
    cache.cas("cas", b"w", b"v", ttl=ttl)
    assert all(least <= client.pttl(key) <= most for key in ("set", "add", "cas"))


def test_a_plain_set_takes_the_end_away(cache: CasCache, client: redis.Redis) -> None:
    cache.set("k", b"v", ttl=60)
    cache.set("k", b"v")
    assert client.pttl("k") == -1


@pytest.mark.parametrize("ttl", [0, -1, -0.5])
def test_a_ttl_that_is_no_time_is_refused_before_anything_is_sent(cache: CasCache, ttl: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        cache.set("k", b"v", ttl=ttl)
    assert cache.get("k") is None


def test_the_refusal_of_a_server_is_a_cache_error_with_its_cause(cache: CasCache, client: redis.Redis) -> None:
    client.sadd("k", "member")
    with pytest.raises(CacheError, match="GET k failed: WRONGTYPE") as caught:
        cache.get("k")
    assert isinstance(caught.value.__cause__, redis.ResponseError)


def test_a_server_that_is_not_there_is_a_cache_error() -> None:
    with redis.Redis(host="127.0.0.1", port=1, retry=None) as client, pytest.raises(CacheError):
        RedisCache(client).get("k")


def test_a_client_that_decodes_its_replies_is_refused() -> None:
    with redis.Redis(decode_responses=True) as client, pytest.raises(ValueError, match="leave decode_responses out"):
        RedisCache(client)
