"""The archive of the whole run: built once into KIT_DATA, which tests share, and then only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kit.workloads.flights import archive as archives
from kit.workloads.flights import rule
from kit.workloads.flights.live import SEED


@pytest.fixture(scope="session")
def archive_file() -> Path:
    return archives.ensure()


@pytest.fixture(scope="session")
def archive(archive_file: Path) -> Iterator[sqlite3.Connection]:
    with closing(archives.open_archive(archive_file.parent)) as connection:
        yield connection


@pytest.fixture(scope="session")
def storm(archive: sqlite3.Connection) -> rule.Day:
    return rule.day_of(archive, rule.STORM, SEED)


@pytest.fixture(scope="session")
def ordinary(archive: sqlite3.Connection) -> rule.Day:
    return rule.day_of(archive, rule.ORDINARY, SEED)
