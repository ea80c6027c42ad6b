"""The table, and what the world is told of a command before it runs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conversation import Conversation, words
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.redis.engine import Description
from kit.cache.redis.registry import PLAIN, ROWS, SUBCOMMANDS
from kit.cache.redis.reply import ErrorReply
from kit.cache.redis.table import Command

ALL = [row for row in ROWS.values() if not row.subcommands] + [
    sub for some in SUBCOMMANDS.values() for sub in some.values()
]
RELEASE = "c3f8721cbb97f72bc19e972846bd7aaf91901658"


@pytest.mark.parametrize(
    ("line", "description"),
    [
        ("get board:JFK", Description("GET", (b"board:JFK",), False, "visible")),
        ("SET k v EX 30", Description("SET", (b"k",), True, "visible")),
        ("MGET a b c", Description("MGET", (b"a", b"b", b"c"), False, "visible")),
        ("MSET a 1 b 2", Description("MSET", (b"a", b"b"), True, "visible")),
        ("DEL a b", Description("DEL", (b"a", b"b"), True, "visible")),
        ("WATCH a b", Description("WATCH", (b"a", b"b"), False, "visible")),
        ("FLUSHALL", Description("FLUSHALL", (), True, "visible")),
        ("PING", Description("PING", (), False, "visible")),
        ("INFO", Description("INFO", (), False, "visible")),
        ("CONFIG GET maxmemory", Description("CONFIG GET", (), False, "visible")),
        ("NOSUCH k", Description("NOSUCH", (), False, "visible")),
        ("GET", Description("GET", (), False, "visible")),
        ("HELLO 3", Description("HELLO", (), False, "setup")),
        ("AUTH x", Description("AUTH", (), False, "setup")),
        ("CLIENT SETINFO LIB-NAME x", Description("CLIENT SETINFO", (), False, "setup")),
        ("CLIENT NOSUCH", Description("CLIENT", (), False, "setup")),
        ("SELECT 1", Description("SELECT", (), False, "setup")),
        ("COMMAND", Description("COMMAND", (), False, "setup")),
        ("SCRIPT LOAD x", Description("SCRIPT LOAD", (), False, "setup")),
        ("MULTI", Description("MULTI", (), False, "queued")),
        ("UNWATCH", Description("UNWATCH", (), False, "queued")),
        ("DISCARD", Description("DISCARD", (), False, "queued")),
        ("EXEC", Description("EXEC", (), False, "visible")),
        (f"EVALSHA {RELEASE} 1 lock token", Description("EVALSHA", (b"lock",), True, "visible")),
        ("EVAL other 1 lock token", Description("EVAL", (b"lock",), False, "visible")),
        ("EVAL other x", Description("EVAL", (), False, "visible")),
    ],
)
def test_a_command_is_described_before_it_runs(line: str, description: Description) -> None:
    talk = Conversation()
    assert talk.engine.describe(talk.session(), words(line)) == description


def test_exec_is_one_operation_on_the_keys_of_its_queue_and_its_watch() -> None:
    talk = Conversation()
    for line in ("WATCH w k", "MULTI", "GET k", "MGET a k"):
        talk.ask(line)
    assert talk.engine.describe(talk.session(), [b"EXEC"]) == Description("EXEC", (b"k", b"a", b"w"), False, "visible")
    talk.ask("DEL b")
    assert talk.engine.describe(talk.session(), [b"EXEC"]) == Description(
        "EXEC", (b"k", b"a", b"b", b"w"), True, "visible"
    )


def test_inside_multi_all_but_exec_is_queued() -> None:
    talk = Conversation()
    talk.ask("MULTI")
    for line in ("SET k v", "NOSUCH", "GET", "WATCH k", "MULTI", "PING", "SELECT 1", "DISCARD"):
        assert talk.engine.describe(talk.session(), words(line)).kind == "queued", line
    assert talk.engine.describe(talk.session(), [b"EXEC"]).kind == "visible"


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.name)
def test_arity_is_told_apart_exactly(row: Command) -> None:
    name = [part.encode() for part in row.name.split("|")]
    for count in range(len(name), 6):
        talk = Conversation()
        reply = talk.engine.execute(talk.session(), [*name, *[b"1"] * (count - len(name))]).reply
        told = f"wrong number of arguments for '{row.name}' command"
        if not row.accepts(count):
            assert isinstance(reply, ErrorReply)
            assert reply.endswith(told)


def test_the_two_usual_spellings_and_any_other_find_the_same_row() -> None:
    for name, row in PLAIN.items():
        assert ROWS[name.lower()] is row
    talk = Conversation()
    assert talk.ask("gEt k") is None


PIECES = (
    b"", b"k", b"1", b"-1", b"0", b"EX", b"PX", b"NX", b"GET", b"IFEQ", b"x", b"\xff\x00", b"9" * 25, b"1.5",
    b"SETNAME", b"AUTH", b"2", b"3", b"ID", b"LOAD", b"maxmemory", b"INFO", b"GETKEYS", b"*", b"inf",
)  # fmt: skip
arguments = st.lists(st.sampled_from(PIECES), max_size=6)


@given(st.lists(st.tuples(st.sampled_from([*ROWS, b"nosuch", b""]), arguments), min_size=1, max_size=12))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_nothing_that_is_sent_makes_the_engine_raise(run: list[tuple[bytes, list[bytes]]]) -> None:
    talk = Conversation()
    for name, rest in run:
        args = [name, *rest]
        described = talk.engine.describe(talk.session(), args)
        assert described.kind in ("setup", "queued", "visible")
        talk.engine.execute(talk.session(), args)


@given(st.sampled_from(list(ROWS)), arguments)
@settings(deadline=None, derandomize=True, max_examples=100)
def test_describing_changes_nothing(name: bytes, rest: Sequence[bytes]) -> None:
    talk = Conversation()
    for line in ("SET k v EX 10", "WATCH k", "MULTI", "GET k"):
        talk.ask(line)
    before = state(talk)
    talk.engine.describe(talk.session(), [name, *rest])
    assert state(talk) == before


def state(talk: Conversation) -> object:
    session, engine = talk.session(), talk.engine
    queue = [(row.name, args) for row, args in session.queue or ()]
    counted = (engine.memory.used, engine.volatile(), engine.commands_processed, list(engine.shared.facts))
    return queue, list(session.watched), session.proto, counted
