"""The client's reading of memcached's replies undoes the server's writing, wherever the bytes are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.memcached.reply import ErrorReply, Meta, Stats, Status, Values
from kit.wire.memcache_replies import NEED_DATA, ReplyParser
from kit.wire.memcache_text import encode

KEYS = st.binary(min_size=1, max_size=9).map(bytes.hex).map(str.encode)
BLOCKS = st.binary(max_size=20) | st.sampled_from([b"END\r\n", b"\r\n", b"VALUE a 0 1\r\nx", b"MN\r\n"])
NUMBERS = st.integers(0, 2**64 - 1)
ITEMS = st.tuples(KEYS, st.integers(0, 2**32 - 1), BLOCKS).map(list)
ITEMS_WITH_CAS = st.tuples(KEYS, st.integers(0, 2**32 - 1), BLOCKS, NUMBERS).map(list)
FLAGS = st.lists(st.sampled_from([b"W", b"Z", b"c7", b"t-1", b"Oab", b"kboard:JFK", b"s2"]), max_size=4)
FIGURES = st.dictionaries(
    st.sampled_from(["pid", "1:chunk_size", "version"]), st.sampled_from(["1", "1.6.18", "a b"]), min_size=1
)
WORDS = ["STORED", "NOT_STORED", "EXISTS", "NOT_FOUND", "DELETED", "TOUCHED", "OK", "VERSION 1.6.18"]
ERRORS = ["ERROR", "CLIENT_ERROR bad data chunk", "SERVER_ERROR object too large for cache"]
REPLIES = st.one_of(
    st.lists(ITEMS, max_size=3).map(Values),
    st.lists(ITEMS_WITH_CAS, max_size=3).map(Values),
    st.tuples(st.just("VA"), FLAGS, BLOCKS).map(Meta),
    st.tuples(st.sampled_from(["HD", "EN", "NS", "EX", "NF", "MN"]), FLAGS, st.none()).map(Meta),
    FIGURES.map(Stats),
    NUMBERS,
    st.sampled_from(WORDS).map(Status),
    st.sampled_from(ERRORS).map(ErrorReply),
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(REPLIES, min_size=1, max_size=4), st.data())
def test_what_the_server_writes_is_read_back_at_any_cut(replies: list[object], data: st.DataObject) -> None:
    sent = b"".join(map(encode, replies))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=5)))
    parser, found = ReplyParser(), []
    for begin, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        parser.receive_data(sent[begin:end])
        while (reply := parser.next_event()) is not NEED_DATA:
            found.append(reply)
    assert found == replies
    assert list(map(type, found)) == list(map(type, replies))


@pytest.mark.parametrize("half", [b"VALUE a 0 5\r\nab", b"STAT pid 1\r\n", b"VA 3 t1\r\nab", b"STOR", b"12"])
def test_half_a_reply_is_not_one_yet(half: bytes) -> None:
    parser = ReplyParser()
    parser.receive_data(half)
    assert parser.next_event() is NEED_DATA
