"""redis-py on an in-memory socket: the real client, unmodified, whose bytes go to the world.

Rules: a socket belongs to the process that connected it (a pipeline's destructor may run in anybody's turn: elsewhere
the socket raises BrokenPipe and asks nothing); a sendall is one request; a recv on an empty buffer is a request only
when it may wait. Source: redis-py 8.1.0 (Connection, SocketBuffer), read 2026-11-25.
"""

from __future__ import annotations

import copy
import errno
import warnings
from typing import TYPE_CHECKING, Any

import redis
from redis.backoff import NoBackoff
from redis.connection import Connection, ConnectionPool
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

if TYPE_CHECKING:
    from kit.world.actors import LocalActors, Process


_MOST_JOINED = 1 << 26  # bytes; a larger command is not copied once more


class MemorySocket:
    """The client's end of a connection to the world's cache."""

    __slots__ = ("_actors", "_buffer", "_dead", "_lost", "_timeout", "number", "owner")

    def __init__(self, actors: LocalActors) -> None:
        self._actors = actors
        self.owner: Process | None = actors.process()
        self._buffer = bytearray()
        self._timeout: float | None = None
        self._dead = self._lost = False
        self.number: int = actors.ask("connect", actors.preparing)

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

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        self._dead = True


class MemoryConnection(Connection):
    """A redis-py connection whose socket is a `MemorySocket`; nothing else is overridden but the join of the pieces."""

    def __init__(self, *, actors: LocalActors, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._actors = actors

    def _connect(self) -> Any:
        sock = MemorySocket(self._actors)
        sock.settimeout(self.socket_timeout)
        return sock

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        # redis-py sends a value above 6,000 bytes in several pieces: one request carries them as well.
        pieces: list[bytes] = [command] if isinstance(command, bytes) else list(command)
        if sum(map(len, pieces)) <= _MOST_JOINED:
            pieces = [b"".join(pieces)]
        super().send_packed_command(pieces, check_health)  # type: ignore[no-untyped-call]


class RedisClients:
    """Clients for the processes of one `LocalActors`, as learners get them at work but without retries.

    Time-out 1 s, no retries. A pool is kept between schedules where its one connection is idle; each process gets a
    copy of one template, so an attribute set on `cache` leaks nowhere.
    """

    def __init__(self, actors: LocalActors, protocol: int = 3) -> None:
        self._actors = actors
        # `SET … IFEQ` works on every server of the kit; redis-py warns at each call.
        warnings.filterwarnings("ignore", "Call to '.*' method with experimental usage", UserWarning)
        self._options: dict[str, Any] = {
            "actors": actors, "host": "cache", "port": 6379, "protocol": protocol, "socket_timeout": 1,
            "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0), "driver_info": None,
            "maint_notifications_config": MaintNotificationsConfig(enabled=False),
        }  # fmt: skip
        self._template = redis.Redis(connection_pool=ConnectionPool(connection_class=MemoryConnection, **self._options))
        self._pools: dict[str, ConnectionPool] = {}

    def client(self, process: Process) -> redis.Redis:
        """A connected client of its own for `process`, which must be the one that runs."""
        pool = self._pools.pop(process.name, None)
        if pool is None or not self._adopt(pool, process):
            pool = ConnectionPool(connection_class=MemoryConnection, **self._options)
            pool.release(pool.get_connection())
        self._pools[process.name] = pool
        client = copy.copy(self._template)
        client.connection_pool = pool
        return client

    def forget(self, process: Process) -> None:
        """Drop the pool of a process that did not come to its end."""
        self._pools.pop(process.name, None)

    def _adopt(self, pool: ConnectionPool, process: Process) -> bool:
        """Whether a pool of an earlier schedule is clean; if so its socket belongs to `process` now."""
        idle = pool._available_connections
        if len(idle) != 1 or pool._in_use_connections:
            return False
        sock = idle[0]._sock
        if not isinstance(sock, MemorySocket) or not sock.idle():
            return False
        buffer = getattr(idle[0]._parser, "_buffer", None)
        if buffer is not None and buffer.unread_bytes():
            return False
        sock.owner = process
        return True
