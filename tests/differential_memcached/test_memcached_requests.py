"""More than ten thousand generated requests beside a real memcached: every reply must be the same, byte for byte."""

from __future__ import annotations

import mc_counted
import pytest
from mc_compared import Mismatch, compare
from mc_played import END, MARK, Played, Wire
from mc_program import program

from kit.cache.clock import ManualClock
from kit.cache.memcached.engine import Engine, Outcome, Request
from kit.cache.memcached.reply import ErrorReply, Meta, Stats, Status, Values
from kit.cache.memcached.session import Session
from kit.real.memcached import running_memcached
from kit.wire.memcache_text import RequestParser, encode

pytestmark = pytest.mark.real("memcached")
AT_LEAST = 20


def test_every_reply_is_the_real_servers(mc_played: list[Played]) -> None:
    compare(mc_played)


def test_the_run_is_long_and_reaches_every_command_reply_and_refusal(mc_played: list[Played]) -> None:
    seen = mc_counted.count(mc_played)
    rare = {name: seen[name] for name in mc_counted.wanted() if seen[name] < AT_LEAST}
    assert len(mc_played) >= 10_000
    assert not rare, f"met fewer than {AT_LEAST} times: {rare}"


def test_the_same_seed_is_the_same_program() -> None:
    assert program(3, 1) == program(3, 1)
    assert program(3, 1) != program(4, 1)


@pytest.mark.parametrize("name", mc_counted.COMMAND_NAMES)
def test_one_planted_wrong_reply_is_seen(name: str, mc_played: list[Played]) -> None:
    """The comparison is worth something only if a lie of each single command comes out."""
    planted: list[Request] = []

    def lie(engine: Engine, session: Session, request: Request) -> Outcome:
        outcome = engine.execute(session, request)
        if request.words[:1] != (name.encode(),) or planted not in ([], [request]):
            return outcome
        planted[:] = [request]
        if name == "quit":
            session.closing = False
        return Outcome(wrong(outcome.reply))

    with pytest.raises(Mismatch):
        compare(mc_played, lie)
    assert planted


def wrong(reply: object) -> object:
    """Another reply of the same shape."""
    match reply:
        case None:
            return Status("planted")
        case Status() | ErrorReply():
            return type(reply)(f"{reply}, planted")
        case int():
            return reply + 1
        case Values():
            return Values([*reply, [b"planted", 0, b""]])
        case Meta():
            return Meta([reply[0], [*reply[1], b"W"], reply[2]])
        case Stats():
            return Stats({**reply, "cmd_get": "-1"})
    raise AssertionError(f"no wrong reply is known for {reply!r}")


CLASS_1 = 2 * 10_922
"""Items of slab class 1 that a server with room for two pages holds."""
REFUSED_WHEN_FULL = [
    b"set new 0 0 1\r\nx\r\n", b"add new 0 0 1\r\nx\r\n", b"set there 0 0 1\r\nx\r\n", b"cas there 0 0 1 1\r\nx\r\n",
    b"append there 0 0 1\r\nx\r\n", b"set new 0 0 1 noreply\r\nx\r\n", b"ms new 1 q\r\nx\r\n",
    b"ms there 1 MA\r\nx\r\n",
    b"incr nine 1\r\n", b"ma nine\r\n", b"ma nine q\r\n", b"ma new N0\r\n", b"ma new N0 q v\r\n", b"mg new N30 v k\r\n",
    b"mg new N30 q\r\n",
]  # fmt: skip


def test_a_full_server_refuses_in_the_same_words() -> None:
    """Real: two pages, all of class 1 taken; what a case leaves free is taken again. Ours: more than allowed."""
    met = ""
    with running_memcached(["-M", "-m", "2"]) as memcached:
        wire = Wire(memcached.port)
        prepared = b"set there 0 0 1 noreply\r\nx\r\nset nine 0 0 1 noreply\r\n9\r\n"
        wire.ask(prepared + _fill(0, CLASS_1 + 10) + MARK)
        for turn in range(10):
            for number, asked in enumerate(REFUSED_WHEN_FULL):
                again = b"delete there noreply\r\ndelete nine noreply\r\n" + prepared
                wire.ask(again + _fill(CLASS_1 + 100 * turn + 5 * number + 10, 5) + MARK)
                real, _ = wire.ask(asked + b"get there nine\r\n" + MARK)
                ours = _full_answer(prepared, asked) + END
                assert ours == real, asked
                met += real.decode()
        wire.close()
    for name in mc_counted.OF_A_FULL_SERVER:
        assert met.count(mc_counted.ERRORS[name] + "\r\n") >= AT_LEAST, name


def _fill(first: int, count: int) -> bytes:
    return b"".join(b"add f%d 0 0 1 noreply\r\nx\r\n" % number for number in range(first, first + count))


def _full_answer(prepared: bytes, asked: bytes) -> bytes:
    engine = Engine(ManualClock(1_362_700_800_000_000))
    session, parser = engine.session(), RequestParser()

    def answers(data: bytes) -> bytes:
        parser.receive_data(data)
        said = b""
        while isinstance(event := parser.next_event(), Request):
            said += encode(engine.execute(session, event).reply)
        return said

    answers(prepared)
    with engine.memory.overfull():
        said = answers(asked)
    return said + answers(b"get there nine\r\n")
