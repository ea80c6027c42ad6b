"""Memcached mode for real clients: one engine, a dialogue for each.

Rules: what is set-up is not witnessed, a login neither; with a login nothing is served before it; a reply of many items
is sent in pieces, so that what a client does not read is not made.
Source: memcached 1.6.18: too long a line closes without an answer, a client too many is told (`maxconns_fast`, which
`-o no_modern` turns off: there it waits).
Leaves out: the binary protocol, which closes the line by a sentence in the log (deprecated since 1.6; its first byte
is 0x80), SASL, TLS, UDP; what the engine leaves out is answered as a real server answers an unknown command.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from kit.cache.memcached.engine import Engine
from kit.cache.memcached.outcome import Outcome
from kit.cache.memcached.reply import Values
from kit.cache.memcached.request import Request
from kit.cache.memcached.sweep import Sweep
from kit.real.dialogue import Log, Served, Witness
from kit.wire.memcache_login import WELCOME, WRONG, Login, LoginParser, Refused
from kit.wire.memcache_text import CLOSE, RequestParser, encode, pieces

PIECE_BYTES = 64 * 1024
"""So much of a reply of many items is made at once, the rest once it has been sent."""
_BINARY = b"\x80"


class MemcachedRoom:
    """One engine for all clients. witness: for a recording; login: whoever connects must give it; None = nobody."""

    too_many = b"ERROR Too many open connections\r\n"
    fault = b"SERVER_ERROR the kit's server failed at this command\r\n"

    def __init__(self, engine: Engine, witness: Witness | None = None, login: Login | None = None) -> None:
        self._engine = engine
        self._witness = witness
        self._login = login
        self._sweep = Sweep(engine)

    def dialogue(self, trouble: Log) -> MemcachedDialogue:
        return MemcachedDialogue(self._engine, self._witness, self._login, trouble)

    def tick(self) -> None:
        """Items that have ended give their memory back; on a recording that is the server's own move."""
        for ended in self._sweep.step():
            if self._witness is not None:
                now = self._engine.clock.now_us()
                self._witness(Served(0, "expire", (ended.key,), True, None, None, (ended,), now, now, now))


class MemcachedDialogue:
    """A client of memcached mode."""

    collecting = False

    def __init__(self, engine: Engine, witness: Witness | None, login: Login | None, trouble: Log) -> None:
        self.commands = 0
        self.closing = False
        self.why = ""
        self._engine = engine
        self._session = engine.session()
        self._parser = RequestParser()
        self._wanted = login
        self._door = None if login is None else LoginParser()
        self._pieces: Iterator[bytes] | None = None
        self._spoken = False
        self._witness = witness
        self._trouble = trouble
        self._arrived_us = 0
        self.number: int = self._session.id

    @property
    def waiting(self) -> bool:
        return self._pieces is not None or not self._parser.idle or not (self._door is None or self._door.idle)

    def receive(self, data: bytes) -> None:
        if not self._spoken and data[:1] == _BINARY:
            self.closing, self.why = True, "spoke the binary protocol, which is not served (text is),"
            return
        self._spoken = True
        (self._parser if self._door is None else self._door).receive_data(data)
        if self._witness is not None:
            self._arrived_us = self._engine.clock.now_us()

    def answer(self) -> bytes | None:
        if self._pieces is not None:
            return self._piece(self._pieces)
        if self.closing:
            return None
        return self._served() if self._door is None else self._let_in(self._door)

    def end(self) -> None:
        self._session.close()

    def _served(self) -> bytes | None:
        event = self._parser.next_event()
        if isinstance(event, Request):
            return self._serve(event)
        if event is CLOSE:
            self._hang_up()
        return None

    def _hang_up(self) -> None:
        self.closing, self.why = True, "sent a longer line than is read"

    def _let_in(self, door: LoginParser) -> bytes | None:
        """Read on until somebody has logged in."""
        event = door.next_event()
        if isinstance(event, Refused):
            return event.reply
        if event is CLOSE:
            self._hang_up()
        if not isinstance(event, Login):
            return None
        if not _same(event, self._wanted):
            self._trouble("gave a wrong user or password")
            return WRONG
        self._door = None
        self._parser.receive_data(door.rest())
        return WELCOME

    def _serve(self, request: Request) -> bytes:
        session = self._session
        if self._witness is None:
            outcome = self._engine.execute(session, request)
        else:
            outcome = self._witnessed(self._witness, request)
        self.commands += 1
        if session.closing:
            self.closing, self.why = True, "said quit"
        reply = outcome.reply
        if isinstance(reply, Values) and len(reply) > 1:
            self._pieces = pieces(reply, PIECE_BYTES)
            return self._piece(self._pieces)
        return encode(reply)

    def _piece(self, rest: Iterator[bytes]) -> bytes:
        piece = next(rest, None)
        if piece is None:
            self._pieces = None
        return piece or b""

    def _witnessed(self, witness: Witness, request: Request) -> Outcome:
        """Serve a request and tell of it, unless it is set-up."""
        now = self._engine.clock.now_us
        what = self._engine.describe(self._session, request)
        served = now()
        outcome = self._engine.execute(self._session, request)
        if what.kind == "visible":
            shown = request.words if request.data is None else (*request.words, request.data)
            witness(
                Served(
                    self.number, what.name, what.keys, what.write, shown, outcome.reply, outcome.effects,
                    self._arrived_us, served, now(),
                )
            )  # fmt: skip
        return outcome


def _same(given: Login, wanted: Login | None) -> bool:
    """Compared whole, in a time that does not tell where they differ."""
    if wanted is None:
        return True
    user = hmac.compare_digest(given.user, wanted.user)
    return hmac.compare_digest(given.password, wanted.password) and user
