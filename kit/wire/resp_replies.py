"""Replies on the wire: RESP2 and RESP3, both ways.

Rules: one value, two spellings: a dict is a map in RESP3 and a flat array in RESP2, a set an array, a float a bulk
string, a truth value 1 or 0; the parser gives the values of `cache.redis.reply` back, any cut of the input the same.
Source: the RESP specification of Valkey (valkey.io/topics/protocol), resp.c and networking.c of Valkey 9.1.2.
Leaves out: attributes and streamed types, which no server sends to a client that did not ask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.cache.redis.reply import ErrorReply, SetReply, Status, Verbatim
from kit.wire.resp_events import NEED_DATA, NeedData, ProtocolError, ReplyEvent

NULL, NULL_ARRAY, NULL_3 = b"$-1\r\n", b"*-1\r\n", b"_\r\n"


def encode(reply: object, proto: int, *, null_array: bool = False) -> bytes:
    """A reply as a server sends it; `null_array`: the None of an EXEC that did not run (RESP2 only).

    Raises TypeError for what is no reply.
    """
    if null_array and reply is None and proto == 2:
        return NULL_ARRAY
    spell = _SPELLING.get(type(reply))
    if spell is None:
        raise TypeError(f"{type(reply).__name__} is no reply; bytes, int, float, bool, None, list, dict are")
    return spell(reply, proto)


def _bulk(reply: bytes, proto: int) -> bytes:
    return b"$%d\r\n%b\r\n" % (len(reply), reply)


def _verbatim(reply: bytes, proto: int) -> bytes:
    return b"=%d\r\ntxt:%b\r\n" % (len(reply) + 4, reply) if proto == 3 else _bulk(reply, proto)


def _truth(reply: bool, proto: int) -> bytes:
    return (b"#t\r\n" if reply else b"#f\r\n") if proto == 3 else b":%d\r\n" % reply


def _float(reply: float, proto: int) -> bytes:
    text = _float_text(reply)
    return b",%b\r\n" % text if proto == 3 else _bulk(text, proto)


def _list(reply: list[object], proto: int) -> bytes:
    return b"*%d\r\n" % len(reply) + b"".join([encode(item, proto) for item in reply])


def _set(reply: list[object], proto: int) -> bytes:
    spelled = _list(reply, proto)
    return b"~" + spelled[1:] if proto == 3 else spelled


def _dict(reply: dict[object, object], proto: int) -> bytes:
    flat = _list([part for pair in reply.items() for part in pair], proto)
    return b"%%%d%b" % (len(reply), flat[flat.index(b"\r") :]) if proto == 3 else flat


def _float_text(value: float) -> bytes:
    if value != value:
        return b"nan"
    if value in (float("inf"), float("-inf")):
        return b"inf" if value > 0 else b"-inf"
    return repr(value).removesuffix(".0").encode()


_SPELLING: dict[type, Callable[[Any, int], bytes]] = {
    type(None): lambda reply, proto: NULL_3 if proto == 3 else NULL,
    bytes: _bulk,
    int: lambda reply, proto: b":%d\r\n" % reply,
    Status: lambda reply, proto: b"+%b\r\n" % reply.encode("latin-1"),
    ErrorReply: lambda reply, proto: b"-%b\r\n" % reply.encode("latin-1"),
    Verbatim: _verbatim,
    bool: _truth,
    float: _float,
    list: _list,
    SetReply: _set,
    dict: _dict,
}


class _Incomplete(Exception):
    """The input ends inside a reply."""


class _Broken(Exception):
    """The input is no reply."""


class ReplyParser:
    """Bytes of a server in, replies out.

    >>> parser = ReplyParser(); parser.receive_data(b"$2\\r\\nhi\\r\\n"); parser.next_event()
    ReplyEvent(reply=b'hi', push=False)
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._error: ProtocolError | None = None

    def receive_data(self, data: bytes) -> None:
        """Take bytes as they came."""
        self._buffer += data

    def next_event(self) -> ReplyEvent | NeedData | ProtocolError:
        """The next whole reply, `NEED_DATA`, or the error at which reading ended."""
        if self._error is not None:
            return self._error
        try:
            push = self._buffer[:1] == b">"
            reply, end = self._read(0)
        except _Incomplete:
            return NEED_DATA
        except _Broken as error:
            self._error = ProtocolError(str(error))
            return self._error
        del self._buffer[:end]
        return ReplyEvent(reply, push)

    def _read(self, start: int) -> tuple[object, int]:
        line_end = self._buffer.find(b"\r\n", start)
        if line_end < 0:
            raise _Incomplete
        mark, text, end = chr(self._buffer[start]), bytes(self._buffer[start + 1 : line_end]), line_end + 2
        if mark in _SIMPLE:
            return _SIMPLE[mark](text), end
        if mark in "$=!":
            return self._bulk(mark, _length(text), end)
        if mark in "*~>%":
            return self._aggregate(mark, _length(text), end)
        raise _Broken(f"a reply cannot begin with {mark!r}")

    def _bulk(self, mark: str, length: int, start: int) -> tuple[object, int]:
        if length < 0:
            return None, start
        end = start + length
        if len(self._buffer) < end + 2:
            raise _Incomplete
        data = bytes(self._buffer[start:end])
        if mark == "!":
            return ErrorReply(data.decode("latin-1")), end + 2
        return (Verbatim(data[4:]) if mark == "=" else data), end + 2

    def _aggregate(self, mark: str, length: int, end: int) -> tuple[object, int]:
        if length < 0:
            return None, end
        items: list[object] = []
        for _ in range(2 * length if mark == "%" else length):
            item, end = self._read(end)
            items.append(item)
        if mark == "%":
            return dict(zip(items[::2], items[1::2], strict=True)), end
        return (SetReply(items) if mark == "~" else items), end


def _length(text: bytes) -> int:
    try:
        return int(text)
    except ValueError:
        raise _Broken(f"a length must be a number; {text!r} came") from None


_SIMPLE: dict[str, Callable[[bytes], object]] = {
    "+": lambda text: Status(text.decode("latin-1")),
    "-": lambda text: ErrorReply(text.decode("latin-1")),
    ":": _length,
    ",": lambda text: float(text),
    "#": lambda text: text == b"t",
    "_": lambda text: None,
    "(": _length,
}
