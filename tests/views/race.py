"""Tapes written by hand, in the form in which a world records them, so that views are tested without a world.

`race()` is the one of looks.md: twelve steps, 1 January 2013, MQ3737 at Newark. `Recorder` writes others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.cache.effects import Effect
from kit.cache.redis.reply import OK, ErrorReply
from kit.world.tape import Op, Tape

BOARD = "/* board */ SELECT id, carrier, number, dest, sched, delay FROM flights WHERE origin = :airport ORDER BY sched"
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
KEY = b"board:EWR"
TRUTH = "board of EWR"
ROWS = [
    {"id": 1, "carrier": "UA", "number": 1545, "dest": "IAH", "sched": 315, "delay": 0},
    {"id": 6, "carrier": "UA", "number": 1696, "dest": "ORD", "sched": 358, "delay": 0},
    {"id": 97, "carrier": "MQ", "number": 3737, "dest": "ORD", "sched": 430, "delay": 0},
]


def state(delay: int) -> tuple[tuple[object, ...], ...]:
    """The truth's rows with MQ3737 late by `delay` minutes."""
    return ((1, 0), (6, 0), (97, delay))


def rows(delay: int) -> list[dict[str, Any]]:
    """The answer of BOARD with MQ3737 late by `delay` minutes."""
    return [{**row, "delay": delay} if row["id"] == 97 else row for row in ROWS]


class Recorder:
    """Writes a tape record by record; each operation takes one microsecond, or `took` where a tape is timed."""

    def __init__(self, *, timed: bool = False) -> None:
        self.ops: list[Op] = []
        self.timed, self.now = timed, 0

    def add(
        self, actor: str, peer: str, name: str, request: Any = None, reply: Any = None, *, keys: Sequence[bytes] = (),
        write: bool = False, effects: Sequence[Effect] = (), line: int | None = None, took: int = 1, lost: str = "",
        setup: bool = False,
    ) -> None:  # fmt: skip
        """One record. lost: `request` or `reply`."""
        sent, self.now = self.now, self.now + took
        served = None if lost == "request" else sent + took // 2
        received = None if lost else self.now
        self.ops.append(
            Op(len(self.ops), actor, peer, name, tuple(keys), write, request, reply, tuple(effects), setup,
               sent, served, received, line)
        )  # fmt: skip

    def start(self, actor: str, function: str, *args: Any) -> None:
        self.add(actor, "scene", "start", [function, *args], took=0)

    def truth(self) -> None:
        effect = Effect("changed", truth=TRUTH, version=1, rows=state(0))
        self.add("scene", "scene", "truth", [TRUTH, {"airport": "EWR"}], effects=[effect], took=0)

    def get(self, actor: str, effect: Effect, reply: Any = None, key: bytes = KEY, **more: Any) -> None:
        self.add(actor, "cache", "GET", [b"GET", key], reply, keys=[key], effects=[effect], **more)

    def query(self, actor: str, version: int | None, delay: int = 0, **more: Any) -> None:
        effects = [Effect("rows", size=3)]
        if version:
            effects.append(Effect("version", truth=TRUTH, version=version))
        self.add(actor, "store", "query", [BOARD, {"airport": "EWR"}], rows(delay), effects=effects, **more)

    def update(self, actor: str, version: int, before: int, after: int, **more: Any) -> None:
        effects = [Effect("committed", size=version - 1), changed(version, before, after)]
        request = [SET_DELAY, {"minutes": after, "flight": 97}]
        self.add(actor, "store", "execute", request, 1, write=True, effects=effects, **more)

    def delete(self, actor: str, reply: int = 0, key: bytes = KEY, **more: Any) -> None:
        effects = [Effect("deleted", key=key)] * reply
        self.add(actor, "cache", "DEL", [b"DEL", key], reply, keys=[key], write=True, effects=effects, **more)

    def put(
        self, actor: str, version: int | None, ttl_ms: int | None = 300_000, key: bytes = KEY, value: bytes = b"[...]",
        **more: Any,
    ) -> None:  # fmt: skip
        request = [b"SET", key, value, *([b"EX", str(ttl_ms // 1000).encode()] if ttl_ms else [])]
        truth = TRUTH if version else ""
        effect = Effect("stored", key=key, size=len(value), ttl_ms=ttl_ms, truth=truth, version=version)
        self.add(actor, "cache", "SET", request, OK, keys=[key], write=True, effects=[effect], **more)

    def answer(self, actor: str, value: Any = None) -> None:
        self.add(actor, "scene", "answer", reply=value, took=0)

    def end(self) -> None:
        self.add("scene", "scene", "end", took=0)

    def tape(self, choices: Sequence[int] = ()) -> Tape:
        return Tape("race", 0, tuple(choices), self.timed, tuple(self.ops))


def changed(version: int, before: int, after: int) -> Effect:
    """The board's new version: MQ3737 is planned at 07:10."""
    shown = [f"{(430 + delay) // 60:02d}:{(430 + delay) % 60:02d}" for delay in (before, after)]
    return Effect(
        "changed", truth=TRUTH, version=version, label="MQ3737", before=shown[0], after=shown[1], rows=state(after)
    )


def miss(key: bytes = KEY) -> Effect:
    return Effect("miss", key=key)


def hit(version: int | None, ttl_ms: int | None = 300_000, key: bytes = KEY) -> Effect:
    return Effect("hit", key=key, size=5, ttl_ms=ttl_ms, truth=TRUTH if version else "", version=version)


def race(*, timed: bool = False) -> Tape:
    """Two readers and a writer: the reader puts back what the writer has just thrown away."""
    at = Recorder(timed=timed)
    cache, query, post = (500, 6_000, 2_000) if timed else (1, 1, 1)
    at.truth()
    at.start("Reader 1", "get_board", "EWR")
    at.get("Reader 1", miss(), line=14, took=cache)
    at.query("Reader 1", 1, line=16, took=query)
    at.start("Writer", "post_delay", 97, 39)
    at.update("Writer", 2, 0, 39, line=22, took=post)
    at.delete("Writer", line=23, took=cache)
    at.answer("Writer")
    at.put("Reader 1", 1, line=17, took=cache)
    at.answer("Reader 1", rows(0))
    at.start("Reader 2", "get_board", "EWR")
    at.get("Reader 2", hit(1), b"[...]", line=14, took=cache)
    at.answer("Reader 2", rows(0))
    at.end()
    return at.tape([0, 0, 1])


def lazy(looks: int) -> Tape:
    """One reader's lazy loading on a timed tape, `looks` look-ups of ten airports, a minute of life for each board."""
    at = Recorder(timed=True)
    at.start("Reader", "get_board", "EWR")
    born: dict[bytes, int] = {}
    for look in range(looks):
        key = b"board:A%02d" % (look * 7 % 10)
        at.now += 3_100_000 * (look % 3)
        ended = key in born and at.now - born[key] >= 60_000_000
        if key in born and not ended:
            at.get("Reader", hit(None, 60_000, key), b"[]", key, took=500)
            continue
        effects = [*([Effect("expired", key)] if ended else []), miss(key)]
        at.add("Reader", "cache", "GET", [b"GET", key], None, keys=[key], effects=effects, took=500)
        at.query("Reader", None, took=6_000)
        born[key] = at.now
        at.put("Reader", None, 60_000, key, took=500)
    return at.tape()


def troubled() -> Tape:
    """Everything that can go wrong: losses, a full cache, a transaction refused, a lock, a leap, an expiry, a death."""
    at = Recorder()
    at.truth()
    at.start("Reader 1", "get_board", "EWR")
    at.get("Reader 1", miss(), lost="request")
    at.get("Reader 1", miss(), lost="reply")
    at.query("Reader 1", 1)
    at.put("Reader 1", 1)
    at.add("world", "cache", "expire", keys=[KEY], effects=[Effect("expired", KEY)])
    at.start("Writer", "post_delay", 97, 39)
    at.update("Writer", 2, 0, 39)
    at.add("Writer", "clock", "sleep", 500_000)
    at.add("world", "clock", "leap", 500_000)
    at.delete("Writer")
    at.query("Reader 1/1", 2, 39)
    at.add("Reader 1/1", "lock", "acquire", 1, True)
    full = ErrorReply("OOM command not allowed when used memory > 'maxmemory'.")
    at.add("Reader 1/1", "cache", "SET", [b"SET", KEY, b"[]"], full, keys=[KEY], write=True)
    at.add("Reader 1/1", "cache", "EXEC", [[b"SET", KEY, b"[]"]], None, keys=[KEY], write=True)
    at.add("Reader 1/1", "lock", "release", 1)
    at.add("Reader 1", "scene", "raised", None, ["TimeoutError", "Timeout reading from socket"])
    at.add("Writer", "scene", "death")
    at.end()
    return at.tape()


def two_writers() -> Tape:
    """Three versions, two keys, and names that are too long for their lanes."""
    long = b"board:EWR:2013-03-08:with:a:very:long:name"
    at = Recorder()
    at.truth()
    for number in (1, 2):
        at.start(f"Reader {number}", "get_board", "EWR")
        at.get(f"Reader {number}", miss(long), key=long)
        at.query(f"Reader {number}", 1)
    at.put("Reader 1", 1, None, key=long)
    at.update("Operator of the tower", 2, 0, 39)
    at.update("Writer", 3, 39, 5)
    at.put("Reader 2", 1, key=b"board:EWR")
    at.delete("Writer", 1, key=long)
    at.get("Reader 3", hit(1), b"[]")
    at.delete("Writer", 1)
    at.get("Reader 3", miss())
    at.query("Reader 3", 3, 5)
    at.put("Reader 3", 3)
    at.end()
    return at.tape()


def all_tapes() -> dict[str, Tape]:
    """The tapes on which both renderers are compared."""
    return {
        "race": race(), "timed race": race(timed=True), "lazy": lazy(40), "troubled": troubled(),
        "writers": two_writers(),
    }  # fmt: skip


VERDICT = {
    "exercise": "invalidate_on_write",
    "outcome": "wrong",
    "checks": [
        {"id": "read", "title": "Reads", "passed": True, "message": ""},
        {
            "id": "slow_reader", "title": "A slow reader", "passed": False, "operations": 6, "level": 1, "failing": 1,
            "schedules": 4, "message": "A slow reader put the old board back after your delay.",
            "trace": "k1.invalidate_on_write.slow_reader.0.7.ab12.cd34.0-0-1",
        },
    ],
}  # fmt: skip


SUBMISSION = '''"""A board for passengers, and the delay that an operator posts."""

import json

BOARD = "/* board */ SELECT id, carrier, number, dest, sched, delay FROM flights WHERE origin = :airport ORDER BY sched"
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"


# Passengers look here.


def get_board(cache, db, airport):
    key = f"board:{airport}"
    board = cache.get(key)
    if board is None:
        board = json.dumps(db.query(BOARD, airport=airport))
        cache.set(key, board, ex=300)
    return json.loads(board)


def post_delay(cache, db, flight, minutes):
    db.execute(SET_DELAY, minutes=minutes, flight=flight)
    cache.delete("board:EWR")
'''
