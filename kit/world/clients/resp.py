"""What redis-py and valkey-py share: pools of one in-memory connection, kept between schedules where that is clean.

Rules: of a connection nothing is overridden but how it connects, and that the pieces of a large command are joined; a
pool is kept where its one connection is idle; each process gets a copy of one template, so an attribute set on `cache`
leaks nowhere. Source: redis-py 8.1.0 and valkey-py 6.2.0 (Connection, ConnectionPool), read 2026-11-25.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.world.clients.socket import MemorySocket

if TYPE_CHECKING:
    from kit.world.actors import LocalActors, Process

_MOST_JOINED = 1 << 26  # bytes; a larger command is not copied once more


class InMemory:
    """To be mixed into a client's connection class: its socket is a `MemorySocket`."""

    socket_timeout: float | None

    def __init__(self, *, actors: LocalActors, **options: Any) -> None:
        super().__init__(**options)
        self._actors = actors

    def _connect(self) -> Any:
        sock = MemorySocket(self._actors)
        sock.connect(None)
        sock.settimeout(self.socket_timeout)
        return sock

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        # The clients send a value above 6,000 bytes in several pieces: one request carries them as well.
        pieces: list[bytes] = [command] if isinstance(command, bytes) else list(command)
        if sum(map(len, pieces)) <= _MOST_JOINED:
            pieces = [b"".join(pieces)]
        super().send_packed_command(pieces, check_health)  # type: ignore[misc]


class RespClients:
    """See `clients.Clients`. new_pool: a pool that has connected; template: a client to copy."""

    def __init__(self, new_pool: Callable[[], Any], template: Any) -> None:
        self._new_pool, self._template = new_pool, template
        self._pools: dict[str, Any] = {}

    def client(self, process: Process) -> Any:
        """A connected client of its own for `process`, which must be the one that runs."""
        pool = self._pools.pop(process.name, None)
        if pool is None or not _adopt(pool, process):
            pool = self._new_pool()
        self._pools[process.name] = pool
        client = copy.copy(self._template)
        client.connection_pool = pool
        return client

    def forget(self, process: Process) -> None:
        """Drop the pool of a process that did not come to its end."""
        self._pools.pop(process.name, None)


def _adopt(pool: Any, process: Process) -> bool:
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
