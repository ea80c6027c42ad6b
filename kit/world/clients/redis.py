"""redis-py in the world."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import redis
from redis.backoff import NoBackoff
from redis.connection import Connection, ConnectionPool
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from kit.world.clients.resp import InMemory, RespClients

if TYPE_CHECKING:
    from kit.world.actors import LocalActors


class MemoryConnection(InMemory, Connection):
    """A redis-py connection in memory."""


def clients(actors: LocalActors, timeout_s: float, protocol: int) -> RespClients:
    """Clients as learners get them at work, but without retries: the library's own are ten."""
    # `SET … IFEQ` works on every server of the kit; redis-py warns at each call.
    warnings.filterwarnings("ignore", "Call to '.*' method with experimental usage", UserWarning)
    options: dict[str, Any] = {
        "actors": actors, "host": "cache", "port": 6379, "protocol": protocol, "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s, "retry": Retry(NoBackoff(), 0), "driver_info": None,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }  # fmt: skip

    def pool() -> ConnectionPool:
        return ConnectionPool(connection_class=MemoryConnection, **options)

    def connected() -> ConnectionPool:
        made = pool()
        made.release(made.get_connection())
        return made

    return RespClients(connected, redis.Redis(connection_pool=pool()))
