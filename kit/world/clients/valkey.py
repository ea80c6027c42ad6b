"""valkey-py in the world: the fork of redis-py that speaks to the same servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import valkey
from valkey.backoff import NoBackoff
from valkey.connection import Connection, ConnectionPool
from valkey.retry import Retry

from kit.world.clients.resp import InMemory, RespClients

if TYPE_CHECKING:
    from kit.world.actors import LocalActors


class MemoryConnection(InMemory, Connection):
    """A valkey-py connection in memory."""


def clients(actors: LocalActors, timeout_s: float, protocol: int) -> RespClients:
    """Clients as learners get them at work, but without retries."""
    options: dict[str, Any] = {
        "actors": actors, "host": "cache", "port": 6379, "protocol": protocol, "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s, "retry": Retry(NoBackoff(), 0), "lib_name": None, "lib_version": None,
    }  # fmt: skip

    def pool() -> ConnectionPool:
        return ConnectionPool(connection_class=MemoryConnection, **options)

    def connected() -> ConnectionPool:
        made = pool()
        made.release(made.get_connection("PING"))
        return made

    return RespClients(connected, valkey.Valkey(connection_pool=pool()))
