"""`db` as a learner gets it: three methods over the world's store.

Source: the contracts of the kit, "Protocols": `query(sql, **params) -> list[dict]`, `execute(sql, **params) -> int`,
`transaction()`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.world.actors import LocalActors


class Database:
    """SQL with named parameters (`:airport`). Errors are sqlite3's own; TypeError where the SQL is no text."""

    def __init__(self, actors: LocalActors) -> None:
        self._actors = actors

    def query(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a SELECT, as dictionaries."""
        rows: list[dict[str, Any]] = self._actors.ask("query", _text(sql), _plain(params))
        return rows

    def execute(self, sql: str, **params: Any) -> int:
        """Run a statement that writes; the number of rows changed. Outside `transaction()` it is committed at once."""
        count: int = self._actors.ask("execute", _text(sql), _plain(params))
        return count

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Statements inside are committed together at the end, or not at all when the block raises."""
        self._actors.ask("begin")
        try:
            yield self
        except BaseException:
            if self._actors.inside():
                self._actors.ask("rollback")
            raise
        self._actors.ask("commit")


def _text(sql: object) -> str:
    if not isinstance(sql, str):
        raise TypeError(f"SQL is text; what came is {sql!r:.60} ({type(sql).__name__})")
    return sql


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    for name, value in params.items():
        if value is not None and not isinstance(value, (int, float, str, bytes)):
            kind = type(value).__name__
            raise sqlite3.ProgrammingError(f"Error binding parameter :{name}: type {kind!r} is not supported")
    return params
