"""Redis mode for real clients: one engine, a dialogue for each.

Rules: set-up and what waits behind MULTI is not witnessed, EXEC is, with its queue, as on every tape; no password is.
Source: Valkey 9.1.2: a protocol error is answered, then the line is closed; before a login the limits are smaller.
Leaves out: what the engine leaves out, answered as a real server answers an unknown command.
"""

from __future__ import annotations

from kit.cache.redis.engine import Engine, Session
from kit.cache.redis.outcome import Outcome
from kit.cache.redis.reply import ErrorReply
from kit.cache.redis.sweep import Sweep
from kit.real.dialogue import Log, Served, Witness
from kit.wire.resp import Command, CommandParser, ProtocolError, encode

_REDACTED = b"(redacted)"  # Valkey's word for it
_WRONG_PASSWORD = "WRONGPASS"


class RedisRoom:
    """One engine for all clients. witness: for a recording."""

    too_many = b"-ERR max number of clients reached\r\n"
    fault = b"-ERR the kit's server failed at this command\r\n"

    def __init__(self, engine: Engine, witness: Witness | None = None) -> None:
        self._engine = engine
        self._witness = witness
        self._sweep = Sweep(engine)

    def dialogue(self, trouble: Log) -> RedisDialogue:
        return RedisDialogue(self._engine, self._witness, trouble)

    def tick(self) -> None:
        """Keys that nobody asks for end too; on a recording that is the server's own move."""
        for ended in self._sweep.step():
            if self._witness is not None:
                now = self._engine.clock.now_us()
                self._witness(Served(0, "expire", (ended.key,), True, None, None, (ended,), now, now, now))


class RedisDialogue:
    """A client of redis mode."""

    def __init__(self, engine: Engine, witness: Witness | None, trouble: Log) -> None:
        self.commands = 0
        self.closing = False
        self.why = ""
        self._engine = engine
        self._session = engine.session()
        self._parser = CommandParser(authenticated=self._session.authenticated)
        self._witness = witness
        self._trouble = trouble
        self._arrived_us = 0
        self.number: int = self._session.id

    @property
    def waiting(self) -> bool:
        return not self._parser.idle

    @property
    def collecting(self) -> bool:
        return self._session.queue is not None

    def receive(self, data: bytes) -> None:
        self._parser.receive_data(data)
        if self._witness is not None:
            self._arrived_us = self._engine.clock.now_us()

    def answer(self) -> bytes | None:
        event = self._parser.next_event()
        if isinstance(event, Command):
            return self._serve(event.args)
        if isinstance(event, ProtocolError):
            # Its text may quote a byte of what came: it goes to the client, not to the log.
            self.closing, self.why = True, "broke the protocol"
            return encode(ErrorReply(event.text), self._session.proto)
        return None

    def end(self) -> None:
        self._session.close()

    def _serve(self, args: tuple[bytes, ...]) -> bytes:
        session = self._session
        outcome = self._engine.execute(session, args) if self._witness is None else self._witnessed(self._witness, args)
        self.commands += 1
        self._parser.authenticated = session.authenticated
        if session.closing:
            self.closing, self.why = True, "said QUIT"
        if isinstance(outcome.reply, ErrorReply) and outcome.reply.startswith(_WRONG_PASSWORD):
            self._trouble("gave a wrong user or password")
        return encode(outcome.reply, session.proto, null_array=outcome.null_array)

    def _witnessed(self, witness: Witness, args: tuple[bytes, ...]) -> Outcome:
        """Serve a command and tell of it, unless it is set-up or waits in a transaction."""
        session, now = self._session, self._engine.clock.now_us
        what = self._engine.describe(session, args)
        request = _request(session, what.name, args)
        served = now()
        outcome = self._engine.execute(session, args)
        if what.kind == "visible":
            reply, effects, number = outcome.reply, outcome.effects, self.number
            witness(
                Served(
                    number, what.name, what.keys, what.write, request, reply, effects, self._arrived_us, served, now()
                )
            )
        return outcome


def _request(session: Session, name: str, args: tuple[bytes, ...]) -> tuple[object, ...]:
    """What a recording shows of a command: an EXEC asks for what was queued for it."""
    if name != "EXEC" or session.queue is None:
        return args
    return tuple(_without_password(row.name, queued) for row, queued in session.queue)


def _without_password(name: str, args: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """AUTH and HELLO are set-up and leave no record, but they may be queued behind MULTI."""
    return (args[0], _REDACTED) if name in ("auth", "hello") and len(args) > 1 else args
