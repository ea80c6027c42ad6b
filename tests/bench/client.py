"""redis-py in process: real client, RESP bytes, engine, the tape on and off; against its floor, and fakeredis.

CPU time of a GET and a SET: a call that makes a thousand of them, less the same call that makes none. "Tape off" is
the client on an engine without a world, as tests of the engine have it; pipelines go a hundred commands at a time.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.image import Image
from kit.world.script import Script
from kit.world.world import World
from tests.bench.paired import Line, Side, cpu, paired
from tests.bench.references import VALUE, Floor, missing
from tests.cache.transport import connected

_MANY = 1_000
_TOGETHER = 100
_ITEMS = {f"key:{number:04d}": VALUE for number in range(_MANY)}


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The client's lines."""
    why = missing("fakeredis")
    with connected(Engine(ManualClock())) as client:
        sides: dict[str, Side] = {"floor": Floor()}
        sides |= {f"{name}, tape on": _in_process(name) for name in _CALLS}
        sides |= {f"{name}, tape off": _beside_no_world(client, name) for name in _CALLS}
        if not why:
            sides |= _fakeredis()
        found = paired(sides, rounds)
    for name in sides:
        if name.endswith(("on", "off")):
            beside = f"{found.cost(name) * 1e6:.1f} µs, floor {found.cost('floor') * 1e6:.1f} µs"
            yield Line(f"redis-py {name}", found.ratio(name, "floor"), "× its floor, a GET", beside=beside)
    for name, (_, on, off) in _CALLS.items():
        for tape, limits in (("on", on), ("off", off)):
            if why:
                yield Line(f"redis-py {name}, tape {tape}", None, beside=why)
                continue
            ratio = found.ratio(f"{name}, tape {tape}", f"fakeredis {name}")
            beside = f"fakeredis {found.cost(f'fakeredis {name}') * 1e6:.1f} µs"
            yield Line(f"redis-py {name}, tape {tape}", ratio, "× fakeredis", *limits, beside)


def _gets(cache: Any, db: Any, operations: int) -> None:
    cache.mset(_ITEMS)
    for key in list(_ITEMS)[:operations]:
        cache.get(key)


def _sets(cache: Any, db: Any, operations: int) -> None:
    cache.mset(_ITEMS)
    for key in list(_ITEMS)[:operations]:
        cache.set(key, VALUE)


def _pipelined(cache: Any, db: Any, operations: int) -> None:
    cache.mset(_ITEMS)
    for at in range(0, operations, _TOGETHER):
        pipe = cache.pipeline(transaction=False)
        for key in list(_ITEMS)[at : at + _TOGETHER]:
            pipe.get(key)
        pipe.execute()


# Name: the call; target and stretch with the tape on, and off.
_CALLS = {
    "GET": (_gets, (0.9, 0.7), (0.7, 0.5)),
    "SET": (_sets, (0.9, 0.7), (0.7, 0.5)),
    "GET × 100 in a pipeline": (_pipelined, (None, None), (0.5, 0.4)),
}


def _in_process(name: str) -> Side:
    actors = LocalActors(Submission(functions={name: _CALLS[name][0]}))
    world = World(actors, Image(COMMON, AIRPORTS), operation_limit=2 * _MANY)

    def play(operations: int) -> None:
        def scene(script: Script) -> None:
            script.call(name, operations)

        run = world.run(scene)
        assert run.stuck is None, run.stuck

    return lambda: (cpu(lambda: play(_MANY)) - cpu(lambda: play(0))) / _MANY


def _beside_no_world(client: Any, name: str) -> Side:
    function = _CALLS[name][0]
    return lambda: (cpu(lambda: function(client, None, _MANY)) - cpu(lambda: function(client, None, 0))) / _MANY


def _fakeredis() -> dict[str, Side]:
    fakeredis: Any = importlib.import_module("fakeredis")
    client = fakeredis.FakeRedis()
    return {f"fakeredis {name}": _beside_no_world(client, name) for name in _CALLS}
