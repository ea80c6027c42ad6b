"""The client's side of memcached's text protocol: replies out of bytes.

Rules: sans-I/O; any cut of the input gives the same replies; one reply a request, whatever it was: the first line says
which. A `get` answers with as many items as it found and one END, `stats` with as many figures.
Source: memcached 1.6.18, protocol.txt.
Leaves out: which request a reply belongs to: a quiet one may have none, so whoever asks sends `mn` behind it.
"""

from __future__ import annotations

from kit.cache.memcached.reply import ErrorReply, Meta, Stats, Status, Values
from kit.wire.resp_events import NEED_DATA, NeedData

__all__ = ["NEED_DATA", "NeedData", "ReplyParser"]

Reply = Values | Meta | Stats | Status | ErrorReply | int

_META = frozenset({b"HD", b"VA", b"EN", b"NS", b"EX", b"NF", b"MN"})
_ERRORS = (b"ERROR", b"CLIENT_ERROR", b"SERVER_ERROR")
_LINE_END = b"\r\n"


class ReplyParser:
    """Bytes in, replies out.

    >>> parser = ReplyParser()
    >>> parser.receive_data(b"VALUE board:JFK 0 2\\r\\n[]\\r\\nEND\\r\\nSTORED\\r\\n")
    >>> parser.next_event(), parser.next_event()
    ([[b'board:JFK', 0, b'[]']], 'STORED')
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive_data(self, data: bytes) -> None:
        """Take bytes as they came."""
        self._buffer += data

    def next_event(self) -> Reply | NeedData:
        """The next whole reply, or `NEED_DATA`. Raises ValueError for what no memcached says."""
        found = self._read(0)
        if found is None:
            return NEED_DATA
        reply, end = found
        del self._buffer[:end]
        return reply

    def _line(self, at: int) -> tuple[bytes, int] | None:
        end = self._buffer.find(_LINE_END, at)
        return None if end < 0 else (bytes(self._buffer[at:end]), end + len(_LINE_END))

    def _block(self, at: int, length: int) -> tuple[bytes, int] | None:
        end = at + length + len(_LINE_END)
        return None if len(self._buffer) < end else (bytes(self._buffer[at : at + length]), end)

    def _read(self, at: int) -> tuple[Reply, int] | None:
        line = self._line(at)
        if line is None:
            return None
        words = line[0].split(b" ")
        first = words[0]
        if first in (b"VALUE", b"END"):
            return self._values(at)
        if first == b"STAT":
            return self._stats(at)
        if first in _META:
            return self._meta(words, line[1])
        return _plain(line[0], first), line[1]

    def _values(self, at: int) -> tuple[Values, int] | None:
        found = Values()
        while (line := self._line(at)) is not None:
            words, at = line[0].split(b" "), line[1]
            if words == [b"END"]:
                return found, at
            block = self._block(at, int(words[3]))
            if block is None:
                return None
            at = block[1]
            found.append([words[1], int(words[2]), block[0], *map(int, words[4:])])
        return None

    def _stats(self, at: int) -> tuple[Stats, int] | None:
        found = Stats()
        while (line := self._line(at)) is not None:
            if line[0] == b"END":
                return found, line[1]
            _, name, value = line[0].decode("latin-1").split(" ", 2)
            found[name], at = value, line[1]
        return None

    def _meta(self, words: list[bytes], at: int) -> tuple[Meta, int] | None:
        code = words[0].decode()
        if code != "VA":
            return Meta([code, words[1:], None]), at
        block = self._block(at, int(words[1]))
        return None if block is None else (Meta([code, words[2:], block[0]]), block[1])


def _plain(line: bytes, first: bytes) -> Reply:
    if first.isdigit() and line == first:
        return int(first)
    text = line.decode("latin-1")
    return ErrorReply(text) if first in _ERRORS else Status(text)
