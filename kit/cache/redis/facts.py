"""Facts: what a command did, noted cheaply while it runs and made into effects only for who asks.

Rules: a fact is taken at its moment (time to live, digest of a hash that may change later); making an `Effect` costs
a microsecond, noting a fact a tenth, and a replay of a million requests reads none.
"""

from __future__ import annotations

from kit.cache.effects import Effect, digest
from kit.cache.redis.values import Value

Fact = tuple[str, bytes, bytes | None, int, int, int | None]
"""kind, key, the value if it is bytes, size, mark of a hash or set, time to live in ms."""


def fact(kind: str, key: bytes, value: Value | None, ttl_ms: int | None) -> Fact:
    """What happened to `key`, with the value that was answered, stored or lost."""
    if value is None or isinstance(value, bytes):
        return (kind, key, value, 0, 0, ttl_ms)
    return (kind, key, None, value.size, value.mark, ttl_ms)


def effect(noted: Fact) -> Effect:
    """The effect that a fact stands for."""
    kind, key, value, size, mark, ttl_ms = noted
    if kind == "miss":
        return Effect("miss", key)
    if value is not None:
        return Effect(kind, key, len(value), ttl_ms, digest(value))
    return Effect(kind, key, size, ttl_ms, f"{mark:08x}")
