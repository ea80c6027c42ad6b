"""The real clients, unmodified, on an in-memory socket whose bytes go to the world. Imported only when needed: `make`.

`redis` is redis-py, `valkey` is valkey-py (both speak redis mode), `memcached` is pymemcache's Client and
`memcached-pool` its PooledClient. Each process gets a client of its own, connected, with a time-out of 1 s and without
retries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kit.world.actors import LocalActors, Process

NAMES = ("redis", "valkey", "memcached", "memcached-pool", "none")
TIMEOUT_S = 1


class Clients(Protocol):
    """Clients for the processes of one `LocalActors`. `forget`: what that process has is not used again."""

    def client(self, process: Process) -> Any: ...
    def forget(self, process: Process) -> None: ...


def make(name: str, actors: LocalActors, protocol: int) -> Clients | None:
    """The clients called `name`; None for `none`. Raises ValueError for a name that is not in `NAMES`."""
    if name == "none":
        return None
    if name == "redis":
        from kit.world.clients import redis

        return redis.clients(actors, TIMEOUT_S, protocol)
    if name == "valkey":
        from kit.world.clients import valkey

        return valkey.clients(actors, TIMEOUT_S, protocol)
    if name in ("memcached", "memcached-pool"):
        from kit.world.clients.memcached import MemcachedClients

        return MemcachedClients(actors, TIMEOUT_S, pooled=name == "memcached-pool")
    raise ValueError(f"no client is called {name!r}; there are {', '.join(NAMES)}")
