"""redis-py in process: real client, RESP bytes, engine, and the tape on; against its floor, and fakeredis.

CPU time of a GET and a SET: a call that makes a thousand of them, less the same call that makes none.
Leaves out: the same with the tape off, which no room offers; pipelines and Memcached, which have no lesson yet.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.image import Image
from kit.world.script import Script
from kit.world.world import World
from tests.bench.paired import Line, Side, cpu, paired
from tests.bench.references import VALUE, Floor, missing

_MANY = 1_000
_ITEMS = {f"key:{number:04d}": VALUE for number in range(_MANY)}


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The client's lines."""
    sides: dict[str, Side] = {"floor": Floor(), "get": _in_process("gets"), "set": _in_process("sets")}
    why = missing("fakeredis")
    if not why:
        sides |= _fakeredis()
    found = paired(sides, rounds)
    for name in ("get", "set"):
        beside = f"{found.cost(name) * 1e6:.1f} µs, floor {found.cost('floor') * 1e6:.1f} µs"
        yield Line(f"redis-py {name.upper()}, tape on", found.ratio(name, "floor"), "× its floor, a GET", beside=beside)
    for name in ("get", "set"):
        what = f"redis-py {name.upper()}, tape on"
        if why:
            yield Line(what, None, beside=why)
        else:
            yield Line(what, found.ratio(name, f"fakeredis {name}"), "× fakeredis", 0.9, 0.7)


def _gets(cache: Any, db: Any, operations: int) -> None:
    cache.mset(_ITEMS)
    for key in list(_ITEMS)[:operations]:
        cache.get(key)


def _sets(cache: Any, db: Any, operations: int) -> None:
    cache.mset(_ITEMS)
    for key in list(_ITEMS)[:operations]:
        cache.set(key, VALUE)


def _in_process(function: str) -> Side:
    actors = LocalActors(Submission(functions={"gets": _gets, "sets": _sets}))
    world = World(actors, Image(COMMON, AIRPORTS), operation_limit=2 * _MANY)

    def play(operations: int) -> None:
        def scene(script: Script) -> None:
            script.call(function, operations)

        run = world.run(scene)
        assert run.stuck is None, run.stuck

    return lambda: (cpu(lambda: play(_MANY)) - cpu(lambda: play(0))) / _MANY


def _fakeredis() -> dict[str, Side]:
    fakeredis: Any = importlib.import_module("fakeredis")
    client = fakeredis.FakeRedis()

    def side(function: Any) -> Side:
        return lambda: (cpu(lambda: function(client, None, _MANY)) - cpu(lambda: function(client, None, 0))) / _MANY

    return {"fakeredis get": side(_gets), "fakeredis set": side(_sets)}
