"""Unmodified redis-py on an engine in this process: a socket that is a parser, an engine and a buffer."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.connection import Connection

from kit.cache.redis.engine import Engine
from kit.wire.resp import Command, CommandParser, ProtocolError, encode


class Socket:
    """The few calls that redis-py makes on a socket."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.session = engine.session()
        self.parser = CommandParser(authenticated=self.session.authenticated)
        self.replies = b""

    def sendall(self, data: bytes) -> None:
        self.parser.receive_data(data)
        while isinstance(event := self.parser.next_event(), Command):
            outcome = self.engine.execute(self.session, event.args)
            self.replies += encode(outcome.reply, self.session.proto, null_array=outcome.null_array)
            self.parser.authenticated = self.session.authenticated
        assert not isinstance(event, ProtocolError)

    def recv(self, size: int) -> bytes:
        if not self.replies:
            raise BlockingIOError(errno.EWOULDBLOCK, "nothing to read")
        data, self.replies = self.replies[:size], self.replies[size:]
        return data

    def settimeout(self, timeout: float | None) -> None: ...

    def gettimeout(self) -> float | None:
        return None

    def getpeername(self) -> tuple[str, int]:
        return ("engine", 0)

    def shutdown(self, how: int) -> None: ...

    def close(self) -> None:
        self.session.close()


@contextmanager
def connected(engine: Engine, **options: Any) -> Iterator[redis.Redis]:
    """A redis-py client whose connections lead to `engine`."""

    class Line(Connection):
        def _connect(self) -> Any:
            return Socket(engine)

    pool = redis.ConnectionPool(connection_class=Line, **options)
    client = redis.Redis(connection_pool=pool)
    try:
        yield client
    finally:
        client.close()
        pool.disconnect()
