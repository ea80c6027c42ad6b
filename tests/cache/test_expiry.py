"""Ends of keys, and what the world asks about them."""

from __future__ import annotations

import pytest
from conversation import START_US, Conversation

from kit.cache.effects import Effect, digest


def test_a_key_lives_through_its_last_millisecond() -> None:
    talk = Conversation()
    talk.ask("SET k v PX 10")
    talk.clock.advance(10_999)
    assert talk.ask("PTTL k") == 0
    assert talk.ask("GET k") == b"v"
    talk.clock.advance(1)
    assert talk.ask("GET k") is None


def test_the_next_expiry_is_the_first_moment_at_which_the_key_is_gone() -> None:
    talk = Conversation()
    assert talk.engine.next_expiry_us() is None
    talk.clock.advance(123)
    talk.ask("SET late v EX 30")
    talk.ask("SET soon v EX 10")
    at = talk.engine.next_expiry_us()
    assert at is not None
    talk.clock.set(at - 1)
    assert talk.ask("EXISTS soon") == 1
    talk.clock.set(at)
    assert talk.ask("EXISTS soon") == 0
    assert talk.engine.next_expiry_us() == START_US + 30_001_000


def test_volatile_keys_are_live_and_sorted() -> None:
    talk = Conversation()
    for line in ("SET b v EX 10", "SET a v EX 10", "SET c v", "SET d v PX 5", "SET e v EX 10", "PERSIST e"):
        talk.ask(line)
    talk.clock.advance(6_000)
    assert talk.engine.volatile() == [b"a", b"b"]


def test_a_key_ends_now_when_the_world_says_so() -> None:
    talk = Conversation()
    talk.ask("SET k value EX 30")
    assert talk.engine.expire_now(b"k") == Effect("expired", b"k", 5, 30_000, digest(b"value"))
    assert talk.effects("GET k") == [("miss", b"k")]
    assert talk.engine.volatile() == []


def test_a_key_without_an_end_cannot_end_now() -> None:
    talk = Conversation()
    talk.ask("SET k v")
    talk.ask("SET l v EX 5")
    with pytest.raises(KeyError, match=r"k.*has no expiry.*l"):
        talk.engine.expire_now(b"k")


@pytest.mark.parametrize("ttl_ms", [1, 499, 500, 1_499, 1_500, 59_999])
def test_seconds_left_are_rounded_to_the_nearest(ttl_ms: int) -> None:
    talk = Conversation()
    talk.ask(f"SET k v PX {ttl_ms}")
    assert talk.ask("TTL k") == (ttl_ms + 500) // 1_000
    assert talk.ask("PTTL k") == ttl_ms
    assert talk.ask("PEXPIRETIME k") == START_US // 1_000 + ttl_ms


def test_an_overwritten_key_loses_its_end_and_a_counter_keeps_it() -> None:
    talk = Conversation()
    talk.ask("SET k 1 EX 10")
    talk.ask("INCR k")
    assert talk.ask("TTL k") == 10
    talk.ask("SET k 1 KEEPTTL")
    assert talk.ask("TTL k") == 10
    talk.ask("SET k 1")
    assert talk.ask("TTL k") == -1


def test_a_reset_engine_is_as_new() -> None:
    talk = Conversation(maxmemory=1_000)
    for line in ("SET k v EX 10", "CONFIG SET maxmemory 5", "GET k", "SELECT 3", "SET k v"):
        talk.ask(line)
    talk.engine.reset()
    talk.session().reset()
    assert talk.engine.volatile() == []
    assert talk.engine.memory.used == 0
    assert talk.ask("DBSIZE") == 0
    assert talk.ask("CONFIG GET maxmemory") == {b"maxmemory": b"1000"}
    assert b"keyspace_hits:0\r\n" in talk.ask("INFO stats")
