"""Memcached mode whose replies come from a real server: the same bytes go there, the model says what they did.

Rules: those of `forward`. Behind each request goes an `mn`, whose MN says that nothing more comes: a request that
nobody answers (`noreply`, a quiet meta command) is so known to have been served. A server numbers its items for as long
as it lives, and schedules must not differ by that: its cas ids are told as the model's, and sent back as its own.
"""

from __future__ import annotations

from kit.cache.clock import Clock
from kit.cache.memcached.engine import Engine, Request, Session
from kit.cache.memcached.outcome import Outcome, Reply
from kit.cache.memcached.reply import Meta, Values
from kit.cache.memcached.request import Words
from kit.real.forward import Address, Line, Lines
from kit.wire.memcache_replies import NeedData, ReplyParser
from kit.wire.memcache_text import encode_request

_FENCE = b"mn\r\n"
_CAS_WORD = 5  # of `cas <key> <flags> <exptime> <bytes> <cas>`


class ForwardingEngine(Engine):
    """Memcached mode in front of a server at `address`. Raises ConnectionError when that goes away."""

    def __init__(self, clock: Clock, address: Address) -> None:
        self._address = address
        self._lines = Lines(lambda: Line(address))
        self._ids: dict[bytes, bytes] = {}  # cas ids: the model's → the server's
        super().__init__(clock)

    def execute(self, session: Session, request: Request) -> Outcome:
        outcome = super().execute(session, request)
        if session.closing:
            return outcome
        line, _ = self._lines.of(session)
        return Outcome(self._told(outcome.reply, _ask(line, request, self._sent(request.words))), outcome.facts)

    def reset(self) -> None:
        super().reset()
        self._lines.close()
        self._ids.clear()
        admin = Line(self._address)
        flush = Request.of(b"flush_all")
        _ask(admin, flush, flush.words)
        admin.close()

    def close(self) -> None:
        """Hang up."""
        self._lines.close()

    def _sent(self, words: Words) -> Words:
        """A request's words, with the server's cas id where one stands."""
        if words[:1] == (b"cas",) and len(words) > _CAS_WORD:
            ours = words[_CAS_WORD]
            return (*words[:_CAS_WORD], self._ids.get(ours, ours), *words[_CAS_WORD + 1 :])
        if words[:1] in ((b"ms",), (b"md",), (b"ma",)):
            flags = (b"C" + self._ids.get(word[1:], word[1:]) if word[:1] == b"C" else word for word in words[2:])
            return (*words[:2], *flags)
        return words

    def _told(self, model: Reply, reply: Reply) -> Reply:
        """The server's reply, with the model's cas ids where the two agree on where one stands."""
        if isinstance(reply, Values) and isinstance(model, Values):
            for real, ours in zip(reply, model, strict=False):
                if len(real) == len(ours) == 4 and real[0] == ours[0]:
                    self._ids[b"%d" % ours[3]] = b"%d" % real[3]
                    real[3] = ours[3]
        elif isinstance(reply, Meta) and isinstance(model, Meta) and len(reply[1]) == len(model[1]):
            for number, (real, ours) in enumerate(zip(reply[1], model[1], strict=True)):
                if real[:1] == ours[:1] == b"c":
                    self._ids[ours[1:]] = real[1:]
                    reply[1][number] = ours
        return reply


def _ask(line: Line, request: Request, words: Words) -> Reply:
    """The reply to a request, None where it has none."""
    parser = ReplyParser()
    if request.words[:1] == (b"mn",):
        line.send(_FENCE)
        return _next(line, parser)
    line.send(_bytes(request, words) + _FENCE)
    reply = _next(line, parser)
    if reply == Meta(["MN", [], None]):
        return None
    _next(line, parser)
    return reply


def _bytes(request: Request, words: Words) -> bytes:
    """A request as it was sent; for a block that was thrown away, other bytes of its length, ended as it was."""
    if request.block is None or request.data is not None:
        return encode_request(words, request.data)
    return encode_request(words) + bytes(request.block.length) + (b"??" if request.broken else b"\r\n")


def _next(line: Line, parser: ReplyParser) -> Reply:
    while isinstance(reply := parser.next_event(), NeedData):
        parser.receive_data(line.receive())
    return reply
