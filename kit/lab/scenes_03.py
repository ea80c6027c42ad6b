"""The scenes of lesson 03: one look by each way it can take, and the window of a point, played with real clients.

Rules: timed tapes with modelled latencies; the code that runs is `kit/strategies/lazy_loading.py`, the same file that a
learner may lift; the writer of lazy loading changes the database and leaves the copy to its TTL.
Source: syllabus.md, lesson 03, Player; the sentences: looks.md, "Words", Lazy loading.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import redis

from kit.lab.figures_03 import Piece
from kit.strategies import lazy_loading
from kit.strategies.adapters.redis import RedisCache
from kit.workloads.scene_rows import RACE
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Tape
from kit.world.timeline import Timed
from kit.world.world import World

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
FLIGHT = "/* flight */ SELECT id, sched, delay FROM flights WHERE carrier || number = :label"
ROWS = "/* board */ SELECT id, delay FROM flights ORDER BY sched, id"
ONE_ROW = "/* flight */ SELECT id, delay FROM flights ORDER BY id"
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
TTL_S = 60
# A number that nobody flies: asked for all the same.
ABSENT = "DL9999"
_SECOND_US = 1_000_000
_READERS = 8
_MOST_OPERATIONS = 100_000


def trips() -> Tape:
    """Three looks at one board: a miss, a hit, and a miss again because the copy has lived its time."""
    return _timed(
        "trips",
        {"get_board": get_board},
        [
            (0, "Reader 1", RACE.airport),
            (_SECOND_US, "Reader 2", RACE.airport),
            (62 * _SECOND_US, "Reader 1", RACE.airport),
        ],
    )


def absent(*, kept: bool) -> Tape:
    """Two looks at a flight that does not exist. kept: whether the answer "there is none" is stored too."""
    return _timed(
        "absent", {"get_departure": get_departure if kept else _get_departure_if_any},
        [(0, "Reader 1", ABSENT), (_SECOND_US, "Reader 2", ABSENT)],
    )  # fmt: skip


def cache_away() -> Tape:
    """One look while nobody answers at the cache's address: an error, the database, an answer, and no SET."""
    return _timed("cache_away", {"get_board": get_board}, [(0, "Reader 1", RACE.airport)], away=True)


def trace(piece: Piece, grain: str, ttl_s: int) -> Tape:
    """The window of one point: every look asks for the one key, every change is written past the cache."""
    sql = ONE_ROW if grain == "flight" else ROWS

    def look(cache: redis.Redis, db: Any, flight: int) -> Any:
        def load() -> bytes:
            return json.dumps([[row["id"], row["delay"]] for row in db.query(sql)]).encode()

        rows = json.loads(lazy_loading.read(RedisCache(cache), piece.key, load, ttl=ttl_s))
        return next(delay for number, delay in rows if number == flight)

    def post_delay(cache: redis.Redis, db: Any, flight: int, minutes: int) -> None:
        db.execute(SET_DELAY, flight=flight, minutes=minutes)

    calls = [
        Timed(at_us, f"Reader {number % _READERS + 1}", call("look", flight))
        for number, (at_us, flight) in enumerate(piece.looks)
    ] + [Timed(at_us, "Writer", call("post_delay", flight, delay)) for at_us, flight, delay in piece.changes]

    def window(world: Script) -> None:
        world.timeline(calls)

    functions: dict[str, Callable[..., Any]] = {"look": look, "post_delay": post_delay}
    world = World(LocalActors(Submission(functions=functions)), Image(piece.rows, ()), operation_limit=_MOST_OPERATIONS)
    return world.run(window).tape


def get_board(cache: redis.Redis, db: Any, airport: str) -> Any:
    """Lazy loading as `kit/strategies` has it, over redis-py."""

    def load() -> bytes:
        return json.dumps(db.query(BOARD, airport=airport)).encode()

    return json.loads(lazy_loading.read(RedisCache(cache), f"board:{airport}", load, ttl=TTL_S))


def get_departure(cache: redis.Redis, db: Any, label: str) -> Any:
    """The same for one flight: an answer without rows is stored like any other."""

    def load() -> bytes:
        return json.dumps(db.query(FLIGHT, label=label)).encode()

    return json.loads(lazy_loading.read(RedisCache(cache), f"departure:{label}", load, ttl=TTL_S))


def _get_departure_if_any(cache: redis.Redis, db: Any, label: str) -> Any:
    """What `if rows:` makes of it: nothing is stored where there is nothing."""
    key = f"departure:{label}"
    if found := cache.get(key):
        return json.loads(found)
    rows = db.query(FLIGHT, label=label)
    if rows:
        cache.set(key, json.dumps(rows), ex=TTL_S)
    return rows


def _timed(
    name: str, functions: Mapping[str, Callable[..., Any]], looks: list[tuple[Any, ...]], *, away: bool = False
) -> Tape:
    function = next(iter(functions))
    calls = [Timed(at_us, actor, call(function, *args)) for at_us, actor, *args in looks]

    def scene(world: Script) -> None:
        world.truth(f"board of {RACE.airport}", TRUTH, airport=RACE.airport)
        if away:
            world.fault("unreachable")
        world.timeline(calls)

    scene.__name__ = name
    world = World(LocalActors(Submission(functions=functions)), Image(RACE.rows, (RACE.airport,)))
    return world.run(scene).tape
