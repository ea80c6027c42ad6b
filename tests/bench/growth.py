"""Growth: what a read and an overwrite cost at 10³ … 10⁶ keys, as multiples of the cost at 10³, in both engines.

Keys are drawn evenly, the worst for the processor's own caches; `dict.get` beside them shows what is theirs alone.
Through the dispatcher, since that is where an algorithm that grows would hide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

from kit.cache.clock import ManualClock
from kit.cache.memcached.engine import Engine as Memcached
from kit.cache.memcached.engine import Request
from kit.cache.redis.engine import Engine as Redis
from tests.bench.paired import Line, Rounds, Side, cpu, paired
from tests.bench.references import VALUE

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_DRAWS = 20_000
_ENDS_S = 3_600


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The lines of growth: the largest size against the smallest, and those between beside it."""
    sizes = SIZES[:-1] if quick else SIZES
    sides: dict[str, Side] = {}
    for size in sizes:
        sides |= {f"{name} {size}": side for name, side in _at(size).items()}
    found = paired(sides, rounds)
    for name in ("dict.get", "GET", "SET", "memcached get", "memcached set"):
        target, stretch = (None, None) if name == "dict.get" else (2.0, 1.5)
        yield Line(f"{name}, {sizes[-1]:,} keys", found.ratio(f"{name} {sizes[-1]}", f"{name} {sizes[0]}"),
                   f"× {sizes[0]:,} keys", target, stretch, _beside(found, name, sizes))  # fmt: skip


def _beside(found: Rounds, name: str, sizes: tuple[int, ...]) -> str:
    return " · ".join(f"{found.cost(f'{name} {size}') / _DRAWS * 1e9:.0f} ns" for size in sizes)


def _at(size: int) -> dict[str, Side]:
    """The sides at one number of keys, half of which have an end."""
    keys = [b"key:%07d" % number for number in range(size)]
    drawn = Random(size).choices(keys, k=_DRAWS)
    redis, memcached = Redis(ManualClock()), Memcached(ManualClock(), maxmemory=0)
    session, other = redis.session(), memcached.session()
    for number, key in enumerate(keys):
        ends = (b"EX", b"%d" % _ENDS_S) if number % 2 else ()
        redis.execute(session, (b"SET", key, VALUE, *ends))
        memcached.items.link(key, VALUE, 0, _ENDS_S if number % 2 else 0)
    memcached.items.facts.clear()
    plain = dict.fromkeys(keys, VALUE)
    return {
        "dict.get": _side(plain.get, drawn),
        "GET": _side(partial(redis.execute, session), [(b"GET", key) for key in drawn]),
        "SET": _side(partial(redis.execute, session), [(b"SET", key, VALUE) for key in drawn]),
        "memcached get": _side(partial(memcached.execute, other), [Request.of(b"get " + key) for key in drawn]),
        "memcached set": _side(
            partial(memcached.execute, other), [Request.of(b"set " + key + b" 0 3600 64", VALUE) for key in drawn]
        ),
    }


def _side(run: Callable[[Any], object], arguments: list[Any]) -> Side:
    def all_of_them() -> None:
        for one in arguments:
            run(one)

    return lambda: cpu(all_of_them)
