"""Connections to a real server that answers in the model's place.

Rules: every session has a connection of its own; between two schedules the server is emptied and the connections are
made anew; effects (hit, stored, …) are the model's, replies are the server's alone.
Leaves out: time. A real server does not leap; scenes that sleep, expire or break something stay on the model.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

Address = tuple[str, int]
_PATIENCE_S = 5


class Line:
    """One connection to a server, a question at a time. Raises OSError when that goes away."""

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, timeout=_PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """What came next. Raises ConnectionError where nothing will."""
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the real server closed the connection")
        return data

    def close(self) -> None:
        self._socket.close()


class Lines:
    """The connections of an engine's sessions. open: makes one."""

    def __init__(self, open: Callable[[], Line]) -> None:
        self._open = open
        self._lines: dict[int, Line] = {}

    def of(self, session: object) -> tuple[Line, bool]:
        """The session's connection, and whether it was made only now."""
        line = self._lines.get(id(session))
        if line is not None:
            return line, False
        line = self._lines[id(session)] = self._open()
        return line, True

    def close(self) -> None:
        """Hang up on all of them."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()
