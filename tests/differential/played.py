"""Commands played on real servers, and what came back: recorded once, compared with engines as often as wanted."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby

from kit.cache.clock import WallClock
from kit.real.valkey import running_valkey
from kit.wire.resp import encode_command

PASSWORD = b"correct horse"
SETTINGS = {"enable-debug-command": "yes", "enable-module-command": "yes"}
SERVERS: Mapping[str, Mapping[str, str]] = {"plain": {}, "locked": {"requirepass": PASSWORD.decode()}, "lua": {}}
"""`lua` keeps its script engine; on the others it is unloaded, so that they are servers without scripting."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command on a connection (`plain/a`), or a pause in which short expiries pass (args empty)."""

    connection: str
    args: tuple[bytes, ...]

    @property
    def server(self) -> str:
        return self.connection.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Played:
    """A step, the moment at which the server did it (µs), and the bytes of its reply."""

    step: Step
    now_us: int
    raw: bytes


class Wire:
    """A connection to a real server that gives each reply back as the bytes that it was."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._file = self._socket.makefile("rb")

    def ask(self, *args: bytes) -> bytes:
        self._socket.sendall(encode_command(args))
        return self.reply()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def reply(self) -> bytes:
        """The bytes of one reply, found by counting: written without the kit's own parser on purpose."""
        line = self._file.readline()
        if line[:1] in b"$=" and line[1:2] != b"-":
            return line + self._file.read(int(line[1:]) + 2)
        items = int(line[1:]) * (2 if line[:1] == b"%" else 1) if line[:1] in b"*~%" else 0
        return line + b"".join(self.reply() for _ in range(items))

    def rest(self) -> bytes:
        """Everything until the server closes."""
        return self._file.read()

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@contextmanager
def real_servers() -> Iterator[dict[str, int]]:
    """The ports of the servers: keys end lazily there, as in our engine, so that even DBSIZE must agree."""
    with ExitStack() as stack:
        ports = {}
        for name, settings in SERVERS.items():
            ports[name] = stack.enter_context(running_valkey({**SETTINGS, **settings})).port
            wire = Wire(ports[name])
            if name == "locked":
                assert wire.ask(b"AUTH", PASSWORD) == b"+OK\r\n"
            assert wire.ask(b"DEBUG", b"SET-ACTIVE-EXPIRE", b"0") == b"+OK\r\n"
            if name != "lua":
                assert wire.ask(b"MODULE", b"UNLOAD", b"lua") == b"+OK\r\n"
            assert wire.ask(b"CONFIG", b"RESETSTAT") == b"+OK\r\n"
            wire.close()
        yield ports


def play(steps: Sequence[Step], ports: Mapping[str, int]) -> list[Played]:
    """Run the steps on the real servers, in order; what follows on one connection is sent at once."""
    clock = WallClock()
    wires: dict[str, Wire] = {}
    played: list[Played] = []
    for connection, run in groupby(steps, key=lambda step: step.connection):
        if connection not in wires:
            wires[connection] = Wire(ports[connection.partition("/")[0]])
        for part in _unbroken(run):
            # WAIT for a replica that does not exist: the server itself lets 12 ms pass.
            wires[connection].send(b"".join(encode_command(step.args or (b"WAIT", b"1", b"12")) for step in part))
            replies = [wires[connection].reply() for _ in part]
            now_us = clock.now_us()
            played += [Played(step, now_us, raw) for step, raw in zip(part, replies, strict=True)]
            if _quits(part[-1]):
                wires.pop(connection).close()
                wires[connection] = Wire(ports[part[-1].server])
    for wire in wires.values():
        wire.close()
    return played


def _quits(step: Step) -> bool:
    return step.args[:1] != () and step.args[0].upper() == b"QUIT"


def _unbroken(run: Iterable[Step]) -> Iterator[list[Step]]:
    """Parts that may go out in one piece: a pause stands alone, QUIT ends a part."""
    part: list[Step] = []
    for step in run:
        if not step.args and part:
            yield part
            part = []
        part.append(step)
        if not step.args or _quits(step):
            yield part
            part = []
    if part:
        yield part
