"""The client's end of a connection to the world's cache: what a socket is to the real clients.

Rules: a socket belongs to the process that connected it (a pipeline's destructor may run in anybody's turn: elsewhere
the socket raises BrokenPipe and asks nothing); a sendall is one request; a recv on an empty buffer is a request only
when it may wait. Source: redis-py 8.1.0 (Connection, SocketBuffer), pymemcache 4.0.0 (base.py), read 2026-11-25.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.world.actors import LocalActors, Process


class MemorySocket:
    """The client's end of a connection to the world's cache."""

    __slots__ = ("_actors", "_buffer", "_dead", "_lost", "_timeout", "number", "owner")

    def __init__(self, actors: LocalActors) -> None:
        self._actors = actors
        self.owner: Process | None = actors.process()
        self._buffer = bytearray()
        self._timeout: float | None = None
        self._dead = self._lost = False
        self.number = 0

    def connect(self, address: object) -> None:
        """Connect to the world's cache, wherever that is. Raises ConnectionRefusedError where it is away."""
        self.number = self._actors.ask("connect", self._actors.preparing)

    def idle(self) -> bool:
        """Open, nothing to read, nothing lost: a later schedule may use it again."""
        return not (self._dead or self._lost or self._buffer)

    def settimeout(self, timeout: float | None) -> None:
        self._timeout = timeout

    def gettimeout(self) -> float | None:
        return self._timeout

    def getpeername(self) -> tuple[str, int]:
        return ("127.0.0.1", 6379)

    getsockname = getpeername

    def sendall(self, data: bytes) -> None:
        if self._dead or self.owner is not self._actors.process():
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        status, payload = self._actors.exchange("bytes", self.number, bytes(data))
        self._buffer += payload
        self._lost = status == "lost"
        self._dead = status in ("closed", "refused")

    def recv(self, size: int) -> bytes:
        if not self._buffer:
            self._wait()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _wait(self) -> None:
        """Nothing is there: a time-out, the end, or a wait for the world."""
        if self._dead:
            return
        if self._lost:
            self._lost = False
            raise TimeoutError("timed out")
        if self._timeout == 0:
            raise BlockingIOError(errno.EWOULDBLOCK, "Resource temporarily unavailable")
        if self.owner is not self._actors.process():
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        wait = None if self._timeout is None else round(self._timeout * 1_000_000)
        status, payload = self._actors.exchange("read", self.number, wait)
        self._buffer += payload
        if status == "lost":
            raise TimeoutError("timed out")
        self._dead = status != "ok"

    def setsockopt(self, *option: object) -> None:
        pass

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        self._dead = True
