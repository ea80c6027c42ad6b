"""Memcached mode in the world: the text protocol, and requests that nobody waits for.

Rules: a `noreply` request is one operation like any other, but its client goes on at once: a reply cannot be lost, and
a lost request is noticed by nobody. A server that is full refuses what stores and obeys the rest. On the tape a request
is its words and, behind them, its block of data.
Leaves out: `read_only` (a memcached has no replicas).
"""

from __future__ import annotations

from kit.cache.clock import Clock
from kit.cache.memcached.engine import COMMANDS, Engine
from kit.cache.memcached.outcome import Outcome
from kit.cache.memcached.request import Request
from kit.cache.memcached.session import Session
from kit.wire.memcache_text import CLOSE, RequestParser, encode
from kit.world.choice import READ_FAULTS

WRITE_FAULTS = ("request_lost", "reply_lost", "cut", "full", "unreachable")
UNHEARD_FAULTS = ("request_lost", "cut", "full", "unreachable")  # of a write whose client waits for nothing


class MemcachedMode:
    """See `mode.Mode`. A command is a `Request`."""

    name = "memcached"

    def engine(self, clock: Clock, maxmemory: int) -> Engine:
        return Engine(clock, maxmemory=maxmemory)

    def parser(self) -> RequestParser:
        return RequestParser()

    def commands(self, parser: RequestParser, session: Session) -> tuple[list[Request], bytes | None]:
        found = []
        while isinstance(event := parser.next_event(), Request):
            found.append(event)
        return found, b"" if event is CLOSE else None

    def shown(self, session: Session, command: Request) -> object:
        return command.words if command.data is None else (*command.words, command.data)

    def encode(self, session: Session, outcome: Outcome) -> bytes:
        return encode(outcome.reply)

    def read_only(self, engine: Engine, session: Session, name: str) -> Outcome:
        raise ValueError("a memcached has no replicas, so none is read-only: use another fault")

    def faults(self, write: bool, command: Request) -> tuple[str, ...]:
        if not write:
            return READ_FAULTS
        return WRITE_FAULTS if self.waits(command) else UNHEARD_FAULTS

    def waits(self, command: Request) -> bool:
        words = command.words
        row = COMMANDS.get(words[0]) if words else None
        return row is None or not row.silent(words)

    def ended(self, session: Session) -> bool:
        return session.closing


MEMCACHED = MemcachedMode()
