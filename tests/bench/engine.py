"""The engine alone: GET and overwrite on the keyspace and through the dispatcher, as multiples of a `dict.get` hit.

100,000 keys, looked up by Zipf(1.0), values of 64 bytes. "Direct" means the keyspace that the commands themselves use;
the facts that it leaves for the tape are thrown away every hundred operations.
Leaves out: set + evict, which comes with the lesson on full memory.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import Any

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine
from tests.bench.paired import Line, Side, cpu, paired
from tests.bench.references import VALUE, missing

KEYS = [b"key:%06d" % number for number in range(100_000)]
OTHER = b"w" * 64
CHUNK = 100
_FIVE_MINUTES_S = 300


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The engine's lines."""
    chunks = zipf(200 if quick else 1_000)
    sides = _sides(chunks)
    found = paired(sides, rounds)
    operations = len(chunks) * CHUNK
    nothing = found.cost("dict.get") / operations * 1e9

    def line(what: str, name: str, target: float, stretch: float) -> Line:
        beside = f"{found.cost(name) / operations * 1e9:.0f} ns, dict.get {nothing:.0f} ns"
        return Line(what, found.ratio(name, "dict.get"), "× dict.get", target, stretch, beside)

    yield line("GET hit, keyspace", "get", 4.0, 3.2)
    yield line("overwrite, keyspace", "set", 4.8, 3.8)
    yield line("GET hit through the dispatcher", "execute get", 10, 7)
    yield Line("SET through the dispatcher", found.ratio("execute set", "dict.get"), "× dict.get")
    for what, name in (("GET hit", "get"), ("overwrite", "set")):
        if why := missing("cachetools"):
            yield Line(f"{what}, keyspace", None, beside=why)
        else:
            ratio = found.ratio(name, f"TTLCache {name}")
            yield Line(f"{what}, keyspace", ratio, "× cachetools TTLCache", 0.5, 0.3)


def zipf(chunks: int) -> list[list[bytes]]:
    """Keys by Zipf(1.0), the same in every run."""
    weights = list(accumulate(1 / rank for rank in range(1, len(KEYS) + 1)))
    drawn = Random(1).choices(KEYS, cum_weights=weights, k=chunks * CHUNK)
    return [drawn[at : at + CHUNK] for at in range(0, len(drawn), CHUNK)]


def _sides(chunks: Sequence[Sequence[bytes]]) -> dict[str, Side]:
    engine = Engine(ManualClock())
    session = engine.session()
    keys, forget = session.keys, engine.shared.facts.clear
    for key in KEYS:
        keys.set(key, VALUE)
        forget()
    plain = dict.fromkeys(KEYS, VALUE)

    def get(look: Callable[[bytes], object], done: Callable[[], object] = forget) -> Side:
        def all_of_them() -> None:
            for chunk in chunks:
                for key in chunk:
                    look(key)
                done()

        return lambda: cpu(all_of_them)

    def overwrite(store: Callable[[bytes, bytes], object]) -> Side:
        def all_of_them() -> None:
            for chunk in chunks:
                for key in chunk:
                    store(key, OTHER)
                forget()

        return lambda: cpu(all_of_them)

    def commands(*before: bytes, after: tuple[bytes, ...] = ()) -> Side:
        execute = engine.execute

        def all_of_them() -> None:
            for chunk in chunks:
                for key in chunk:
                    execute(session, (*before, key, *after))

        return lambda: cpu(all_of_them)

    sides = {
        "dict.get": get(plain.get), "get": get(keys.get), "set": overwrite(keys.set),
        "execute get": commands(b"GET"), "execute set": commands(b"SET", after=(OTHER,)),
    }  # fmt: skip
    if not missing("cachetools"):
        cachetools: Any = importlib.import_module("cachetools")
        cache = cachetools.TTLCache(2 * len(KEYS), _FIVE_MINUTES_S)
        for key in KEYS:
            cache[key] = VALUE
        sides |= {"TTLCache get": get(cache.get), "TTLCache set": overwrite(cache.__setitem__)}
    return sides
