"""Commands on the wire: what any cut of the input gives, and where the limits are."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.wire.resp import NEED_DATA, Command, CommandParser, NeedData, ProtocolError, encode_command

Event = Command | NeedData | ProtocolError

STREAMS = [
    b"*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n",
    b'PING\r\nSET k "a b"\n\r\n  GET   k  \r\n*0\r\n*-1\r\n*1\r\n$0\r\n\r\n',
    b"ECHO 'it\\'s'\r\n*2\r\n$3\r\nGET\r\n$2\r\n\xff\x00\r\nECHO \"\\x41\\n\"\r\n",
    b"PING\r\n*1\r\n$-1\r\n*1\r\n$4\r\nPING\r\n",
    b'*1\r\n$4\r\nPING\r\nGET "k\r\nPING\r\n',
    b"*2\r\n$4\r\nECHO\r\n+1\r\n",
    b"*1\rxPING\r\n",
    b"*1\r\n$4\r\nPINGxx",
    b"PI\x00NG\r\nPING\r\n",
    b"*x\r\nPING\r\n",
]
RUBBISH = [
    b"*1\r\n", b"$4\r\n", b"PING\r\n", b"\r", b"\n", b'"', b"'", b"\\", b"\0", b"\xff", b"*", b"$", b"-1", b" ",
    b"ECHO ", b"$0\r\n\r\n", b"*0\r\n",
]  # fmt: skip


def events(pieces: Iterable[bytes], *, authenticated: bool = True) -> list[Event]:
    """All events but "not yet", and the error once."""
    parser = CommandParser(authenticated=authenticated)
    seen: list[Event] = []
    for piece in pieces:
        parser.receive_data(piece)
        while (event := parser.next_event()) != NEED_DATA:
            if isinstance(event, ProtocolError):
                return [*seen, event]
            seen.append(event)
    return seen


@pytest.mark.parametrize("stream", STREAMS)
def test_a_cut_at_every_byte_gives_the_same_events(stream: bytes) -> None:
    whole = events([stream])
    for cut in range(len(stream) + 1):
        assert events([stream[:cut], stream[cut:]]) == whole
    assert events(stream[at : at + 1] for at in range(len(stream))) == whole


@given(st.lists(st.lists(st.binary(max_size=20), min_size=1, max_size=5), max_size=5), st.data())
@settings(deadline=None, derandomize=True)
def test_what_a_client_encodes_is_read_back_however_it_is_cut(commands: list[list[bytes]], data: st.DataObject) -> None:
    stream = b"".join(encode_command(args) for args in commands)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert events(pieces) == [Command(tuple(args)) for args in commands]


@given(st.lists(st.sampled_from(RUBBISH), max_size=12))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_no_rubbish_makes_a_cut_matter(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    assert events(pieces) == events([stream]) == events(stream[at : at + 1] for at in range(len(stream)))


def test_not_yet_is_a_value_and_leaves_the_parser_busy() -> None:
    parser = CommandParser()
    assert parser.next_event() == NEED_DATA
    assert parser.idle
    parser.receive_data(b"*1\r\n$4\r\nPI")
    assert parser.next_event() == NEED_DATA
    assert not parser.idle
    parser.receive_data(b"NG\r\n")
    assert parser.next_event() == Command((b"PING",))
    assert parser.idle


def test_after_an_error_nothing_more_is_read() -> None:
    parser = CommandParser()
    parser.receive_data(b"*x\r\nPING\r\n")
    error = ProtocolError("ERR Protocol error: invalid multibulk length")
    assert [parser.next_event(), parser.next_event()] == [error, error]
    parser.receive_data(b"PING\r\n")
    assert parser.next_event() == error
    assert not parser.idle


def test_512_mib_is_a_legal_length_and_one_more_is_not() -> None:
    assert events([b"*1\r\n$536870912\r\n"]) == []
    assert events([b"*1\r\n$536870913\r\n"]) == [ProtocolError("ERR Protocol error: invalid bulk length")]


def test_before_a_login_the_limits_are_smaller() -> None:
    assert events([b"*10\r\n$16384\r\n"], authenticated=False) == []
    assert events([b"*11\r\n"], authenticated=False) == [
        ProtocolError("ERR Protocol error: unauthenticated multibulk length")
    ]
    assert events([b"*1\r\n$16385\r\n"], authenticated=False) == [
        ProtocolError("ERR Protocol error: unauthenticated bulk length")
    ]
    assert events([b"*11\r\n$16385\r\n"]) == []


@pytest.mark.parametrize(
    ("start", "text"),
    [(b"", "too big inline request"), (b"*", "too big mbulk count string"), (b"*1\r\n$", "too big bulk count string")],
)
def test_a_line_without_end_is_refused_at_64_kib(start: bytes, text: str) -> None:
    line = start.rpartition(b"\n")[2]
    fits = start + b"1" * (65_536 - len(line))
    assert events([fits]) == []
    assert events([fits, b"1"]) == [ProtocolError(f"ERR Protocol error: {text}")]
    assert events([fits + b"1\r\n"]) == events([fits, b"1", b"\r\n"])


def test_an_answer_to_too_many_arguments() -> None:
    assert events([b"*2147483647\r\n"]) == []
    assert events([b"*2147483648\r\n"]) == [ProtocolError("ERR Protocol error: invalid multibulk length")]
