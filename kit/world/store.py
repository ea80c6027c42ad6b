"""The database of a world: one SQLite connection, optimistic transactions.

Rules: an open transaction is the list of its statements; its own reads and row counts replay the list inside a
savepoint that is rolled back; COMMIT replays it once and refuses where a row count differs. So nobody ever blocks,
there are no dirty reads, an open reader hides no race. A world is reset by rolling back one outer transaction.
Leaves out: blocked writers and their dead-locks (PostgreSQL on threads shows them).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kit.cache.effects import Effect
from kit.world.image import SCHEMA, Image, describe

_STEPS_BETWEEN_LOOKS = 20_000
_MOST_LOOKS = 250  # some five million steps of SQLite's machine, about a second

# A statement may neither leave the world (a file, another database) nor take the image apart.
_DENIED = {
    sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT, sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE, sqlite3.SQLITE_ALTER_TABLE,
    sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_TRIGGER, sqlite3.SQLITE_CREATE_TRIGGER,
    sqlite3.SQLITE_CREATE_TEMP_TRIGGER, sqlite3.SQLITE_CREATE_TEMP_TABLE, sqlite3.SQLITE_CREATE_TEMP_VIEW,
}  # fmt: skip
# sqlite3 keeps our own prepared: their text would pass the authorizer unseen.
_OURS = frozenset({"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"})
_MOST_VALUE = 1 << 20  # bytes of one value
_MOST_RESULT = 1 << 22  # bytes of one result: the rows go through the judge's memory
_AT_ONCE = 64  # rows
_FIRST_WORD = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*(\w*)", re.DOTALL)


@lru_cache(maxsize=256)
def _first_word(sql: str) -> str:
    """The first word of a statement behind its comments."""
    found = _FIRST_WORD.match(sql)
    return found[1].upper() if found else ""


class EndlessQuery(Exception):
    """A statement did not end within the steps that a world allows."""


@dataclass
class Transaction:
    """Statements and their row counts, not yet in the database."""

    statements: list[tuple[str, dict[str, Any], int]] = field(default_factory=list)


@dataclass
class Truth:
    """A query whose versions are counted: `rows` is its state `version`."""

    name: str
    sql: str
    params: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    version: int = 1


class Store:
    """SQL of one world over an `Image`.

    Statements that fail raise sqlite3's own errors; attaching files, pragmas and transaction control by SQL are
    refused ("not authorized"), so is what would drop or alter the image; one that never ends raises EndlessQuery.
    """

    def __init__(self, image: Image) -> None:
        self._looks = 0
        self.truths: dict[str, Truth] = {}
        self.commits = 0
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO flights(id, carrier, number, origin, dest, sched, delay) VALUES (?, ?, ?, ?, ?, ?, ?)",
            image.rows,
        )
        connection.executemany("INSERT INTO airports VALUES (?)", [(code,) for code in image.airports])
        connection.execute("BEGIN")
        self._connection = connection
        self._guarded = False
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_VALUE)
        connection.set_authorizer(self._authorize)
        connection.set_progress_handler(self._look, _STEPS_BETWEEN_LOOKS)

    def reset(self) -> None:
        """Back to the image; truths are forgotten."""
        if self._connection.in_transaction:  # an interrupted write has ended it already
            self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN")
        self.truths.clear()
        self.commits = 0

    # Statements

    def query(self, sql: str, params: Mapping[str, Any], within: Transaction | None = None) -> list[dict[str, Any]]:
        """Rows as dictionaries, in the statement's order. Raises ProgrammingError for a statement that writes."""
        if within is None or not within.statements:
            return self._read(sql, params)
        with self._undone():
            self._replay(within)
            return self._read(sql, params)

    def execute(self, sql: str, params: Mapping[str, Any], within: Transaction | None = None) -> int:
        """Number of rows changed; outside a transaction it is committed at once."""
        if within is None:
            return self._write(sql, params)  # one statement is all or nothing by itself
        with self._undone():
            self._replay(within)
            count = self._write(sql, params)
        within.statements.append((sql, dict(params), count))
        return count

    def commit(self, transaction: Transaction) -> None:
        """Make a transaction's statements real. Raises OperationalError where a row count is not what it was."""
        with self._all_or_nothing():
            self._replay(transaction)

    # Versions

    def watch(self, name: str, sql: str, params: Mapping[str, Any]) -> Effect:
        """Count the versions of a query from now on; its effect is version 1, or the state as it stands."""
        rows = self._read(sql, params)
        columns = tuple(rows[0]) if rows else self._columns(sql, params)
        state = tuple(tuple(row.values()) for row in rows)
        self.truths[name] = Truth(name, sql, dict(params), columns, state)
        return Effect("changed", truth=name, version=1, rows=state)

    def version_of(self, rows: list[dict[str, Any]]) -> Effect | None:
        """The truth whose current state these rows show, cut to its columns; None if they show none."""
        for truth in self.truths.values():
            if len(rows) == len(truth.rows) and all(column in row for row in rows for column in truth.columns):
                cut = tuple(tuple(row[column] for column in truth.columns) for row in rows)
                if cut == truth.rows:
                    return Effect("version", truth=truth.name, version=truth.version)
        return None

    def committed(self) -> tuple[Effect, ...]:
        """Effects of a commit that just happened: `committed`, and `changed` for each truth with a new state."""
        self.commits += 1
        effects = [Effect("committed", size=self.commits)]
        for truth in self.truths.values():
            state = tuple(tuple(row.values()) for row in self._read(truth.sql, truth.params))
            if state != truth.rows:
                label, before, after = self._describe(truth.rows, state)
                truth.rows, truth.version = state, truth.version + 1
                effects.append(
                    Effect(
                        "changed",
                        truth=truth.name,
                        version=truth.version,
                        label=label,
                        before=before,
                        after=after,
                        rows=state,
                    )
                )
        return tuple(effects)

    def state(self) -> tuple[object, ...]:
        """All rows, and the versions counted: what later answers depend on."""
        run = self._connection.execute
        tables = [
            name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        ]
        rows = tuple((name, tuple(run(f'SELECT * FROM "{name}"').fetchall())) for name in tables)
        return rows, self.commits, tuple((one.name, one.version, one.rows) for one in self.truths.values())

    def _describe(self, old: tuple[tuple[Any, ...], ...], new: tuple[tuple[Any, ...], ...]) -> tuple[str, str, str]:
        """The first flight whose delay differs, as a board shows it; empty texts for any other kind of change."""
        was = {row[0]: row[1] for row in old if len(row) == 2}
        for ident, delay in ((row[0], row[1]) for row in new if len(row) == 2):
            if ident in was and was[ident] != delay:
                found = self._connection.execute(
                    "SELECT carrier, number, sched FROM flights WHERE id = ?", (ident,)
                ).fetchone()
                minutes = (found[2], was[ident], delay) if found else ()
                if minutes and all(isinstance(one, int) for one in minutes):  # SQLite keeps what it was given
                    return describe(found, was[ident], delay)
        return "", "", ""

    def _columns(self, sql: str, params: Mapping[str, Any]) -> tuple[str, ...]:
        cursor = self._connection.execute(sql, dict(params))
        return tuple(column[0] for column in cursor.description or ())

    # Below: one statement, and the savepoints around several

    def _read(self, sql: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        if _first_word(sql) in ("SELECT", "VALUES"):
            return self._rows(sql, params)
        with self._undone():  # whatever else it is, it must not have written
            return self._rows(sql, params)

    def _rows(self, sql: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        before = self._connection.total_changes
        cursor = self._run(sql, params)
        if cursor.description is None:
            raise sqlite3.ProgrammingError("query() reads; a statement that writes goes through execute()")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in self._fetch(cursor)]
        if self._connection.total_changes != before:
            raise sqlite3.ProgrammingError("query() reads; a statement that writes goes through execute()")
        return rows

    def _write(self, sql: str, params: Mapping[str, Any]) -> int:
        cursor = self._run(sql, params)
        if cursor.description is not None:
            self._fetch(cursor)
        return max(cursor.rowcount, 0)

    def _run(self, sql: str, params: Mapping[str, Any]) -> sqlite3.Cursor:
        if _first_word(sql) in _OURS:
            raise sqlite3.DatabaseError("not authorized")
        self._looks = 0
        self._guarded = True
        try:
            return self._connection.execute(sql, dict(params))
        except sqlite3.OperationalError as error:
            raise self._blame(error) from None
        finally:
            self._guarded = False

    def _fetch(self, cursor: sqlite3.Cursor) -> list[tuple[Any, ...]]:
        try:
            rows: list[tuple[Any, ...]] = cursor.fetchmany(_AT_ONCE)
            more, size = len(rows) == _AT_ONCE, 0
            while more:
                found = cursor.fetchmany(_AT_ONCE)
                rows += found
                more = len(found) == _AT_ONCE
                size += sum(_size(value) for row in found for value in row)
                if size > _MOST_RESULT:
                    cursor.close()
                    raise sqlite3.DataError(f"a result too large: more than {_MOST_RESULT:,} bytes")
            return rows
        except sqlite3.OperationalError as error:
            raise self._blame(error) from None

    def _blame(self, error: sqlite3.OperationalError) -> Exception:
        if str(error) == "interrupted":
            return EndlessQuery(f"a statement went on for {_MOST_LOOKS * _STEPS_BETWEEN_LOOKS:,} steps without an end")
        return error

    def _replay(self, transaction: Transaction) -> None:
        for sql, params, count in transaction.statements:
            if self._write(sql, params) != count:
                raise sqlite3.OperationalError(
                    "could not serialize access: the rows changed since this transaction read them"
                )

    @contextmanager
    def _undone(self) -> Iterator[None]:
        self._connection.execute("SAVEPOINT s")
        try:
            yield
        finally:
            self._end(undo=True)

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._connection.execute("SAVEPOINT s")
        undo = True
        try:
            yield
            undo = False
        finally:
            self._end(undo)

    def _end(self, undo: bool) -> None:
        """End the savepoint. A write that was interrupted has ended the outer transaction with it."""
        if self._connection.in_transaction:
            if undo:
                self._connection.execute("ROLLBACK TO s")
            self._connection.execute("RELEASE s")

    def _authorize(self, action: int, *_: object) -> int:
        return sqlite3.SQLITE_DENY if self._guarded and action in _DENIED else sqlite3.SQLITE_OK

    def _look(self) -> int:
        self._looks += 1
        return int(self._looks > _MOST_LOOKS)


def _size(value: Any) -> int:
    """About how many bytes a value takes."""
    return 64 + len(value) if isinstance(value, (bytes, str)) else 64
