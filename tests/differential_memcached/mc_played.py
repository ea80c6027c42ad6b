"""Requests played on real memcacheds, and what came back: recorded once, compared with engines as often as wanted.

Each step is asked alone: the server is asked for its clock first, and `mn` behind the step marks the end of its reply
(a step may have none). So nothing hangs on where packets are cut, and each step has the second in which it ran.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from kit.real.memcached import running_memcached

SERVERS: Mapping[str, Sequence[str]] = {"plain": ("-M",), "lasting": ("-M",)}
"""On `lasting` nothing ever expires or is flushed, so that `stats` must agree on items and bytes too."""
MARK, END = b"mn\r\n", b"MN\r\n"


@dataclass(frozen=True, slots=True)
class Step:
    """Whole lines with their blocks, on a connection (`plain/a`); `mn` goes behind them."""

    connection: str
    data: bytes

    @property
    def sent(self) -> bytes:
        return self.data + MARK

    @property
    def server(self) -> str:
        return self.connection.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Played:
    """A step, when the server did it (seconds since the Unix epoch, and since its start), and its reply.

    ticked: the server's second changed meanwhile, so that the step ran in this one or the next.
    """

    step: Step
    time_s: int
    uptime_s: int
    raw: bytes
    closed: bool
    ticked: bool


class Wire:
    """A connection to a real server that gives each reply back as the bytes that it was."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def ask(self, data: bytes, end: bytes = END) -> tuple[bytes, bool]:
        """The reply with its end, or what came before the server closed the connection; and whether it did."""
        self._socket.sendall(data)
        answer = b""
        while not answer.endswith(end):
            try:
                piece = self._socket.recv(1 << 20)
            except ConnectionResetError:  # it closed while more lay unread
                piece = b""
            if not piece:
                self.close()
                self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
                return answer, True
            answer += piece
        return answer, False

    def close(self) -> None:
        self._socket.close()


@contextmanager
def real_servers() -> Iterator[dict[str, int]]:
    """The ports of the servers."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(running_memcached(options)).port for name, options in SERVERS.items()}


def play(steps: Sequence[Step], ports: Mapping[str, int]) -> list[Played]:
    """Run the steps on the real servers, in order."""
    clocks = {server: Wire(port) for server, port in ports.items()}
    wires: dict[str, Wire] = {}
    played = []
    for step in steps:
        if step.connection not in wires:
            wires[step.connection] = Wire(ports[step.server])
        time_s, uptime_s = _clock(clocks[step.server])
        raw, closed = wires[step.connection].ask(step.sent)
        ticked = _clock(clocks[step.server]) != (time_s, uptime_s)
        played.append(Played(step, time_s, uptime_s, raw, closed, ticked))
    for wire in (*clocks.values(), *wires.values()):
        wire.close()
    return played


def _clock(wire: Wire) -> tuple[int, int]:
    said, _ = wire.ask(b"stats\r\n", b"END\r\n")
    figures = dict(line.split(b" ")[1:3] for line in said.split(b"\r\n") if line.startswith(b"STAT"))
    return int(figures[b"time"]), int(figures[b"uptime"])
