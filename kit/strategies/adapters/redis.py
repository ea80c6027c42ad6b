"""redis-py as a `CasCache`: any server that speaks GET, SET with NX, and SET with IFEQ (Valkey 8.1 and later).

Rules: one command a method; value and end in the same SET; the client's errors become CacheError, with the client's
own as the cause. The token of `gets` is the value itself: `cas` is `SET key value IFEQ token`.
Source: redis-py 8.1.0; Valkey 9.1, SET (IFEQ since 8.1; Redis has it from 8.4), tried 2026-11-24.
Leaves out: clients that decode replies (values are bytes), and servers without IFEQ: there `cas` raises CacheError.
"""

from __future__ import annotations

from typing import Any, cast

import redis

from kit.strategies.protocols import CacheError


class RedisCache:
    """A connected client as a cache. Raises ValueError for a client made with `decode_responses=True`.

    >>> RedisCache(redis.Redis()).set("board:JFK", b"[]", ttl=60)  # doctest: +SKIP
    """

    __slots__ = ("_client",)

    def __init__(self, client: redis.Redis) -> None:
        if client.get_encoder().decode_responses:
            raise ValueError("the client decodes its replies to text; values are bytes: leave decode_responses out")
        self._client = client

    def get(self, key: str) -> bytes | None:
        return cast("bytes | None", self._ask("GET", key))

    def set(self, key: str, value: bytes, *, ttl: float | None = None) -> None:
        self._ask("SET", key, value, *_end(ttl))

    def add(self, key: str, value: bytes, *, ttl: float | None = None) -> bool:
        return bool(self._ask("SET", key, value, "NX", *_end(ttl)))

    def delete(self, key: str) -> bool:
        return bool(self._ask("DEL", key))

    def gets(self, key: str) -> tuple[bytes, bytes] | None:
        value = self.get(key)
        return None if value is None else (value, value)

    def cas(self, key: str, value: bytes, token: Any, *, ttl: float | None = None) -> bool:
        return bool(self._ask("SET", key, value, "IFEQ", token, *_end(ttl)))

    def _ask(self, *command: str | bytes | int) -> Any:
        # execute_command and not set(ifeq=…): that one warns at every call that its argument is experimental.
        try:
            return self._client.execute_command(*command)  # type: ignore[no-untyped-call]
        except redis.RedisError as error:
            raise CacheError(f"{command[0]!s} {command[1]!s} failed: {error}") from error


def _end(ttl: float | None) -> tuple[str, int] | tuple[()]:
    """The part of SET that ends an entry: whole seconds as EX, else milliseconds as PX."""
    if ttl is None:
        return ()
    if ttl <= 0:
        raise ValueError(f"a ttl is a number of seconds above 0, or None for no end; it was {ttl!r}")
    return ("EX", int(ttl)) if ttl == int(ttl) else ("PX", max(1, round(ttl * 1000)))
