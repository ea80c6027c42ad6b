"""Commands on the wire: arrays of bulk strings, or one inline line of words.

Rules: sans-I/O; any cut of the input gives the same events; after a protocol error nothing more is read. Limits: a
bulk string of 512 MiB, a header line or an inline line of 64 KiB, 2**31 - 1 arguments; before AUTH 16 KiB and ten.
Source: Valkey 9.1.2, networking.c (`parseMultibulkBuffer`, `processInlineBuffer`), util.c (`sdssplitargs`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.wire.inline import split_words
from kit.wire.resp_events import NEED_DATA, Command, NeedData, ProtocolError

MAX_BULK_BYTES = 512 * 1024 * 1024
MAX_LINE_BYTES = 64 * 1024
MAX_ARGUMENTS = 2**31 - 1
MAX_BULK_BYTES_BEFORE_AUTH = 16_384
MAX_ARGUMENTS_BEFORE_AUTH = 10

ASTERISK, DOLLAR, LINE_FEED = b"*$\n"
TOO_BIG = {ASTERISK: "too big mbulk count string", DOLLAR: "too big bulk count string"}

_SMALL = {b"%d" % number: number for number in range(1_000)}
"""Nearly every number on the wire, found without reading it."""
_NUMBER = re.compile(rb"0|-?[1-9][0-9]{0,18}")


class CommandParser:
    """Bytes in, commands out.

    >>> parser = CommandParser()
    >>> parser.receive_data(b"*2\\r\\n$3\\r\\nGET\\r\\n$1\\r\\nk\\r\\nPING\\r\\n")
    >>> parser.next_event(), parser.next_event()
    (Command(args=(b'GET', b'k')), Command(args=(b'PING',)))

    authenticated: set it to False for the smaller limits of a connection that has not logged in.
    """

    def __init__(self, *, authenticated: bool = True) -> None:
        self.authenticated = authenticated
        self._buffer: bytes | bytearray = b""
        self._start = 0
        self._args: list[bytes] = []
        self._missing = 0  # arguments still to come; 0 = between two commands
        self._bulk = -1  # length of the argument being read; -1 = its header is still to come
        self._error: ProtocolError | None = None

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
        return self._start == len(self._buffer) and not self._missing and self._error is None

    def next_event(self) -> Command | NeedData | ProtocolError:
        """The next whole command, `NEED_DATA`, or the error that ended the connection."""
        while self._error is None:
            event = self._arguments() if self._missing else self._begin()
            if event is not None:
                return event
        return self._error

    def _begin(self) -> Command | NeedData | None:
        """Read the first line of a command; None = look again."""
        if self._start == len(self._buffer):
            self._buffer, self._start = b"", 0  # an idle client does not hold its last command
            return NEED_DATA
        if self._buffer[self._start] != ASTERISK:
            return self._inline()
        line = self._header(ASTERISK)
        if line is None:
            return NEED_DATA if self._error is None else None
        count = _number(line)
        if count is None or count > MAX_ARGUMENTS:
            self._fail("invalid multibulk length")
        elif count > MAX_ARGUMENTS_BEFORE_AUTH and not self.authenticated:
            self._fail("unauthenticated multibulk length")
        else:
            self._missing = max(0, count)  # *0 and *-1 are nothing, and are not answered
        return None

    def _inline(self) -> Command | NeedData | None:
        """Read a line of words. The server looks for its end as C does: what follows a zero byte is never seen."""
        end = self._buffer.find(b"\n", self._start)
        zero = self._buffer.find(b"\0", self._start, None if end < 0 else end)
        if zero >= 0:
            end = -1
        if (len(self._buffer) if end < 0 else end) - self._start > MAX_LINE_BYTES:
            self._fail("too big inline request")
            return None
        if end < 0:
            return NEED_DATA
        words = split_words(bytes(self._buffer[self._start : end]).removesuffix(b"\r"))
        self._start = end + 1
        if words is None:
            self._fail("unbalanced quotes in request")
            return None
        return Command(tuple(words)) if words else None

    def _arguments(self) -> Command | NeedData | None:
        while self._missing:
            if self._bulk < 0 and not self._bulk_header():
                return NEED_DATA if self._error is None else None
            buffer, end = self._buffer, self._start + self._bulk
            if len(buffer) < end + 2:
                return NEED_DATA
            if buffer[end : end + 2] != b"\r\n":
                self._fail("invalid CRLF in request")
                return None
            # A slice of a bytearray would be a second copy: that counts for hundreds of megabytes.
            large = self._bulk > MAX_LINE_BYTES
            self._args.append(bytes((memoryview(buffer) if large else buffer)[self._start : end]))
            self._start, self._bulk, self._missing = end + 2, -1, self._missing - 1
        args, self._args = tuple(self._args), []
        return Command(args)

    def _bulk_header(self) -> bool:
        """Read `$n`. Returns whether it was there and legal."""
        line = self._header(DOLLAR)
        if line is None:
            return False
        length = _number(line)
        if length is None or not 0 <= length <= MAX_BULK_BYTES:
            self._fail("invalid bulk length")
        elif length > MAX_BULK_BYTES_BEFORE_AUTH and not self.authenticated:
            self._fail("unauthenticated bulk length")
        else:
            self._bulk = length
        return self._error is None

    def _header(self, mark: int) -> bytes | None:
        """What stands between `mark` and the carriage return; None = not yet, or an error."""
        buffer, start = self._buffer, self._start
        end = buffer.find(b"\r", start)
        if (len(buffer) if end < 0 else end) - start > MAX_LINE_BYTES:  # ended or not, so that no cut decides
            self._fail(TOO_BIG[mark])
        elif end < 0 or end + 1 == len(buffer):
            return None
        elif buffer[start] != mark:
            self._fail(f"expected '{chr(mark)}', got '{_shown(buffer[start])}'")
        elif buffer[end + 1] != LINE_FEED:
            self._fail("invalid CRLF in request")
        else:
            self._start = end + 2
            return bytes(buffer[start + 1 : end])
        return None

    def _fail(self, text: str) -> None:
        self._error = ProtocolError(f"ERR Protocol error: {text}")


def _number(text: bytes) -> int | None:
    small = _SMALL.get(text)
    return small if small is not None else int(text) if _NUMBER.fullmatch(text) else None


def _shown(byte: int) -> str:
    """One character of an error, which stays on its line."""
    return " " if byte in b"\r\n" else chr(byte)


def encode_command(args: Sequence[bytes]) -> bytes:
    """A command as clients send it."""
    parts = [b"*%d\r\n" % len(args)]
    for arg in args:
        parts += (b"$%d\r\n" % len(arg), arg, b"\r\n")
    return b"".join(parts)
