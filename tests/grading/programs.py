"""Generated programs: a few actors, two keys, a lock, sleeps; and the actors of the world that run them.

An instruction is a tuple: `get key register` · `set key value-or-register ttl` · `take key ttl skip` (SET NX: who can
not take the lock goes past `skip` instructions) · `del key` · `incr key register` · `sleep µs` · `now register`. A call
answers its registers; a message that fails ends it, or leaves -1 in the register where the call is forgiving.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.grading.check import Bounds
from kit.wire.resp import encode_command
from kit.world.call import Call
from kit.world.request import Request

Instruction = tuple[Any, ...]
KEYS = ("a", "b")
LOCK = "lock"
REGISTERS = 2


@dataclass(frozen=True)
class Body:
    """One call: what it does, and whether it goes on after a message that failed."""

    code: tuple[Instruction, ...]
    forgiving: bool = False


@dataclass(frozen=True)
class Program:
    """Actors by name in the scene's order, each with its calls; what the search may do to them."""

    actors: tuple[tuple[str, tuple[Body, ...]], ...]
    bounds: Bounds
    faulty: tuple[str, ...] = ()

    @property
    def bodies(self) -> list[Body]:
        return list(dict.fromkeys(body for _, calls in self.actors for body in calls))

    @property
    def calls(self) -> dict[str, list[Call]]:
        """As a scene explores them: the function is the number of the body, so equal bodies are equal calls."""
        return {name: [Call(str(self.bodies.index(body)), ()) for body in calls] for name, calls in self.actors}

    def alike(self, actor: str) -> frozenset[str]:
        """The actors that make the same calls as this one."""
        calls = dict(self.actors)
        return frozenset(name for name in calls if calls[name] == calls[actor])


class ProgramActors:
    """`Actors` whose processes are these programs; their bytes are made by the kit's own writer."""

    def __init__(self, bodies: list[Body]) -> None:
        self._bodies = bodies
        self._links: dict[str, int | None] = {}
        self._running: dict[str, Iterator[Request]] = {}
        self._outcome: tuple[str, Any] = ("ok", None)
        self._now = self._clock = 0

    def begin(self, seed: int, shared: bool = False) -> None:
        self._links.clear()
        self._running.clear()

    def spawn(self, actor: str) -> None:
        pass

    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request:
        self._now = now
        code = self._probe(actor) if function == "probe" else self._run(actor, self._bodies[int(function)])
        self._running[actor] = code
        return next(code)

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        self._now, self._outcome = now, (status, payload)
        return next(self._running[actor])

    def _request(self, kind: str, *args: Any) -> Request:
        clock, self._clock = bool(self._clock), 0
        return Request(kind, args, None, clock)

    def _run(self, actor: str, body: Body) -> Iterator[Request]:
        registers = [0] * REGISTERS
        at = 0
        while at < len(body.code):
            name, *rest = body.code[at]
            at += 1
            if name == "now":
                self._clock = 1
                registers[rest[0]] = self._now % 1_000
                continue
            if name == "sleep":
                yield self._request("sleep", rest[0])
                continue
            reply = yield from self._ask(actor, _command(name, rest, registers))
            if reply is _FAILED:
                if not body.forgiving:
                    yield self._request("raised", "Failed", "")
                if name in ("get", "incr"):
                    registers[rest[1]] = -1
            elif name in ("get", "incr"):
                registers[rest[1]] = 0 if reply is None else int(reply)
            elif name == "take" and reply is None:
                at += rest[2]
        yield self._request("answer", registers)

    def _probe(self, actor: str) -> Iterator[Request]:
        values = []
        for key in KEYS:
            reply = yield from self._ask(actor, (b"GET", key.encode()))
            values.append(None if reply is None else int(reply))
        yield self._request("answer", values)

    def _ask(self, actor: str, command: tuple[bytes, ...]) -> Any:
        """One command and its reply; _FAILED where the message or the server failed."""
        if self._links.get(actor) is None:
            yield self._request("connect", actor not in self._links)
            status, number = self._outcome
            if status != "ok":
                return _FAILED
            self._links[actor] = number
        yield self._request("bytes", self._links[actor], encode_command(command))
        status, data = self._outcome
        if status != "ok":
            self._links[actor] = None
            return _FAILED
        return _reply(data)


_FAILED = object()


def _command(name: str, rest: list[Any], registers: list[int]) -> tuple[bytes, ...]:
    key = rest[0].encode()
    if name == "set":
        value = registers[rest[1][0]] + rest[1][1] if isinstance(rest[1], tuple) else rest[1]
        return (b"SET", key, b"%d" % value, *([b"PX", b"%d" % rest[2]] if rest[2] else []))
    if name == "take":
        return (b"SET", key, b"1", b"NX", *([b"PX", b"%d" % rest[1]] if rest[1] else []))
    return ({"get": b"GET", "del": b"DEL", "incr": b"INCR"}[name], key)


def _reply(data: bytes) -> Any:
    """A reply in RESP2, which a connection speaks that has not said HELLO."""
    kind, line = data[:1], data[1 : data.index(b"\r\n")]
    if kind == b"-":
        return _FAILED
    if kind == b"$":
        return None if line == b"-1" else data[data.index(b"\r\n") + 2 : -2]
    return line


# Generation


def generate(number: int) -> Program:
    """The program of that number: the same on every machine."""
    draw = random.Random(f"program {number}")
    count = draw.choice([2, 2, 2, 3])
    most = 3 if count == 2 else 2
    bodies = [_body(draw, most) for _ in range(count)]
    if draw.random() < 0.25:  # two that do the same
        bodies[-1] = bodies[0]
    calls: list[tuple[Body, ...]] = [(body,) for body in bodies]
    if count == 2 and draw.random() < 0.2:
        calls[1] = (bodies[1], _body(draw, 1))
    names = ("A", "B", "C")[:count]
    extra = draw.choice(["", "", "leap", "fault", "fault", "death", "expiry", "leap and expiry"])
    if not any(one[0] == "sleep" for body in bodies for one in body.code):
        extra = extra.replace("leap", "")
    bounds = Bounds(
        leaps=int("leap" in extra), expiries=int("expiry" in extra), faults=int(extra == "fault"),
        deaths=int(extra == "death"),
    )  # fmt: skip
    faulty = tuple(draw.sample(names, draw.choice([0, 1]))) if bounds.faults or bounds.deaths else ()
    return Program(tuple(zip(names, calls, strict=True)), bounds, faulty)


def _body(draw: random.Random, most: int) -> Body:
    forgiving = draw.random() < 0.5
    if draw.random() < 0.2:  # under a lock, and what cannot take it answers at once
        ttl = draw.choice([None, 5])
        inside = (_step(draw), *([("sleep", 20_000)] if draw.random() < 0.4 else []))
        return Body((("take", LOCK, ttl, len(inside) + 1), *inside, ("del", LOCK)), forgiving)
    if draw.random() < 0.3:  # read, perhaps wait, and write what follows from it
        key = draw.choice(KEYS)
        between = [("sleep", 20_000)] if draw.random() < 0.4 else []
        return Body(
            (("get", key, 0), *between, ("set", draw.choice(KEYS), (0, 1), draw.choice([None, None, 5]))), forgiving
        )
    code = [_step(draw) for _ in range(draw.randint(1, most))]
    if draw.random() < 0.25:
        code.insert(draw.randint(0, len(code)), ("sleep", draw.choice([20_000, 20_000, 30_000, 2])))
    if draw.random() < 0.12:
        code.insert(draw.randint(1, len(code)), ("now", 1))
    return Body(tuple(code), forgiving)


def _step(draw: random.Random) -> Instruction:
    key = draw.choice(KEYS)
    kind = draw.choice(["get", "get", "set", "set", "del", "incr"])
    if kind in ("get", "incr"):
        return (kind, key, draw.randrange(REGISTERS))
    if kind == "set":
        return (kind, key, draw.choice([1, 2, (0, 1)]), draw.choice([None, None, 5]))
    return (kind, key)
