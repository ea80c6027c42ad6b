"""Talking to a memcached engine in tests: by lines, and with an unmodified pymemcache."""

from __future__ import annotations

import socket
from typing import Any

from pymemcache.client.base import Client

from kit.cache.clock import ManualClock
from kit.cache.memcached.engine import Engine, Request
from kit.wire.memcache_text import RequestParser, encode

START_US = 1_362_700_800_000_000
"""8 March 2013, midnight UTC."""


class Line:
    """An engine on a clock that the test moves, and one connection to it."""

    def __init__(self, **options: Any) -> None:
        self.clock = ManualClock(START_US)
        self.engine = Engine(self.clock, **options)
        self.session = self.engine.session()

    def request(self, line: str, data: bytes | None = None) -> Request:
        return Request.of(line.encode(), data)

    def ask(self, line: str, data: bytes | None = None) -> bytes:
        return encode(self.engine.execute(self.session, self.request(line, data)).reply)

    def effects(self, line: str, data: bytes | None = None) -> list[tuple[str, bytes]]:
        """Kinds and keys of what a request did."""
        outcome = self.engine.execute(self.session, self.request(line, data))
        return [(effect.kind, effect.key) for effect in outcome.effects]

    def wait(self, seconds: float) -> None:
        self.clock.advance(int(seconds * 1_000_000))


class Socket:
    """The few calls that pymemcache makes on a socket."""

    def __init__(self, engine: Engine) -> None:
        self.session = engine.session()
        self.engine = engine
        self.parser = RequestParser()
        self.replies = b""

    def connect(self, address: object) -> None: ...

    def settimeout(self, timeout: float | None) -> None: ...

    def setsockopt(self, *options: object) -> None: ...

    def sendall(self, data: bytes) -> None:
        self.parser.receive_data(data)
        while isinstance(event := self.parser.next_event(), Request):
            self.replies += encode(self.engine.execute(self.session, event).reply)

    def recv(self, size: int) -> bytes:
        assert self.replies, "the client waits for a reply that never comes"
        data, self.replies = self.replies[:size], self.replies[size:]
        return data

    def close(self) -> None:
        self.session.close()


class SocketModule:
    """Stands for the module `socket` in a client."""

    AF_UNSPEC, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY = (
        socket.AF_UNSPEC, socket.SOCK_STREAM, socket.IPPROTO_TCP, socket.TCP_NODELAY,
    )  # fmt: skip
    timeout, error = TimeoutError, OSError

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def getaddrinfo(self, host: str, port: int, *hints: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]

    def socket(self, *family: object) -> Socket:
        return Socket(self._engine)


def client(engine: Engine, **options: Any) -> Client:
    """An unmodified pymemcache client whose connection leads to `engine`."""
    return Client(("engine", 11211), socket_module=SocketModule(engine), **options)
