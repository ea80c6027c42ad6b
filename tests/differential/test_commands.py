"""More than ten thousand generated commands beside a real Valkey: every reply must be the same, error text included."""

from __future__ import annotations

from collections.abc import Sequence

import counted
import pytest
from compared import Mismatch, compare
from played import Played
from program import program

from kit.cache.redis.engine import Engine, Outcome
from kit.cache.redis.reply import ErrorReply, SetReply, Status
from kit.cache.redis.session import Session

pytestmark = pytest.mark.real("valkey")
AT_LEAST = 20


def test_every_reply_is_the_real_servers(played: list[Played]) -> None:
    compare(played)


def test_the_run_is_long_and_reaches_every_command_option_and_error_text(played: list[Played]) -> None:
    seen = counted.count(played)
    rare = {name: seen[name] for name in counted.wanted() if seen[name] < AT_LEAST}
    assert len([one for one in played if one.step.args]) >= 10_000
    assert not rare, f"met fewer than {AT_LEAST} times: {rare}"


def test_the_same_seed_is_the_same_program() -> None:
    assert program(3, 1) == program(3, 1)
    assert program(3, 1) != program(4, 1)


@pytest.mark.parametrize("name", counted.COMMANDS)
def test_one_planted_wrong_reply_is_seen(name: str, played: list[Played]) -> None:
    """The comparison is worth something only if a lie of each single command comes out."""
    planted: list[Sequence[bytes]] = []

    def lie(engine: Engine, session: Session, args: Sequence[bytes]) -> Outcome:
        outcome = engine.execute(session, args)
        row = engine.lookup(args)
        if row is None or row.name != name or outcome.reply == "QUEUED" or planted:
            return outcome
        planted.append(args)
        return Outcome(wrong(outcome.reply))

    with pytest.raises(Mismatch):
        compare(played, lie)
    assert planted


def test_a_nil_of_the_wrong_kind_is_seen(played: list[Played]) -> None:
    """RESP2 has two of them, which every client reads alike."""

    def lie(engine: Engine, session: Session, args: Sequence[bytes]) -> Outcome:
        return Outcome(engine.execute(session, args).reply)

    with pytest.raises(Mismatch, match=r"EXEC(.|\n)*a real server answers b'\*-1"):
        compare(played, lie)


def wrong(reply: object) -> object:
    """Another reply of the same shape."""
    match reply:
        case None:
            return b"planted"
        case Status() | ErrorReply():
            return type(reply)(f"{reply}, planted")
        case bytes():
            return reply + b"planted"
        case int():
            return reply - 10**12
        case dict():
            return {**reply, b"planted": b"1"}
        case SetReply():
            return SetReply([*reply, b"planted"])
        case list():
            return [wrong(reply[0]), *reply[1:]] if reply else [b"planted"]
    raise AssertionError(f"no wrong reply is known for {reply!r}")
