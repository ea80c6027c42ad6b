"""An engine whose replies come from a real server: the same bytes go there, the model beside it says what they did.

Rules: every session has a connection of its own to the server, in the same protocol; between two schedules the server
is emptied and the connections are made anew; effects (hit, stored, …) are the model's, replies are the server's alone.
Leaves out: time. A real server does not leap; scenes that sleep, expire or break something stay on the model.
"""

from __future__ import annotations

import socket

from kit.cache.clock import Clock
from kit.cache.redis.engine import Engine
from kit.cache.redis.outcome import NotExecuted, Outcome
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args
from kit.wire.resp import ReplyEvent, ReplyParser, encode_command


class ForwardingEngine(Engine):
    """Redis mode in front of a server at `address`. Raises ConnectionError when that goes away."""

    def __init__(self, clock: Clock, address: tuple[str, int]) -> None:
        self._address = address
        self._lines: dict[int, _Line] = {}
        super().__init__(clock)

    def execute(self, session: Session, args: Args) -> Outcome:
        queued = session.queue is not None
        outcome = super().execute(session, args)
        reply = self._line(session).ask(args)
        not_run = reply is None and queued and bytes(args[0]).upper() == b"EXEC"
        return (NotExecuted if not_run else Outcome)(reply, outcome.facts)

    def reset(self) -> None:
        super().reset()
        for line in self._lines.values():
            line.close()
        self._lines.clear()
        admin = _Line(self._address)
        admin.ask((b"FLUSHALL",))
        admin.ask((b"SCRIPT", b"FLUSH"))
        admin.close()

    def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()

    def _line(self, session: Session) -> _Line:
        line = self._lines.get(id(session))
        if line is None:
            line = self._lines[id(session)] = _Line(self._address)
            if session.proto == 3:
                line.ask((b"HELLO", b"3"))
        return line


class _Line:
    """One connection to the server, a question at a time."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=5)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser = ReplyParser()

    def ask(self, args: Args) -> object:
        self._socket.sendall(encode_command(args))
        while not isinstance(event := self._parser.next_event(), ReplyEvent):
            data = self._socket.recv(65_536)
            if not data:
                raise ConnectionError("the real server closed the connection")
            self._parser.receive_data(data)
        return event.reply

    def close(self) -> None:
        self._socket.close()
