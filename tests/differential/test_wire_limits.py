"""The wire beside a real Valkey: protocol errors, limits and inline words, byte for byte.

Lines far beyond 64 KiB that do end are left out: there a real server's answer hangs on how its reads fall.
"""

from __future__ import annotations

import random
import socket

import pytest
from played import PASSWORD

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine
from kit.wire.resp import Command, CommandParser, ProtocolError, encode

pytestmark = pytest.mark.real("valkey")

STREAMS = [
    b"*1\r\n$4\r\nPING\r\n", b"PING\r\n", b"PING\n", b"\r\nPING\r\n", b"*0\r\nPING\r\n", b"*-1\r\nPING\r\n",
    b"*-10\r\nPING\r\n",
    b"*x\r\n", b"*\r\nPING\r\n", b"*1x\r\n", b"* 1\r\n", b"*+1\r\n", b"*01\r\n$4\r\nPING\r\n", b"*-0\r\nPING\r\n",
    b"*2147483647\r\n", b"*2147483648\r\n", b"*99999999999999999999\r\n", b"*1\r\nPING\r\n", b"*1\r\n+4\r\n",
    b"*1\r\n\r\n",
    b"*1\r\n\n\r\n", b"*1\r\n\xff\r\n", b"*1\r\n$\r\n", b"*1\r\n$x\r\n", b"*1\r\n$-1\r\n", b"*1\r\n$04\r\nPING\r\n",
    b"*1\r\n$536870912\r\n", b"*1\r\n$536870913\r\n", b"*1\r\n$4\r\nPINGxx", b"*1\r\n$4\r\nPING\rx", b"*1\r\n$4\r\nPI",
    b"*1\r\n$4\rxPING\r\n", b"*1\rx$4\r\nPING\r\n", b"*1\n$4\nPING\n", b"*x\ry", b"*1\r", b"*1\r\n$x\ry",
    b"*1\r\n:4\ry",
    b"*1\r\n$0\r\n\r\n", b"*1\r\n$4\r\nPING\r\n*1\r\n$x\r\nPING\r\n", b"$4\r\nPING\r\n",
    b'ECHO "a b"\r\n', b'ECHO "a\r\n', b"ECHO 'a b'\r\n", b'ECHO "a"b\r\n', b'ECHO a"b c"\'d\'\r\n',
    b"ECHO '\\'\\n'\r\n",
    b'ECHO "\\x41\\n\\q"\r\n', b'ECHO "\\x4"\r\n', b'ECHO "\\xZZ"\r\n', b'ECHO "\\xff"\r\n', b'ECHO "abc\\\r\n',
    b'ECHO ""\r\n',
    b"ECHO a\\n\r\n", b"ECHO a\tb\r\n", b"  PING  \r\n", b"\x0bPING\r\n", b'""\r\n', b"ECHO a\xffb\r\n",
    b"ECHO \xff\r\n",
    b'ECHO "\xff"\r\n', b"ECHO \x80\r\n", b"PING\x00x\r\nPING\r\n", b"PING\r\n\x00\r\nPING\r\n", b"PING\rx\r\n",
    b"QUIT\r\nPING\r\n",
    b"x" * 65_536, b"x" * 65_537, b"x" * 65_535 + b"\r\n", b"*" + b"1" * 65_535, b"*" + b"1" * 65_536,
    b"*1\r\n$" + b"1" * 65_535, b"*1\r\n$" + b"1" * 65_536,
]  # fmt: skip
BEFORE_LOGIN = [
    b"*10\r\n", b"*11\r\n", b"*1\r\n$16384\r\n", b"*1\r\n$16385\r\n", b"*1\r\n$536870913\r\n", b"*2147483648\r\n",
    b"PING\r\n",
    b"x" * 65_537, b"AUTH " + PASSWORD.replace(b" ", b"\\ ") + b"\r\n", b'AUTH "' + PASSWORD + b'"\r\n*11\r\n',
    b'AUTH "' + PASSWORD + b'"\r\n*1\r\n$16385\r\n',
]  # fmt: skip
PIECES = [
    b"*1\r\n", b"$4\r\n", b"PING\r\n", b"*2\r\n$4\r\nECHO\r\n", b"$1\r\na\r\n", b'"', b"'", b"\\", b" ", b"ECHO ",
    b"\r", b"\n",
    b"\r\n", b"\0", b"\xff", b"*", b"$", b"-1", b"x", b"\\x41", b"\t", b"10", b"$0\r\n\r\n", b"\\n", b"PING",
    b":1\r\n", b"*0\r\n",
]  # fmt: skip


def theirs(data: bytes, port: int) -> bytes:
    """All that a real server answers before it sees our end of the line and closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer


def ours(data: bytes, password: bytes | None = None) -> bytes:
    """The same from our parser, engine and encoder."""
    engine = Engine(ManualClock(), password=password)
    session = engine.session()
    parser = CommandParser(authenticated=session.authenticated)
    parser.receive_data(data)
    answer = b""
    while isinstance(event := parser.next_event(), Command) and not session.closing:
        outcome = engine.execute(session, event.args)
        parser.authenticated = session.authenticated
        answer += encode(outcome.reply, session.proto, null_array=outcome.null_array)
    if isinstance(event, ProtocolError):
        answer += encode_error(event)
    return answer


def encode_error(error: ProtocolError) -> bytes:
    return b"-" + error.text.encode("latin-1") + b"\r\n"


@pytest.mark.parametrize("data", STREAMS, ids=lambda data: repr(data[:30])[2:-1])
def test_the_bytes_that_come_back_are_the_real_servers(data: bytes, real_ports: dict[str, int]) -> None:
    assert ours(data) == theirs(data, real_ports["plain"])


@pytest.mark.parametrize("data", BEFORE_LOGIN, ids=lambda data: repr(data[:30])[2:-1])
def test_before_a_login_too(data: bytes, real_ports: dict[str, int]) -> None:
    assert ours(data, PASSWORD) == theirs(data, real_ports["locked"])


def test_a_thousand_pieces_of_rubbish_too(real_ports: dict[str, int]) -> None:
    rng = random.Random(8)
    for _ in range(1_000):
        data = b"".join(rng.choices(PIECES, k=rng.randrange(1, 9))) + b"\r\nECHO end\r\n"
        assert ours(data) == theirs(data, real_ports["plain"]), data
