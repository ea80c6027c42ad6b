"""pymemcache in the world: Client, and PooledClient.

Rules: the library takes its socket module as an argument, so nothing of it is overridden; its defaults stay (`set`,
`add`, `delete` and others do not wait for an answer). A connection is kept between schedules where it is idle; client
objects are made afresh. Source: pymemcache 4.0.0, client/base.py and pool.py, read 2026-11-25.
Leaves out: HashClient, which is for several nodes and comes with their lesson.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymemcache.client.base import Client, PooledClient

from kit.world.clients.socket import MemorySocket

if TYPE_CHECKING:
    from kit.world.actors import LocalActors, Process

SERVER = ("cache", 11211)


class _SocketModule:
    """What pymemcache asks of the module `socket`: the constants are passed through and mean nothing here."""

    AF_UNSPEC = AF_UNIX = SOCK_STREAM = IPPROTO_TCP = TCP_NODELAY = 0

    def __init__(self, actors: LocalActors) -> None:
        self._actors = actors

    def getaddrinfo(self, host: str, port: int, *hints: int) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(0, 0, 0, "", (host, port))]

    def socket(self, *kind: int) -> MemorySocket:
        return MemorySocket(self._actors)


class MemcachedClients:
    """See `clients.Clients`. pooled: PooledClient in place of Client."""

    def __init__(self, actors: LocalActors, timeout_s: float, *, pooled: bool = False) -> None:
        self._pooled = pooled
        self._options: dict[str, Any] = {
            "connect_timeout": timeout_s, "timeout": timeout_s, "no_delay": True,
            "socket_module": _SocketModule(actors),
        }  # fmt: skip
        self._clients: dict[str, Any] = {}

    def client(self, process: Process) -> Any:
        """A connected client of its own for `process`, which must be the one that runs."""
        plain: Any = Client(SERVER, **self._options)
        old = self._clients.pop(process.name, None)
        sock = old.sock if old is not None else None
        if isinstance(sock, MemorySocket) and sock.idle():
            sock.owner = process
            plain.sock = sock
        else:
            plain._connect()
        self._clients[process.name] = plain
        return self._pool(plain) if self._pooled else plain

    def forget(self, process: Process) -> None:
        """Drop the connection of a process that did not come to its end."""
        self._clients.pop(process.name, None)

    def _pool(self, connected: Any) -> PooledClient:
        """A pool whose first client is connected already."""
        pool = PooledClient(SERVER, **self._options)
        pool.client_pool._free_objs.append(connected)
        connected._last_used = 0.0  # what the pool notes of a client that it has made
        return pool
