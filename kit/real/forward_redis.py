"""Redis mode whose replies come from a real server: the same bytes go there, the model beside it says what they did.

Rules: those of `forward`. Every session has a connection of its own, in the same protocol.
"""

from __future__ import annotations

from kit.cache.clock import Clock
from kit.cache.redis.engine import Engine
from kit.cache.redis.outcome import NotExecuted, Outcome
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args
from kit.real.forward import Address, Line, Lines
from kit.wire.resp import ReplyEvent, ReplyParser, encode_command


class ForwardingEngine(Engine):
    """Redis mode in front of a Valkey at `address`. Raises ConnectionError when that goes away."""

    def __init__(self, clock: Clock, address: Address) -> None:
        self._address = address
        self._lines = Lines(lambda: Line(address))
        super().__init__(clock)

    def execute(self, session: Session, args: Args) -> Outcome:
        queued = session.queue is not None
        outcome = super().execute(session, args)
        line, new = self._lines.of(session)
        if new and session.proto == 3:
            _ask(line, (b"HELLO", b"3"))
        reply = _ask(line, args)
        not_run = reply is None and queued and bytes(args[0]).upper() == b"EXEC"
        return (NotExecuted if not_run else Outcome)(reply, outcome.facts)

    def reset(self) -> None:
        super().reset()
        self._lines.close()
        admin = Line(self._address)
        _ask(admin, (b"FLUSHALL",))
        _ask(admin, (b"SCRIPT", b"FLUSH"))
        admin.close()

    def close(self) -> None:
        """Hang up."""
        self._lines.close()


def _ask(line: Line, args: Args) -> object:
    parser = ReplyParser()
    line.send(encode_command(args))
    while not isinstance(event := parser.next_event(), ReplyEvent):
        parser.receive_data(line.receive())
    return event.reply
