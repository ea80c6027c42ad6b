"""What lesson 03 measures on this machine: where a cache loses, and the learner's function before real servers.

Rules: for cells tagged `measured`, which store nothing; no claim rests on these figures; a server that is not here is
named in a sentence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from statistics import median

import redis

from kit.cache.clock import WallClock
from kit.grading import in_service, judge
from kit.grading.exercise import load
from kit.lab import tables
from kit.real.supervisor import StartFailed
from kit.real.valkey import running_valkey
from kit.workloads.flights import archive

ROUNDS = 400
ENGINES = {"lazy_loading": "valkey", "lazy_loading_memcached": "memcached"}
LOOK_UP = "SELECT * FROM flight WHERE id = ?"
BUSIEST = "SELECT origin, dest, count(*) AS n FROM flight GROUP BY origin, dest ORDER BY n DESC LIMIT 20"


def honest_loss() -> tuple[list[str], list[list[str]], str]:
    """Microseconds of a look-up and of a report, from the database in this process and from a real cache."""
    year = archive.open_archive(archive.ensure().parent)
    (flight,) = year.execute("SELECT min(id) FROM flight").fetchone()
    clock = WallClock()
    with running_valkey() as server, redis.Redis(server.host, server.port) as client:
        for key, sql, values in (("flight", LOOK_UP, (flight,)), ("routes", BUSIEST, ())):
            client.set(key, repr([tuple(row) for row in year.execute(sql, values)]))
        rows = [
            _row("one flight, by its key", _median(clock, lambda: _query(year, LOOK_UP, (flight,)), ROUNDS),
                 _median(clock, lambda: client.get("flight"), ROUNDS)),
            _row("the year's busiest routes", _median(clock, lambda: _query(year, BUSIEST, ()), 3),
                 _median(clock, lambda: client.get("routes"), ROUNDS)),
        ]  # fmt: skip
    head = ["what is asked", "SQLite in this process", "Valkey on loopback", "who wins"]
    return head, rows, "Measured here, medians. A database across the network would cost a round trip more."


def on_real_servers() -> tuple[list[str], list[list[str]], str]:
    """The checks that need no virtual clock, with real servers in the model's place. Servers not here are named."""
    rows, notes = [], []
    for ident, engine in ENGINES.items():
        exercise = load(ident)
        found = in_service.code(exercise)
        whose = "yours" if found.own else "the reference"
        try:
            verdict = judge.check(exercise, found.text, engine=engine)
        except StartFailed as missing:
            notes.append(f"No {engine} here: {missing}.")
            continue
        rows += [
            [engine, whose, one["title"], "✓ passes" if one["passed"] else "✕ fails", f"{one['schedules']:,}"]
            for one in verdict["checks"]
            if one["passed"] is not None
        ]
    head = ["server", "code", "check", "result", "orders played"]
    return head, rows, " ".join(["A real server does not let its clock be moved: the other checks stay ours.", *notes])


def show(made: Callable[[], tuple[list[str], list[list[str]], str]]) -> None:
    """Show a table, or say why there is none."""
    try:
        tables.show(*made())
    except StartFailed as problem:
        print(f"No real server here: {problem}")


def _query(year: sqlite3.Connection, sql: str, values: tuple[int, ...]) -> object:
    return year.execute(sql, values).fetchall()


def _median(clock: WallClock, ask: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        begun = clock.monotonic_s()
        ask()
        found.append((clock.monotonic_s() - begun) * 1e6)
    return median(found)


def _row(what: str, database: float, cache: float) -> list[str]:
    ratio = database / cache
    wins = f"the cache, {ratio:,.0f} times" if ratio > 1 else f"the database, {1 / ratio:.1f} times"
    return [what, f"{database:,.0f} µs", f"{cache:,.0f} µs", wins]
