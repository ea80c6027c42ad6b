"""The memory limit: what is refused, what is obeyed, and that nothing leaks."""

from __future__ import annotations

import pytest
from conversation import Conversation, words

from kit.cache.errors import SettingError
from kit.cache.memory import Memory, item_size
from kit.cache.redis.registry import ROWS

OOM = "OOM command not allowed when used memory > 'maxmemory'."


def full() -> Conversation:
    talk = Conversation(maxmemory=300)
    talk.ask("SET big " + "v" * 400)  # looked at before a command runs: one may go past the limit
    return talk


@pytest.mark.parametrize(
    "line",
    ["SET k v", "SET big v", "SETEX k 5 v", "PSETEX k 5 v", "SETNX k v", "GETSET k v", "INCR k", "DECR k", "INCRBY k 1",
     "DECRBY k 1", "INCRBYFLOAT k 1", "MSET k v", "HSET h f v", "SADD s m"],
)  # fmt: skip
def test_a_full_cache_refuses_what_needs_memory(line: str) -> None:
    talk = full()
    assert talk.ask(line) == OOM
    assert talk.effects(line) == []
    assert ROWS[words(line)[0].lower()].deny_oom


@pytest.mark.parametrize(
    "line",
    ["GET big", "DEL big", "UNLINK big", "GETDEL big", "EXPIRE big 5", "DELIFEQ big x", "FLUSHALL", "GETEX big EX 5"],
)
def test_a_full_cache_obeys_the_rest(line: str) -> None:
    assert full().ask(line) != OOM


def test_after_a_delete_there_is_room_again() -> None:
    talk = full()
    assert talk.ask("DEL big") == 1
    assert talk.ask("SET k v") == "OK"


def test_a_full_cache_fails_the_transaction() -> None:
    talk = full()
    talk.ask("MULTI")
    assert talk.ask("SET k v") == OOM
    assert talk.ask("EXEC").startswith("EXECABORT ")
    talk.ask("CONFIG SET maxmemory 0")
    talk.ask("MULTI")
    talk.ask("SET k v")
    talk.ask("CONFIG SET maxmemory 300", "other")
    assert talk.ask("EXEC") == f"EXECABORT Transaction discarded because of: {OOM}"
    assert talk.ask("EXEC") == "ERR EXEC without MULTI"


def test_a_transaction_that_must_fail_already_asks_for_no_memory() -> None:
    talk = full()
    talk.ask("CONFIG SET maxmemory 0")
    for line in ("WATCH k", "MULTI"):
        talk.ask(line)
    talk.ask("SET k 1", "other")
    talk.ask("SET k 2")
    talk.ask("CONFIG SET maxmemory 300", "other")
    assert [args for _, args in talk.session().queue or ()] == [words("SET k 2")]
    assert talk.ask("EXEC") is None


def test_a_million_small_keys_end_at_the_limit() -> None:
    talk = Conversation(maxmemory=100_000)
    stored = 0
    while talk.engine.execute(talk.session(), [b"SET", b"k:%d" % stored, b"v"]).reply == "OK":
        stored += 1
    assert 1_500 < stored < 3_000
    assert talk.engine.memory.used <= 100_000 + item_size(b"k:9999", 1)


def test_a_limit_below_nothing_is_a_wrong_setting() -> None:
    with pytest.raises(SettingError, match="maxmemory is -1; it must be 0"):
        Memory(-1)
