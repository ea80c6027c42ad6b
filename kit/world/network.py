"""The network of one world: connections as the server sees them, and what a fault does to an operation.

Rules: connections are numbered once for all worlds of a run and outlive a schedule, as their clients' pools do; WATCH,
MULTI and half-sent commands do not. Whole commands only are served.
"""

from __future__ import annotations

from kit.cache.redis.engine import Engine
from kit.cache.redis.reply import ErrorReply
from kit.cache.redis.session import Session
from kit.wire.resp import Command, CommandParser, ProtocolError

READ_ONLY = ErrorReply("READONLY You can't write against a read only replica.")


class Connection:
    """The server's end of a client's socket. silent: its set-up is not on the tape."""

    __slots__ = ("backlog", "dead", "engine", "owner", "parser", "replies", "session", "silent")

    def __init__(self, engine: Engine, owner: str, silent: bool) -> None:
        self.engine, self.owner, self.silent = engine, owner, silent
        self.session: Session = engine.session()
        self.parser = CommandParser()
        self.backlog: list[tuple[bytes, ...]] = []
        self.replies = bytearray()
        self.dead = False

    def receive(self, data: bytes) -> ErrorReply | None:
        """Add bytes; whole commands go to the backlog. Returns the protocol error that they end in, if any."""
        self.parser.receive_data(data)
        while isinstance(event := self.parser.next_event(), Command):
            self.backlog.append(event.args)
        return ErrorReply(event.text) if isinstance(event, ProtocolError) else None

    def take_replies(self) -> bytes:
        data = bytes(self.replies)
        self.replies.clear()
        return data

    def clear(self) -> None:
        """A new schedule: what an unfinished client left behind is forgotten, its set-up stays."""
        self.session.reset()
        self.parser = CommandParser()
        self.backlog.clear()
        self.replies.clear()
        self.dead = False
