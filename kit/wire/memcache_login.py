"""Memcached's login by text: until it has succeeded, all that is read is a `set` whose block is `user password`.

Rules: sans-I/O; any cut of the input gives the same events; key, flags and expiry of that `set` mean nothing, and
whatever stands behind its length; every other line is refused and is one line, so the block of a refused command is
read as lines; no more is kept than a login may be long.
Source: memcached 1.6.18 with `-Y`, proto_text.c (`try_read_command_asciiauth`), protocol.txt ("Authentication"), tried
beside the real one.
Leaves out: a real server answers only the last of several requests that came in one packet before the login.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.memcached.numbers import unsigned
from kit.cache.memcached.request import split
from kit.wire.memcache_text import CLOSE, LINE_END, MAX_LINE_BYTES, NEED_DATA, Close, NeedData

MAX_LOGIN_BYTES = 16_384
"""Of user, space and password."""
UNAUTHENTICATED = b"CLIENT_ERROR unauthenticated\r\n"
BAD_END = b"CLIENT_ERROR bad command line termination\r\n"
BAD_FORM = b"CLIENT_ERROR bad authentication token format\r\n"
WRONG = b"CLIENT_ERROR authentication failure\r\n"
WELCOME = b"STORED\r\n"

_SHORTEST = 2
_SET_WORDS = 5


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody says who they are."""

    user: bytes
    password: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """What came is no login. reply: what the peer is told."""

    reply: bytes


class LoginParser:
    """Bytes in, logins out.

    >>> parser = LoginParser()
    >>> parser.receive_data(b"set who 0 0 9\\r\\nann abcde\\r\\nget board:JFK\\r\\n")
    >>> parser.next_event()
    Login(user=b'ann', password=b'abcde')
    >>> parser.rest()
    b'get board:JFK\\r\\n'
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None  # of the block that is still to come

    def receive_data(self, data: bytes) -> None:
        """Take bytes as they came."""
        self._buffer += data

    @property
    def idle(self) -> bool:
        """Is nothing half read?"""
        return not self._buffer and self._length is None

    def rest(self) -> bytes:
        """What came behind the last event; it is kept no longer."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def next_event(self) -> Login | Refused | NeedData | Close:
        """The next attempt, `NEED_DATA`, or the end of the connection."""
        if self._length is None:
            event = self._line()
            if event is not None:
                return event
        return self._block(self._length or 0)

    def _line(self) -> Refused | NeedData | Close | None:
        """Read a line; None = it was that of a login."""
        buffer = self._buffer
        if len(buffer) < _SHORTEST:
            return NEED_DATA
        end = buffer.find(b"\n")
        if (len(buffer) if end < 0 else end) > MAX_LINE_BYTES:
            return CLOSE
        if end < 0:
            return NEED_DATA
        words = split(bytes(buffer[:end]).removesuffix(b"\r"))
        del buffer[: end + 1]
        length = unsigned(words[4]) if len(words) >= _SET_WORDS and words[0] == b"set" else None
        if length is None:
            return Refused(UNAUTHENTICATED)
        if length > MAX_LOGIN_BYTES:
            return CLOSE
        self._length = length
        return None

    def _block(self, length: int) -> Login | Refused | NeedData:
        buffer, size = self._buffer, length + len(LINE_END)
        if len(buffer) < size:
            return NEED_DATA
        self._length = None
        block = bytes(buffer[:size])
        del buffer[:size]
        if not block.endswith(LINE_END):
            return Refused(BAD_END)
        words = split(block[:length])
        return Refused(BAD_FORM) if len(words) < _SHORTEST else Login(words[0], words[1])
