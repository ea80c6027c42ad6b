"""`kit serve` as a process of its own, and plain sockets to talk to it."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

WITHIN_S = 30.0
COMMAND = (sys.executable, "-m", "kit.cli", "serve", "--mode", "redis")
MEMCACHED = (*COMMAND[:-1], "memcached")


@dataclass
class Serving:
    """A running server: its process, its port and what was read of its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: str = field(default="")

    def client(self, **options: Any) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=WITHIN_S, retry=Retry(NoBackoff(), 0), **options)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=WITHIN_S)

    def ask(self, data: bytes) -> bytes:
        """All that the server answers before it sees the end of what we send and hangs up."""
        with self.connect() as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            return rest(line)

    def log_until(self, word: str) -> str:
        """What the log says up to a word."""
        assert self.process.stderr is not None
        while word not in self.log:
            self.log += _read(self.process.stderr, word)
        return self.log

    def resident(self) -> int:
        """Bytes of memory that the server has."""
        return int(psutil.Process(self.process.pid).memory_info().rss)


@contextlib.contextmanager
def serving(*options: object, command: Sequence[str] = COMMAND, **how: Any) -> Iterator[Serving]:
    """A server for the length of a `with` block; how: for Popen."""
    argv = [*command, *map(str, options)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(argv, **{**pipes, **how})
    try:
        assert process.stdout is not None
        said = ""
        while not said.endswith("\n"):
            said += _read(process.stdout, "an address")
        assert said.startswith("listening on ")
        yield Serving(process, int(said.rpartition(":")[2]))
    finally:
        process.kill()
        process.communicate()


def rest(line: socket.socket) -> bytes:
    """Everything up to the end of a connection, however it ends."""
    answer = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65_536):
            answer += piece
    return bytes(answer)


def exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes, or all up to the end."""
    answer = bytearray()
    while len(answer) < size and (piece := line.recv(size - len(answer))):
        answer += piece
    return bytes(answer)


def _read(stream: IO[bytes], wanted: str) -> str:
    ready, _, _ = select.select([stream], [], [], WITHIN_S)
    assert ready, f"no {wanted!r} within {WITHIN_S} s"
    piece = os.read(stream.fileno(), 65_536)
    assert piece, f"the server ended before it said {wanted!r}"
    return piece.decode()
