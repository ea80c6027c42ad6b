"""Memcached's login by text: what any cut of the input gives, and how much of it is kept."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kit.wire.memcache_login import (
    BAD_END,
    BAD_FORM,
    MAX_LOGIN_BYTES,
    UNAUTHENTICATED,
    Login,
    LoginParser,
    Refused,
)
from kit.wire.memcache_text import CLOSE, NEED_DATA

STREAM = (
    b"get a\r\n\r\nset x 0 0 3\r\nann\r\nset  x a b 5 noreply\nann xXXset x 0 0 0x5\r\nset x 0 0 5\r\nann x\r\nget a"
)
EVENTS = [
    Refused(UNAUTHENTICATED), Refused(UNAUTHENTICATED), Refused(BAD_FORM), Refused(BAD_END), Refused(UNAUTHENTICATED),
    Login(b"ann", b"x"),
]  # fmt: skip


def events(pieces: Iterable[bytes]) -> tuple[list[object], bytes]:
    """All events up to a login or the end, and what came behind them."""
    parser = LoginParser()
    seen: list[object] = []
    for piece in pieces:
        parser.receive_data(piece)
        while (event := parser.next_event()) != NEED_DATA:
            seen.append(event)
            if event is CLOSE or isinstance(event, Login):
                return seen, parser.rest()
    return seen, parser.rest()


def test_a_cut_at_every_byte_gives_the_same_events() -> None:
    end = STREAM.index(b"get a", 9)
    for cut in range(end):
        assert events([STREAM[:cut], STREAM[cut:]]) == (EVENTS, b"get a"), cut
    assert events(bytes([byte]) for byte in STREAM) == (EVENTS, b"")


@pytest.mark.parametrize(
    "data", [b"x" * 2_049, b"x" * 3_000 + b"\r\n", b"set x 0 0 16385\r\n", b"set x 0 0 4294967295\r\n"]
)
def test_what_is_longer_than_a_login_ends_the_line_before_it_has_come(data: bytes) -> None:
    assert events([data])[0] == [CLOSE]


def test_the_longest_login_is_read() -> None:
    password = b"p" * (MAX_LOGIN_BYTES - 4)
    seen, _ = events([b"set x 0 0 %d\r\nann " % MAX_LOGIN_BYTES, password, b"\r\n"])
    assert seen == [Login(b"ann", password)]


def test_nothing_half_read_is_idle() -> None:
    parser = LoginParser()
    assert parser.idle
    for piece in (b"set x 0 0 5\r", b"\n", b"ann x\r"):
        parser.receive_data(piece)
        assert parser.next_event() == NEED_DATA
        assert not parser.idle
    parser.receive_data(b"\n")
    assert parser.next_event() == Login(b"ann", b"x")
    assert parser.idle
