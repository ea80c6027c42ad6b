"""Memcached mode: the items and the dispatcher as multiples of `dict.get`; pymemcache in process over its floor.

"Direct" means the items that the requests themselves use. The floor is pymemcache over a transport that does nothing.
Leaves out: set + evict, which comes with the lesson on full memory (both modes refuse what would pass the limit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pymemcache.client.base import Client

from kit.cache.clock import ManualClock
from kit.cache.memcached.engine import Engine, Request
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.image import Image
from kit.world.memcached_mode import MEMCACHED
from kit.world.script import Script
from kit.world.world import World
from tests.bench.engine import CHUNK, KEYS, OTHER, zipf
from tests.bench.paired import Line, Side, cpu, paired
from tests.bench.references import VALUE
from tests.cache.memcached.memcache_line import SocketModule

_MANY = 1_000
_NAMES = [f"key:{number:04d}" for number in range(_MANY)]


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The lines of Memcached mode."""
    yield from _engine(rounds, quick)
    yield from _client(rounds)


def _engine(rounds: int, quick: bool) -> Iterator[Line]:
    chunks = zipf(200 if quick else 1_000)
    engine = Engine(ManualClock(), maxmemory=0)
    session, items = engine.session(), engine.items
    for key in KEYS:
        items.link(key, VALUE, 0, 0)
    items.facts.clear()
    plain = dict.fromkeys(KEYS, VALUE)
    reads = {key: Request.of(b"get " + key) for key in KEYS}
    writes = {key: Request.of(b"set " + key + b" 0 0 64", OTHER) for key in KEYS}

    def get() -> None:
        find, bump = items.find, items.bump
        for chunk in chunks:
            for key in chunk:
                item = find(key)
                assert item is not None
                bump(item)
                items.facts.append(("hit", key, item.value, None))
            items.facts.clear()

    def overwrite() -> None:
        link = items.link
        for chunk in chunks:
            for key in chunk:
                link(key, OTHER, 0, 0)
            items.facts.clear()

    def side(look: Callable[[bytes], object]) -> Side:
        def all_of_them() -> None:
            for chunk in chunks:
                for key in chunk:
                    look(key)
                items.facts.clear()

        return lambda: cpu(all_of_them)

    found = paired(
        {
            "dict.get": side(plain.get),
            "get": lambda: cpu(get),
            "set": lambda: cpu(overwrite),
            "execute get": side(lambda key: engine.execute(session, reads[key])),
            "execute set": side(lambda key: engine.execute(session, writes[key])),
        },
        rounds,
    )
    operations = len(chunks) * CHUNK
    limits: dict[str, tuple[float | None, float | None]] = {"get": (5.2, 4.0), "set": (7.2, 5.7)}
    for what, name in (
        ("get hit, items", "get"), ("overwrite, items", "set"),
        ("get hit through the dispatcher", "execute get"), ("set through the dispatcher", "execute set"),
    ):  # fmt: skip
        beside = f"{found.cost(name) / operations * 1e9:.0f} ns"
        yield Line(what, found.ratio(name, "dict.get"), "× dict.get", *limits.get(name, (None, None)), beside)
    yield Line("set + evict", None, beside="no mode evicts yet")


def _client(rounds: int) -> Iterator[Line]:
    nowhere: Any = _Nowhere()
    line: Any = SocketModule(Engine(ManualClock()))
    silent: Any = Client(("nowhere", 11211), socket_module=nowhere, no_delay=True)
    bare: Any = Client(("engine", 11211), socket_module=line, no_delay=True)
    bare.set_many(dict.fromkeys(_NAMES, VALUE))

    def side(client: Any) -> Side:
        return lambda: cpu(lambda: _gets(client, None, _MANY)) / _MANY

    found = paired(
        {"floor": side(silent), "off": side(bare), "on": _in_world("gets"), "set on": _in_world("sets")}, rounds
    )
    floor = f"floor {found.cost('floor') * 1e6:.1f} µs"
    for what, name in (("get, tape off", "off"), ("get, tape on", "on"), ("set, answered, tape on", "set on")):
        target, stretch = (1.8, 1.5) if name == "off" else (None, None)
        beside = f"{found.cost(name) * 1e6:.1f} µs, {floor}"
        yield Line(f"pymemcache {what}", found.ratio(name, "floor"), "× its floor, a get", target, stretch, beside)


def _gets(cache: Any, db: Any, operations: int) -> None:
    for key in _NAMES[:operations]:
        cache.get(key)


def _sets(cache: Any, db: Any, operations: int) -> None:
    for key in _NAMES[:operations]:
        cache.set(key, VALUE, noreply=False)


def _filled(cache: Any, db: Any, operations: int) -> None:
    cache.set_many(dict.fromkeys(_NAMES, VALUE))
    _gets(cache, db, operations)


def _in_world(function: str) -> Side:
    actors = LocalActors(Submission(functions={"gets": _filled, "sets": _sets}, client="memcached"))
    world = World(actors, Image(COMMON, AIRPORTS), operation_limit=3 * _MANY, mode=MEMCACHED)

    def play(operations: int) -> None:
        def scene(script: Script) -> None:
            script.call(function, operations)

        run = world.run(scene)
        assert run.stuck is None, run.stuck

    return lambda: (cpu(lambda: play(_MANY)) - cpu(lambda: play(0))) / _MANY


class _Nowhere:
    """Stands for the module `socket`, and for its one socket: answers each get with one value."""

    AF_UNSPEC = SOCK_STREAM = IPPROTO_TCP = TCP_NODELAY = 0

    def __init__(self) -> None:
        self._reply = b""

    def getaddrinfo(self, host: str, port: int, *hints: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(0, 0, 0, "", (host, port))]

    def socket(self, *kind: int) -> _Nowhere:
        return self

    def connect(self, address: object) -> None: ...

    def settimeout(self, timeout: float | None) -> None: ...

    def setsockopt(self, *options: object) -> None: ...

    def sendall(self, data: bytes) -> None:
        self._reply = b"VALUE " + data[4:-2] + b" 0 64\r\n" + VALUE + b"\r\nEND\r\n"

    def recv(self, size: int) -> bytes:
        return self._reply

    def close(self) -> None: ...
