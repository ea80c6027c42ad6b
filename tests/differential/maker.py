"""What the recipes of generated commands are made of.

A recipe is a short scene on one connection (`me`) and, where it needs one, another (`other`); a chunk of steps is never
interrupted, and between chunks any other recipe may run. Nothing here looks at a reply: a program is a list.
Times are such that both sides agree: far away, long past, or milliseconds followed by a pause.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Chunk = list[tuple[str, list[bytes]]]
Recipe = Callable[["Maker"], Iterator[Chunk]]

KEYS = [b"k1", b"k2", b"k3", b"h1", b"s1", b"n1", b"k\x00\xff"]
VALUES = [b"", b"1", b"-7", b"10", b"1.5", b"x", b"[]", b"a b", b"\x00\xff\r\n", b"9223372036854775807", b"v" * 100]
FIELDS = [b"f1", b"f2", b"f3", b""]
FAR_S = 4_102_444_800
"""The year 2100."""
PAUSE: list[bytes] = []


def words(text: str) -> list[bytes]:
    """`SET k v` as arguments."""
    return [word.encode() for word in text.split(" ")]


class Maker:
    """What recipes draw from."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        # Distinct times to live, so that GT and LT never hang on the milliseconds between two servers.
        self._ttls = iter(rng.sample(range(200, 9_000_000, 10), 20_000))

    def key(self) -> bytes:
        return self.rng.choice(KEYS)

    def value(self) -> bytes:
        return self.rng.choice(VALUES)

    def ttl(self, unit_ms: int = 1_000) -> bytes:
        return str(next(self._ttls) * (1_000 // unit_ms)).encode()

    def moment(self, unit_ms: int = 1_000) -> bytes:
        return str((FAR_S + self.rng.randrange(10_000)) * (1_000 // unit_ms) + self.rng.randrange(2)).encode()

    def case(self, word: bytes) -> bytes:
        """A keyword as people write it: large, small, mixed."""
        return self.rng.choice([word, word, word.lower(), word.capitalize()])

    def one(self, *parts: bytes) -> Chunk:
        """A chunk of a single command."""
        return [("me", [self.case(parts[0]), *parts[1:]])]
