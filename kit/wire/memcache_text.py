"""Memcached's text protocol: requests out of bytes, and replies as bytes.

Rules: sans-I/O; any cut of the input gives the same events; a line ends at a line feed, a carriage return before it is
dropped; the block of a storage command is as long as its line says and not a byte more; one that is refused or too
large is thrown away as it comes, so memory stays flat. A line beyond 2,048 bytes closes the connection, but for `get`
and `gets`, which may ask for many keys.
Source: memcached 1.6.18, proto_text.c (`try_read_command_ascii`), protocol.txt.
Leaves out: a real server closes for a long line only where its end has not come yet with the same packet, and reads
`get` lines of any length (here 32 MiB).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kit.cache.memcached.reply import Meta, Stats, Values
from kit.cache.memcached.request import Block, Request, Words, read_block, split
from kit.wire.resp_events import NEED_DATA, NeedData

__all__ = ["CLOSE", "NEED_DATA", "Close", "NeedData", "RequestParser", "encode", "encode_request", "pieces"]

MAX_LINE_BYTES = 2_048
MAX_GET_LINE_BYTES = 32 * 1024 * 1024
MOST_LEADING_SPACES = 100

LINE_END = b"\r\n"


@dataclass(frozen=True, slots=True)
class Close:
    """The peer sent what ends the connection without an answer."""


CLOSE = Close()


class RequestParser:
    """Bytes in, requests out.

    >>> parser = RequestParser()
    >>> parser.receive_data(b"set board:JFK 0 60 2\\r\\n[]\\r\\nget board:JFK\\r\\n")
    >>> parser.next_event().data, parser.next_event().words
    (b'[]', (b'get', b'board:JFK'))
    """

    def __init__(self) -> None:
        self._buffer: bytes | bytearray = b""
        self._start = 0
        self._waiting: tuple[Words, Block] | None = None  # a storage command whose block is still to come
        self._skip = 0  # bytes of a refused block still to come
        self._searched = 0  # where the search for a line's end goes on, counted from _start
        self._closed = False

    def receive_data(self, data: bytes) -> None:
        """Take bytes as they came."""
        if self._start == len(self._buffer):
            self._buffer = data  # nothing is left over: the usual case, and no copy
        elif isinstance(self._buffer, bytearray):
            del self._buffer[: self._start]
            self._buffer += data
        else:
            self._buffer = bytearray(self._buffer[self._start :] + data)
        self._start = 0

    @property
    def idle(self) -> bool:
        """Is nothing half read?"""
        return self._start == len(self._buffer) and self._waiting is None and not self._skip and not self._closed

    def next_event(self) -> Request | NeedData | Close:
        """The next whole request, `NEED_DATA`, or the end of the connection."""
        if self._closed:
            return CLOSE
        if self._skip:
            self._throw_away()
        if self._waiting is not None:
            return self._block(*self._waiting)
        if self._skip:
            return NEED_DATA
        return self._line()

    def _throw_away(self) -> None:
        taken = min(self._skip, len(self._buffer) - self._start)
        self._start += taken
        self._skip -= taken

    def _line(self) -> Request | NeedData | Close:
        buffer, start = self._buffer, self._start
        if start == len(buffer):
            return NEED_DATA  # what follows nearly every request
        end = buffer.find(b"\n", start + self._searched)
        length = (len(buffer) if end < 0 else end) - start
        if length > MAX_LINE_BYTES and length > self._longest():
            self._closed = True
            return CLOSE
        if end < 0:
            self._searched = length
            return NEED_DATA
        self._start, self._searched = end + 1, 0
        # A line of the carriage return alone keeps it, as in the server; it is unknown either way.
        if end - start > 1 and buffer[end - 1] == LINE_END[0]:
            end -= 1
        words = split(bytes(buffer[start:end]))
        block = read_block(words)
        if block is None:
            return Request(words)
        if block.error:
            self._skip = block.length + len(LINE_END)
            return Request(words, block)
        return self._block(words, block)

    def _longest(self) -> int:
        """How long the line that has begun may become."""
        head = bytes(self._buffer[self._start : self._start + MOST_LEADING_SPACES + 5])
        rest = head.lstrip(b" ")
        many = len(head) - len(rest) <= MOST_LEADING_SPACES and rest.startswith((b"get ", b"gets "))
        return MAX_GET_LINE_BYTES if many else MAX_LINE_BYTES

    def _block(self, words: Words, block: Block) -> Request | NeedData:
        start, end = self._start, self._start + block.length
        if len(self._buffer) < end + len(LINE_END):
            self._waiting = (words, block)
            return NEED_DATA
        self._waiting = None
        self._start = end + len(LINE_END)
        if self._buffer[end : self._start] != LINE_END:
            return Request(words, block, None, broken=True)
        return Request(words, block, bytes(self._buffer[start:end]))


def encode(reply: object) -> bytes:
    """A reply as the server sends it; None is nothing at all."""
    if reply is None:
        return b""
    if isinstance(reply, Values):
        return b"".join(map(_value, reply)) + b"END\r\n"
    if isinstance(reply, str):
        return reply.encode("latin-1") + LINE_END
    if isinstance(reply, Meta):
        return _meta(*reply)
    if isinstance(reply, Stats):
        return b"".join(f"STAT {name} {value}\r\n".encode() for name, value in reply.items()) + b"END\r\n"
    if isinstance(reply, int):
        return b"%d\r\n" % reply
    raise TypeError(f"a {type(reply).__name__} is no reply of memcached mode: see kit.cache.memcached.reply")


def pieces(found: Values, size: int) -> Iterator[bytes]:
    """The same bytes as `encode`, in pieces that end with the item that brings them to `size` bytes or more."""
    piece = bytearray()
    for item in found:
        piece += _value(item)
        if len(piece) >= size:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece) + b"END\r\n"


def _value(found: list[Any]) -> bytes:
    key, flags, value, *cas = found
    if cas:
        return b"VALUE %b %d %d %d\r\n%b\r\n" % (key, flags, len(value), cas[0], value)
    return b"VALUE %b %d %d\r\n%b\r\n" % (key, flags, len(value), value)


def _meta(code: str, flags: list[bytes], value: bytes | None) -> bytes:
    if value is None:
        return b" ".join([code.encode(), *flags]) + LINE_END
    return b" ".join([code.encode(), b"%d" % len(value), *flags]) + LINE_END + value + LINE_END


def encode_request(words: Sequence[bytes], data: bytes | None = None) -> bytes:
    """A request as clients send it."""
    line = b" ".join(words) + LINE_END
    return line if data is None else line + data + LINE_END
