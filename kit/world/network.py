"""The network: connections as the server sees them.

Rules: connections are numbered once and outlive a schedule, as their clients' pools do; WATCH, MULTI and half-sent
commands do not. A pool that is kept has one connection, the last that its process made: older ones are forgotten. What
the server counts tells nobody of all this: a process counts as connected when it enters a schedule. Whole commands only
are served.
"""

from __future__ import annotations

from typing import Any

from kit.world.mode import Command, Engine, Mode, Outcome


class Connection:
    """The server's end of a client's socket."""

    __slots__ = ("backlog", "busy", "dead", "engine", "mode", "owner", "parser", "replies", "session")

    def __init__(self, mode: Mode, engine: Engine, owner: str) -> None:
        self.mode, self.engine, self.owner = mode, engine, owner
        self.session: Any = engine.session()
        self.parser = mode.parser()
        self.backlog: list[Command] = []
        self.replies = bytearray()
        self.dead = self.busy = False  # busy: somebody waits for a reply on it

    def receive(self, data: bytes) -> None:
        """Add bytes; whole commands go to the backlog. A peer that breaks the protocol is told so, and hung up on."""
        self.parser.receive_data(data)
        commands, last_words = self.mode.commands(self.parser, self.session)
        self.backlog += commands
        if last_words is not None:
            self.replies += last_words
            self.hang_up()

    def answer(self, outcome: Outcome) -> None:
        """Write a reply down."""
        self.replies += self.mode.encode(self.session, outcome)
        if self.mode.ended(self.session):
            self.hang_up()

    def hang_up(self) -> None:
        """The connection ends."""
        if not self.dead:
            self.dead = True
            self.engine.connected -= 1

    def take_replies(self) -> bytes:
        data = bytes(self.replies)
        self.replies.clear()
        return data

    def clear(self) -> None:
        """A new schedule: what an unfinished client left behind is forgotten, its set-up stays."""
        self.session.reset()
        if not self.parser.idle:
            self.parser = self.mode.parser()
        self.backlog.clear()
        self.replies.clear()
        self.busy = False


class Network:
    """All connections of a world, by number and by the process that made them. mode: what is spoken on them."""

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self._numbers = self._kept = 0
        self._connections: dict[int, Connection] = {}
        self._made: dict[str, list[int]] = {}

    def begin(self) -> None:
        """A new schedule."""
        self._kept = self._numbers
        for owner, made in self._made.items():
            for number in made[:-1]:
                del self._connections[number]
            self._made[owner] = made[-1:]
        self._connections = {number: one for number, one in self._connections.items() if not one.dead}
        self._made = {one.owner: [number] for number, one in self._connections.items()}
        for connection in self._connections.values():
            connection.clear()

    def enter(self, engine: Engine) -> None:
        """A process enters a schedule, with a client that is connected."""
        engine.connected += 1
        engine.connections_received += 1

    def connect(self, engine: Engine, owner: str, *, anew: bool = False) -> int:
        """The number of a new connection. anew: its client was built anew, so an older schedule's is no longer used."""
        if anew:
            made = self._made.get(owner, [])
            for number in [one for one in made if one <= self._kept]:
                made.remove(number)
                del self._connections[number]
        self._numbers += 1
        self._connections[self._numbers] = Connection(self.mode, engine, owner)
        self._made.setdefault(owner, []).append(self._numbers)
        if anew:  # counted when its process entered
            engine.connected -= 1
            engine.connections_received -= 1
        return self._numbers

    def get(self, number: int) -> Connection | None:
        return self._connections.get(number)

    def of(self, owner: str) -> list[Connection]:
        """The connections of a process, in the order in which it made them."""
        return [self._connections[number] for number in self._made.get(owner, ())]

    def name(self, owner: str, first: int) -> None:
        """Number the client ids of a process anew, from `first`: they must not tell one schedule from another."""
        for number, connection in enumerate(self.of(owner), first):
            connection.session.id = number
