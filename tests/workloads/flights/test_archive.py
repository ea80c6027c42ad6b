"""The archive: whole or absent, whenever its build was killed and however many build it."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from kit.workloads.flights import archive as archives
from kit.workloads.flights import schema
from kit.workloads.flights.errors import NoArchive

# Reads the installed rows once, then forks a builder for each instant. A builder ends itself by SIGKILL, which nothing
# can catch, when so many rows are done (a number) or at an audit event of the file system (a name). Printed for each:
# the signal it died of, whether an archive stands under its name, and how many unfinished files lie about.
_KILLED = """
import os, signal, sys
from pathlib import Path
from kit.workloads.flights import archive, schema, source

class Read:
    def __init__(self):
        self.tables = {table.file: list(source.installed().table(table.file)) for table in schema.TABLES if table.file}
        self.rows = list(source.installed().flights())
    def table(self, name):
        return iter(self.tables[name])
    def flights(self):
        return iter(self.rows)

def build(folder, instant, read):
    def die():
        os.kill(os.getpid(), signal.SIGKILL)
    def watch(event, arguments):
        if event == instant and str(arguments[0]).startswith(str(folder)):
            die()
    sys.addaudithook(watch)
    last = int(instant) if instant.isdigit() else sys.maxsize
    archive.ensure(folder, lambda done, rows: die() if done >= last else None, read)

folder, read = Path(sys.argv[1]), Read()
for instant in sys.argv[2:]:
    builder = os.fork()
    if not builder:
        try:
            build(folder, instant, read)
        finally:
            os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(builder, 0)[1])
    print(-status, int(archive.path(folder).exists()), len(list(folder.glob("*.partial"))))
"""
_BUILDER = "import sys, pathlib; from kit.workloads.flights import archive; archive.ensure(pathlib.Path(sys.argv[1]))"
# What `ensure` does inside its lock; called without it, as where a file system knows no locks.
_UNLOCKED = """
import sys, pathlib
from kit.workloads.flights import archive, source
archive._build(archive.path(pathlib.Path(sys.argv[1])), source.installed(), lambda done, rows: None)
"""


def _counts(folder: Path) -> dict[str, int]:
    with closing(archives.open_archive(folder)) as db:
        return {table.name: db.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0] for table in schema.TABLES}


def _leftovers(folder: Path) -> list[Path]:
    return list(folder.glob("*.partial"))


_WHOLE = {table.name: table.rows for table in schema.TABLES}


@dataclass(frozen=True)
class Killed:
    """What builds left that were killed, each in the folder of the one before: (signal, archives, unfinished files)."""

    folder: Path
    at_rows: list[list[int]]
    before_the_name: list[int]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    chance = random.Random(2013)
    instants = [str(chance.randrange(schema.ROWS)) for _ in range(20)]
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-c", _KILLED, str(folder), *instants, "os.rename"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    *at_rows, before_the_name = [[int(word) for word in line.split()] for line in lines]
    return Killed(folder, at_rows, before_the_name)


@pytest.mark.slow
def test_a_build_killed_at_20_random_instants_is_never_taken_for_whole(killed: Killed) -> None:
    # One unfinished file, never more: each build removes what the one before has left.
    assert killed.at_rows == [[signal.SIGKILL, 0, 1]] * 20
    with pytest.raises(NoArchive):
        archives.open_archive(killed.folder)


@pytest.mark.slow
def test_a_build_killed_just_before_it_gets_its_name_leaves_no_archive(killed: Killed) -> None:
    assert killed.before_the_name == [signal.SIGKILL, 0, 1]


@pytest.mark.slow
def test_the_next_build_is_whole_and_its_progress_goes_from_nothing_to_all(killed: Killed) -> None:
    seen: list[tuple[int, int]] = []
    archives.ensure(killed.folder, lambda done, rows: seen.append((done, rows)))
    assert _counts(killed.folder) == _WHOLE
    assert _leftovers(killed.folder) == []
    assert (seen[0], seen[-1]) == ((0, schema.ROWS), (schema.ROWS, schema.ROWS))
    assert all(0 < later[0] - earlier[0] <= 4_000 for earlier, later in pairwise(seen))


@pytest.mark.parametrize("script", [_BUILDER, _UNLOCKED], ids=["with the lock", "where there are no locks"])
def test_two_builds_at_once_both_end_with_the_one_whole_archive(kit_data: Path, script: str) -> None:
    builders = [subprocess.Popen([sys.executable, "-c", script, str(kit_data)]) for _ in range(2)]
    assert [builder.wait() for builder in builders] == [0, 0]
    assert _counts(kit_data) == _WHOLE
    assert _leftovers(kit_data) == []


def test_an_interrupted_build_tidies_up_and_the_next_one_succeeds(kit_data: Path) -> None:
    def interrupt(done: int, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archives.ensure(kit_data, interrupt)
    assert _leftovers(kit_data) == []
    with pytest.raises(NoArchive):
        archives.open_archive(kit_data)


def test_an_archive_that_is_there_is_not_built_again(archive_file: Path) -> None:
    before = archive_file.stat().st_mtime_ns

    def never(done: int, rows: int) -> None:
        raise AssertionError("built again")

    assert archives.ensure(archive_file.parent, never) == archive_file
    assert archive_file.stat().st_mtime_ns == before


def test_the_archive_is_whole(archive_file: Path, archive: sqlite3.Connection) -> None:
    assert _counts(archive_file.parent) == _WHOLE
    assert archive.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_the_archive_has_the_columns_and_the_index_of_the_syllabus(archive: sqlite3.Connection) -> None:
    columns = [row["name"] for row in archive.execute("PRAGMA table_info(flight)")]
    assert " ".join(columns) == (
        "id day sched_dep dep dep_delay arr sched_arr arr_delay carrier number tailnum origin dest air_time distance "
        "time_hour"
    )
    assert [row["name"] for row in archive.execute("PRAGMA index_info(board)")] == ["origin", "day", "sched_dep"]


def test_numbers_are_numbers_and_what_was_not_available_is_null(archive: sqlite3.Connection) -> None:
    kinds = "SELECT DISTINCT typeof(dep), typeof(dep_delay), typeof(number), typeof(day) FROM flight ORDER BY 1, 2"
    assert [tuple(row) for row in archive.execute(kinds)] == [
        ("integer", "integer", "integer", "text"),
        ("null", "null", "integer", "text"),
    ]
    assert archive.execute("SELECT count(*) FROM plane WHERE typeof(seats) != 'integer'").fetchone()[0] == 0
    assert archive.execute("SELECT count(*) FROM weather WHERE typeof(visib) = 'text'").fetchone()[0] == 0


def test_the_archive_cannot_be_written_to(archive: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive.execute("DELETE FROM airline")


def test_a_folder_with_a_question_mark_in_its_name_is_opened_too(archive_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a folder? 100%#1"
    folder.mkdir()
    (folder / archives.NAME).symlink_to(archive_file)
    assert _counts(folder) == _WHOLE


def test_no_archive_is_a_sentence_that_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="no archive in"):
        archives.open_archive(tmp_path)
