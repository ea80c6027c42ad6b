"""The clocks that clients hide: module globals of the libraries that sleep, wait or draw by themselves.

Inside an actor they are the world's, outside (a notebook's own threads) the real ones. Each is asserted to exist, so
that a new release of the client cannot move a clock out of sight. `redis.client.time` keeps its real `monotonic`: it
only measures, on every command, and must not count as a clock that the submission read.
Leaves out: BlockingConnectionPool's wait, health checks (off by default).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

# module, global, attributes that are the world's (None: all of them)
Clock = tuple[str, str, frozenset[str] | None]


def _of_redis(library: str) -> tuple[Clock, ...]:
    return (
        (f"{library}.lock", "mod_time", None),
        (f"{library}.lock", "uuid", None),
        (f"{library}.retry", "sleep", None),
        (f"{library}.backoff", "random", None),  # the jitter: it decides how long the world sleeps
        (f"{library}.client", "time", frozenset({"sleep"})),
    )


_OF_PYMEMCACHE: tuple[Clock, ...] = (
    ("pymemcache.pool", "time", None),
    ("pymemcache.client.hash", "time", None),
    ("pymemcache.client.retrying", "sleep", None),
)
HIDDEN: dict[str, tuple[Clock, ...]] = {
    "redis": _of_redis("redis"), "valkey": _of_redis("valkey"),
    "memcached": _OF_PYMEMCACHE, "memcached-pool": _OF_PYMEMCACHE, "none": (),
}  # fmt: skip
_WORLD = {"mod_time": "time", "time": "time", "uuid": "uuid", "sleep": "time", "random": "random"}


class _Either:
    """A module that is the world's inside an actor and the real one elsewhere."""

    def __init__(self, real: Any, virtual: Any, names: frozenset[str] | None, inside: Callable[[], bool]) -> None:
        self._parts = (real, virtual, names, inside)

    def __getattr__(self, name: str) -> Any:
        real, virtual, names, inside = self._parts
        return getattr(virtual if (names is None or name in names) and inside() else real, name)


def rebind(client: str, modules: dict[str, ModuleType], inside: Callable[[], bool]) -> None:
    """Rebind every hidden clock of a client for good. Raises RuntimeError, naming it, where one is not there."""
    for module_name, name, names in HIDDEN[client]:
        module = importlib.import_module(module_name)
        if not hasattr(module, name):
            raise RuntimeError(
                f"{module_name} has no {name} any more: a clock of the client moved; find it (kit/world/hidden.py)"
            )
        original = getattr(module, name)
        real = getattr(original, "_kit_real", None) or (
            original._parts[0] if isinstance(original, _Either) else original
        )
        virtual = modules[_WORLD[name]]
        if name == "sleep":
            setattr(module, name, _either_sleep(real, virtual.sleep, inside))
        else:
            setattr(module, name, _Either(real, virtual, names, inside))


def _either_sleep(real: Callable[[float], None], virtual: Callable[[float], None], inside: Callable[[], bool]) -> Any:
    def sleep(seconds: float) -> None:
        (virtual if inside() else real)(seconds)

    sleep._kit_real = real  # type: ignore[attr-defined]
    return sleep
