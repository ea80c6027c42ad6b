"""The scenes of lesson 05: a reader and a writer of one board, and minutes of the storm, played with real clients.

Rules: the race is a function of a list of choices, so the player can ask for another order; rows and events are those
of the archive; the code that runs is `kit/strategies/invalidate_on_write`, the same files that a learner may lift.
Source: syllabus.md, lesson 05, Player; the race's twelve steps: looks.md, "Words".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import redis

from kit.strategies.adapters.redis import RedisCache
from kit.strategies.invalidate_on_write import delete_first, textbook
from kit.strategies.protocols import Cache
from kit.workloads.flights.window import Look, Window
from kit.workloads.scene_rows import RACE
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Tape
from kit.world.timeline import Timed
from kit.world.world import Run, World

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
TTL_S = 60
# One deviation: the reader has its rows, and the writer goes before it stores them.
STALE_SET = (0, 0, 1)
# The writer has deleted and not yet written; the reader comes in between.
REFILLED = (1, 1)
_READERS = 8
_MOST_OPERATIONS = 100_000

Write = Callable[[Cache, str, Callable[[], object]], None]


WRITES: dict[str, Write] = {"textbook": textbook.write, "delete_first": delete_first.write}


def race(choices: Iterable[int] = (), write: str = "textbook") -> Run:
    """One order of a reader and a writer of the board of Newark, and the next passenger after them."""
    world = World(LocalActors(_processes(WRITES[write])), Image(RACE.rows, (RACE.airport,)))
    return world.run(_race, choices)


def storm(window: Window, write: str) -> Tape:
    """A window of the day as a timed tape: every look reads the board, every change is posted, latencies modelled."""
    world = World(
        LocalActors(_processes(WRITES[write])),
        Image(window.rows, (window.airport,)),
        operation_limit=_MOST_OPERATIONS,
    )
    return world.run(_storm(window)).tape


def _race(world: Script) -> None:
    world.truth(f"board of {RACE.airport}", TRUTH, airport=RACE.airport)
    world.explore(
        {
            "Reader 1": [call("get_board", RACE.airport)],
            "Writer": [call("post_delay", RACE.airport, RACE.flight, RACE.delay)],
        }
    )
    world.call("get_board", RACE.airport)


def _storm(window: Window) -> Callable[[Script], None]:
    timed = []
    for number, event in enumerate(window.events):
        at_us = event.at_us - window.start_us
        if isinstance(event, Look):
            timed.append(Timed(at_us, f"Reader {number % _READERS + 1}", call("look", window.airport, event.flight)))
        elif event.delay != event.before:
            timed.append(Timed(at_us, "Writer", call("post_delay", window.airport, event.flight, event.delay)))

    def storm(world: Script) -> None:
        world.truth(f"board of {window.airport}", TRUTH, airport=window.airport)
        world.timeline(timed)

    return storm


def _processes(write: Write) -> Submission:
    def get_board(cache: redis.Redis, db: Any, airport: str) -> Any:
        def load() -> bytes:
            return json.dumps(db.query(BOARD, airport=airport)).encode()

        return json.loads(textbook.read(RedisCache(cache), f"board:{airport}", load, ttl=TTL_S))

    def look(cache: redis.Redis, db: Any, airport: str, flight: int) -> Any:
        return next(row["delay"] for row in get_board(cache, db, airport) if row["id"] == flight)

    def post_delay(cache: redis.Redis, db: Any, airport: str, flight: int, minutes: int) -> None:
        def change() -> int:
            rows: int = db.execute(SET_DELAY, flight=flight, minutes=minutes)
            return rows

        write(RedisCache(cache), f"board:{airport}", change)

    return Submission(functions={"get_board": get_board, "look": look, "post_delay": post_delay})
