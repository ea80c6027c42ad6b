"""Memcached's text protocol: what any cut of the input gives, what is thrown away, and what closes the connection."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.memcached.reply import ErrorReply, Meta, Stats, Status, Values
from kit.cache.memcached.request import Request
from kit.wire.memcache_text import CLOSE, NEED_DATA, Close, RequestParser, encode, encode_request

Event = Request | Close

STREAMS = [
    b"get a\r\nset b 0 0 4\r\na\r\nb\r\ngets a  b\r\n",
    b"  get a\nGET a\r\n\r\n\n \r\nget a\x00b\r\nget a\r\r\n",
    b"set a 0 0 3 noreply\r\n\r\n\r\n\r\nadd b 1 -1 0\r\n\r\ncas c 0 0 1 5\r\nx\r\nquit\r\n",
    b"set a 0 0 5\r\nabc\r\nget a\r\nset a 0 0 2\r\nabcdef\r\nget b\r\n",
    b"set a 0 0 x\r\nget a\r\nset a 0 0\r\nget b\r\nset a 0 0 -1\r\nmn\r\n",
    b"ms a 2 T0 c\r\nab\r\nms a x\r\nms a 3 T\r\nget\r\nms a 3 MX\r\nbad\r\nms YQ== 1 b\r\nx\r\nms a\r\nmn\r\n",
    b"set a 0 0 1048576\r\n" + b"get b\r\n" * 40 + b"\r\n",
    b"get " + b"k " * 1_100 + b"\r\nversion\r\n",
    b"version\r\ndelete " + b"k" * 2_048 + b"\r\nversion\r\n",
    b" " * 101 + b"get " + b"k " * 1_100 + b"\r\nversion\r\n",
]
RUBBISH = [
    b"get a", b"\r\n", b"\r", b"\n", b" ", b"\0", b"\xff", b"set a 0 0 3", b"set a 0 0 3\r\n", b"abc\r\n", b"abc",
    b"ms a 2 ", b"b", b"MX", b"cas a 0 0 1 1\r\n", b"-1", b"noreply", b"mn\r\n",
]  # fmt: skip


def events(pieces: Iterable[bytes]) -> list[Event]:
    """All events but "not yet", and the end of the connection once."""
    parser = RequestParser()
    seen: list[Event] = []
    for piece in pieces:
        parser.receive_data(piece)
        while (event := parser.next_event()) != NEED_DATA:
            assert not isinstance(event, type(NEED_DATA))
            seen.append(event)
            if event == CLOSE:
                return seen
    return seen


def test_the_streams_hold_every_kind_of_event() -> None:
    seen = [event for stream in STREAMS for event in events([stream])]
    requests = [event for event in seen if isinstance(event, Request)]
    assert CLOSE in seen
    assert any(one.broken for one in requests)
    assert any(one.data for one in requests)
    assert any(one.block is not None and one.block.error for one in requests)
    assert any(one.words == () for one in requests)


@pytest.mark.parametrize("stream", STREAMS)
def test_a_cut_at_every_byte_gives_the_same_events(stream: bytes) -> None:
    whole = events([stream])
    for cut in range(len(stream) + 1):
        assert events([stream[:cut], stream[cut:]]) == whole
    assert events(stream[at : at + 1] for at in range(len(stream))) == whole


@given(st.lists(st.sampled_from(RUBBISH), max_size=12))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_no_rubbish_makes_a_cut_matter(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    assert events(pieces) == events([stream]) == events(stream[at : at + 1] for at in range(len(stream)))


@given(st.lists(st.binary(max_size=20), max_size=5), st.data())
@settings(deadline=None, derandomize=True)
def test_what_a_client_encodes_is_read_back_however_it_is_cut(values: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(encode_request([b"set", b"k", b"0", b"0", b"%d" % len(value)], value) for value in values)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [event.data for event in events(pieces) if isinstance(event, Request)] == values


def test_a_block_that_is_too_large_is_thrown_away_as_it_comes() -> None:
    parser = RequestParser()
    parser.receive_data(b"set a 0 0 536870912\r\n")
    event = parser.next_event()
    assert isinstance(event, Request)
    assert event.block is not None
    assert event.block.error == "SERVER_ERROR object too large for cache"
    for _ in range(64):
        parser.receive_data(bytes(1 << 20))
        assert parser.next_event() == NEED_DATA
        assert len(parser._buffer) - parser._start == 0
    assert not parser.idle


def test_not_yet_is_a_value_and_leaves_the_parser_busy() -> None:
    parser = RequestParser()
    assert parser.next_event() == NEED_DATA
    assert parser.idle
    parser.receive_data(b"set a 0 0 2\r\nx")
    assert parser.next_event() == NEED_DATA
    assert not parser.idle
    parser.receive_data(b"y\r\n")
    assert parser.next_event() == Request.of(b"set a 0 0 2", b"xy")
    assert parser.idle


@pytest.mark.parametrize(
    ("reply", "written"),
    [
        (None, b""),
        (12, b"12\r\n"),
        (Status("STORED"), b"STORED\r\n"),
        (ErrorReply("ERROR"), b"ERROR\r\n"),
        (Values([[b"a", 0, b"x"], [b"b", 7, b"", 3]]), b"VALUE a 0 1\r\nx\r\nVALUE b 7 0 3\r\n\r\nEND\r\n"),
        (Meta(["HD", [b"t-1", b"W"], None]), b"HD t-1 W\r\n"),
        (Meta(["VA", [b"c2"], b"xy"]), b"VA 2 c2\r\nxy\r\n"),
        (Stats({"cmd_get": "1"}), b"STAT cmd_get 1\r\nEND\r\n"),
    ],
)
def test_replies_are_written_as_the_server_writes_them(reply: object, written: bytes) -> None:
    assert encode(reply) == written


def test_what_is_no_reply_is_refused() -> None:
    with pytest.raises(TypeError, match="a float is no reply of memcached mode"):
        encode(1.5)
