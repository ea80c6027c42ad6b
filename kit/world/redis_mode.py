"""Redis mode in the world: RESP, and EXEC as one operation with what was queued for it."""

from __future__ import annotations

from kit.cache.clock import Clock
from kit.cache.redis.engine import Engine
from kit.cache.redis.outcome import Outcome
from kit.cache.redis.reply import ErrorReply
from kit.cache.redis.session import Session
from kit.wire.resp import Command, CommandParser, ProtocolError, encode
from kit.world.choice import READ_FAULTS, WRITE_FAULTS

READ_ONLY = "READONLY You can't write against a read only replica."
Words = tuple[bytes, ...]


class RedisMode:
    """See `mode.Mode`. A command is its words."""

    name = "redis"

    def engine(self, clock: Clock, maxmemory: int) -> Engine:
        return Engine(clock, maxmemory=maxmemory)

    def parser(self) -> CommandParser:
        return CommandParser()

    def commands(self, parser: CommandParser, session: Session) -> tuple[list[Words], bytes | None]:
        found = []
        while isinstance(event := parser.next_event(), Command):
            found.append(event.args)
        broken = isinstance(event, ProtocolError)
        return found, encode(ErrorReply(event.text), session.proto) if broken else None  # type: ignore[union-attr]

    def shown(self, session: Session, command: Words) -> object:
        queue = session.queue
        if queue is not None and command[0].upper() == b"EXEC":
            return tuple(queued for _, queued in queue)  # an EXEC asks for what was queued for it
        return command

    def encode(self, session: Session, outcome: Outcome) -> bytes:
        return encode(outcome.reply, session.proto, null_array=outcome.null_array)

    def read_only(self, engine: Engine, session: Session, name: str) -> Outcome:
        if name == "EXEC":
            engine.execute(session, (b"DISCARD",))
            return Outcome(ErrorReply(f"EXECABORT Transaction discarded because of: {READ_ONLY}"))
        return Outcome(ErrorReply(READ_ONLY))

    def faults(self, write: bool, command: Words) -> tuple[str, ...]:
        return WRITE_FAULTS if write else READ_FAULTS

    def waits(self, command: Words) -> bool:
        return True

    def ended(self, session: Session) -> bool:
        return False


REDIS = RedisMode()
