"""A session: what the server keeps about one connection.

Rules: created by the engine, which counts the ids; a session belongs to one connection and outlives a transaction;
`reset` takes back what code can leave behind, and keeps what connection set-up made.
Source: Valkey 9.1.2, the client structure in server.h; multi.c for `dirty` (CLIENT_DIRTY_CAS) and `failed`
(CLIENT_DIRTY_EXEC).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.cache.redis.keyspace import Keyspace, Watch

if TYPE_CHECKING:
    from kit.cache.redis.engine import Engine
    from kit.cache.redis.table import Command


class Session:
    """State of one connection.

    proto: 2 or 3; db: number of the selected database, `keys` its keyspace; queue: None outside MULTI; dirty: a watched
    key changed; failed: a command was refused while queueing; closing: QUIT was answered, the connection ends.
    """

    __slots__ = (
        "authenticated", "closing", "db", "dirty", "engine", "failed", "id", "keys", "lib_name", "lib_ver", "memory",
        "name", "proto", "queue", "watched",
    )  # fmt: skip

    def __init__(self, engine: Engine, number: int) -> None:
        self.engine = engine
        self.memory = engine.memory
        self.id = number
        self.watched: dict[tuple[int, bytes], Watch] = {}
        self.queue: list[tuple[Command, tuple[bytes, ...]]] | None = None
        self.keys: Keyspace
        self.connect()

    def connect(self) -> None:
        """As a fresh connection is: RESP2, database 0, no name, authenticated only where no password is set."""
        self.reset()
        self.proto = 2
        self.name = self.lib_name = self.lib_ver = b""
        self.authenticated = self.engine.password is None
        self.closing = False

    def reset(self) -> None:
        """Between two runs: leave MULTI, drop every WATCH, back to database 0. Protocol, AUTH and names stay."""
        self.unwatch()
        self.leave()
        self.select(0)

    def close(self) -> None:
        """The connection ended: its transaction and its watches end with it."""
        self.reset()
        self.engine.connected -= 1

    def select(self, db: int) -> None:
        """Go to another database."""
        self.db = db
        self.keys = self.engine.databases[db]

    def leave(self) -> None:
        """End a transaction, executed or not."""
        self.queue = None
        self.failed = False

    def watch(self, key: bytes) -> None:
        """Watch a key of the selected database; watching twice is watching once."""
        if (self.db, key) not in self.watched:
            self.watched[self.db, key] = self.keys.watch(key, self)

    def unwatch(self) -> None:
        """Forget every watched key and that one changed."""
        for (db, key), watch in self.watched.items():
            self.engine.databases[db].unwatch(key, watch)
        self.watched.clear()
        self.dirty = False

    def watched_keys_intact(self) -> bool:
        """May EXEC run: no watched key changed, and none ended since it was watched?"""
        return not self.dirty and not any(
            self.engine.databases[db].is_due(key) and not watch.expired for (db, key), watch in self.watched.items()
        )
