"""Replies on the wire: one value, two spellings, read back the same however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.redis.reply import OK, ErrorReply, SetReply, Status, Verbatim
from kit.wire.resp import NEED_DATA, ProtocolError, ReplyEvent, ReplyParser, encode

SPELLINGS = [
    (None, b"$-1\r\n", b"_\r\n"),
    (OK, b"+OK\r\n", b"+OK\r\n"),
    (ErrorReply("ERR no"), b"-ERR no\r\n", b"-ERR no\r\n"),
    (b"a\r\nb", b"$4\r\na\r\nb\r\n", b"$4\r\na\r\nb\r\n"),
    (7, b":7\r\n", b":7\r\n"),
    (True, b":1\r\n", b"#t\r\n"),
    (1.5, b"$3\r\n1.5\r\n", b",1.5\r\n"),
    (float("inf"), b"$3\r\ninf\r\n", b",inf\r\n"),
    ([1, b"x", None], b"*3\r\n:1\r\n$1\r\nx\r\n$-1\r\n", b"*3\r\n:1\r\n$1\r\nx\r\n_\r\n"),
    ({b"f": b"v"}, b"*2\r\n$1\r\nf\r\n$1\r\nv\r\n", b"%1\r\n$1\r\nf\r\n$1\r\nv\r\n"),
    (SetReply([b"m"]), b"*1\r\n$1\r\nm\r\n", b"~1\r\n$1\r\nm\r\n"),
    (Verbatim(b"# Stats"), b"$7\r\n# Stats\r\n", b"=11\r\ntxt:# Stats\r\n"),
]

scalars = st.none() | st.binary(max_size=12) | st.integers(-(2**63), 2**63 - 1) | st.booleans()
texts = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=8)
replies = st.recursive(
    scalars | texts.map(Status) | texts.map(ErrorReply) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(SetReply)
        | st.dictionaries(st.binary(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("reply", "resp2", "resp3"), SPELLINGS)
def test_a_value_has_one_spelling_in_each_protocol(reply: object, resp2: bytes, resp3: bytes) -> None:
    assert encode(reply, 2) == resp2
    assert encode(reply, 3) == resp3


def test_an_exec_that_did_not_run_is_a_null_array_in_resp2() -> None:
    assert encode(None, 2, null_array=True) == b"*-1\r\n"
    assert encode(None, 3, null_array=True) == b"_\r\n"


@given(replies, st.integers(0))
@settings(deadline=None, derandomize=True)
def test_resp3_is_read_back_as_it_was_whatever_the_cut(reply: object, cut: int) -> None:
    data = encode(reply, 3)
    parser = ReplyParser()
    parser.receive_data(data[: cut % len(data)])
    assert parser.next_event() == NEED_DATA
    parser.receive_data(data[cut % len(data) :])
    event = parser.next_event()
    assert event == ReplyEvent(reply)
    assert isinstance(event, ReplyEvent)
    assert same_types(event.reply, reply)
    assert parser.next_event() == NEED_DATA


def same_types(one: object, other: object) -> bool:
    """Equality alone takes True for 1 and a status for its text."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same_types(one[key], other[key]) for key in other)
    if isinstance(one, list) and isinstance(other, list):
        return type(one) is type(other) and all(map(same_types, one, other))
    return type(one) is type(other)


@pytest.mark.parametrize(("reply", "resp2", "resp3"), SPELLINGS)
def test_a_reply_cut_at_every_byte_is_one_reply(reply: object, resp2: bytes, resp3: bytes) -> None:
    for data in (resp2, resp3):
        parser = ReplyParser()
        for at in range(len(data)):
            assert parser.next_event() == NEED_DATA
            parser.receive_data(data[at : at + 1])
        assert isinstance(parser.next_event(), ReplyEvent)


def test_a_push_is_marked() -> None:
    parser = ReplyParser()
    parser.receive_data(b">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n:1\r\n")
    assert parser.next_event() == ReplyEvent([b"invalidate", [b"k"]], push=True)
    assert parser.next_event() == ReplyEvent(1)


@pytest.mark.parametrize(("data", "came"), [(b"?1\r\n", "?"), (b"$x\r\n", "x"), (b"*1\r\n?\r\n", "?")])
def test_what_is_no_reply_is_an_error_that_says_what_came(data: bytes, came: str) -> None:
    parser = ReplyParser()
    parser.receive_data(data)
    error = parser.next_event()
    assert isinstance(error, ProtocolError)
    assert came in error.text
    assert parser.next_event() == error


def test_only_replies_are_encoded() -> None:
    with pytest.raises(TypeError, match="object is no reply"):
        encode(object(), 3)
