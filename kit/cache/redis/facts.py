"""Facts: what a command did, noted cheaply while it runs and made into effects only for who asks.

Rules: a fact is taken at its moment (time to live, digest of a hash that may change later); making an `Effect` costs
a microsecond, noting a fact a tenth, and a replay of a million requests reads none.
"""

from __future__ import annotations

from kit.cache.effects import Effect, digest
from kit.cache.redis.values import Value

Summary = tuple[int, int]
"""Size and mark of a hash or set at the moment of the fact."""
Fact = tuple[str, bytes, bytes | Summary | None, int | None]
"""Kind, key, the value (whole if it is bytes), time to live in ms."""


def fact(kind: str, key: bytes, value: Value, ttl_ms: int | None) -> Fact:
    """What happened to `key`, with the value that was answered, stored or lost."""
    if isinstance(value, bytes):
        return (kind, key, value, ttl_ms)
    return (kind, key, (value.size, value.mark), ttl_ms)


def effect(noted: Fact) -> Effect:
    """The effect that a fact stands for."""
    kind, key, value, ttl_ms = noted
    if value is None:
        return Effect(kind, key)
    if isinstance(value, bytes):
        return Effect(kind, key, len(value), ttl_ms, digest(value))
    size, mark = value
    return Effect(kind, key, size, ttl_ms, f"{mark & 0xFFFFFFFF:08x}")
