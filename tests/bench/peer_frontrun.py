"""The race of `schedules` as frontrun explores it: redis-py on a real Valkey, the board an attribute.

Runs under `python -m frontrun.cli`; for every line it reads it explores until the stale set is found, and
prints the seconds.
Source: frontrun 0.7.0, `frontrun.explore` (DPOR, its default), read 2026-11-25.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import redis

from tests.bench.paired import wall

_KEY = "board:JFK"


class _Board:
    """A database of one row, and a client of its own for each exploration."""

    def __init__(self, host: str, port: int) -> None:
        self.rows = b"v1"
        self.cache: Any = redis.Redis(host=host, port=port)
        self.cache.delete(_KEY)

    def read(self) -> None:
        if self.cache.get(_KEY) is None:
            rows = self.rows
            self.cache.set(_KEY, rows, ex=60)

    def write(self) -> None:
        self.rows = b"v2"
        self.cache.delete(_KEY)

    def fresh(self) -> bool:
        return self.cache.get(_KEY) in (None, self.rows)


def main() -> None:
    """Explore once for every line of stdin."""
    frontrun: Any = importlib.import_module("frontrun")
    host, port = sys.argv[1], int(sys.argv[2])

    def explore() -> None:
        found = frontrun.explore(
            setup=lambda: _Board(host, port), workers=[_Board.read, _Board.write], invariant=_Board.fresh,
            reproduce_on_failure=0,
        )  # fmt: skip
        assert not found.property_holds, "frontrun did not find the stale set"

    for _ in sys.stdin:
        print(wall(explore), flush=True)


if __name__ == "__main__":
    main()
