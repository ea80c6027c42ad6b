"""The engine of memcached mode: sessions, the dispatcher, and what the world asks beside requests.

Rules: `execute` answers with a reply *and* the effects, never raises for bad input, reads no clock but the one it was
given; `describe` changes nothing. The verbs are those of redis mode, a request takes the place of a command's words.
Source: memcached 1.6.18 with `-o no_modern`, proto_text.c (`process_command_ascii`).
Leaves out: eviction (a store that would pass the limit is refused, as with `-M`; the plain LRU per slab class comes
with the engines' own issue), the binary protocol, SASL, UDP.
"""

from __future__ import annotations

from kit.cache.clock import Clock
from kit.cache.effects import Effect
from kit.cache.errors import CommandError
from kit.cache.memcached import arithmetic, meta, retrieval, server, stats, storage, texts
from kit.cache.memcached.counters import Counters
from kit.cache.memcached.items import Items
from kit.cache.memcached.outcome import Description, Outcome, Reply, effect
from kit.cache.memcached.reply import ErrorReply
from kit.cache.memcached.request import Request
from kit.cache.memcached.session import Session
from kit.cache.memcached.slabs import ITEM_LIMIT
from kit.cache.memcached.table import Command
from kit.cache.memory import Memory

__all__ = ["COMMANDS", "Description", "Engine", "Outcome", "Request", "Session"]

COMMANDS: dict[bytes, Command] = {
    row.name.encode(): row
    for family in (retrieval, storage, arithmetic, meta, server, stats)
    for row in family.COMMANDS
}
"""Every command by its name. Names are small letters only: `GET` is unknown."""
MAX_BYTES = 64 * 1024 * 1024


class Engine:
    """A memcached that lives in this process.

    >>> from kit.cache.clock import ManualClock
    >>> engine = Engine(ManualClock())
    >>> engine.execute(engine.session(), Request.of(b"get board:JFK")).effects[0].kind
    'miss'

    maxmemory: bytes, 0 = no limit; 64 MiB as a server without `-m`. item_limit: bytes that the largest item may take,
    as `-I`; it may be lowered, and is 1 MiB again after `reset`.
    """

    def __init__(self, clock: Clock, *, maxmemory: int = MAX_BYTES) -> None:
        self._maxmemory = maxmemory
        self.memory = Memory(maxmemory)
        self.items = Items(clock, self.memory)
        self.counters = Counters()
        self.item_limit = ITEM_LIMIT
        self.verbosity = 0
        self.connected = self.connections_received = 0
        self._next_id = 1

    @property
    def clock(self) -> Clock:
        return self.items.clock

    def session(self) -> Session:
        """The state of a new connection."""
        number = self._next_id
        self._next_id += 1
        self.connected += 1
        self.connections_received += 1
        return Session(self, number)

    def reset(self) -> None:
        """As new: no items, counters at 0, cas ids from 1, the first limit. Sessions live on."""
        self.memory.limit = self._maxmemory
        self.item_limit = ITEM_LIMIT
        self.items.clear()
        self.counters.reset()
        self.verbosity = 0
        self.connections_received = 0

    # --- what the world asks beside requests

    def volatile(self) -> list[bytes]:
        """Live keys with an expiry, sorted."""
        return sorted(key for key, item in self.items.live() if item.exptime)

    def next_expiry_us(self) -> int | None:
        """When the next live key expires, in microseconds of the clock. A delayed `flush_all` is none."""
        first = min((item.exptime for _, item in self.items.live() if item.exptime), default=None)
        return None if first is None else (first + self.items.started_s) * 1_000_000

    def expire_now(self, key: bytes) -> Effect:
        """The world's move: the key ends now. Raises KeyError where no live key of that name has an expiry."""
        items = self.items
        if key not in self.volatile():
            raise KeyError(f"{key!r} has no expiry, or is not there; volatile keys: {self.volatile()}")
        items.expired += 1
        items.unlink(key, items.held[key], "expired")
        return effect(items.facts.pop())

    def state(self) -> tuple[object, ...]:
        """What later answers depend on, counters of `stats` apart; cas ids are among it, so that two histories which
        stored differently often are two states."""
        items = self.items
        now = items.now()
        held = tuple(
            (key, item.value, item.flags, item.exptime and item.exptime - now, item.cas, now - item.used, item.fetched,
             item.stale, item.won, item.binary)
            for key, item in sorted(items.live())
        )  # fmt: skip
        return held, items.last_cas, items.oldest_cas, items.oldest_live and items.oldest_live - now

    # --- requests

    def describe(self, session: Session, request: Request) -> Description:
        """What a request will touch, before it runs. Pure."""
        words = request.words
        row = COMMANDS.get(words[0]) if words else None
        if row is None:
            return Description(words[0].decode("latin-1") if words else "", (), False, "visible")
        if not row.least <= len(words) <= row.most:
            return Description(row.name, (), False, row.kind)
        return Description(row.name, row.keys(request), row.write, row.kind)

    def execute(self, session: Session, request: Request) -> Outcome:
        """Run one request. Bad input is an ErrorReply, never an exception."""
        words = request.words
        row = COMMANDS.get(words[0]) if words else None
        if row is None or not row.least <= len(words) <= row.most:
            return Outcome(ErrorReply(texts.ERROR))
        reply = self._run(row, session, request)
        items = self.items
        facts = items.facts
        if facts:
            items.facts = []
        return Outcome(reply, facts)

    def _run(self, row: Command, session: Session, request: Request) -> Reply:
        try:
            reply = row.run(self, session, request)
        except CommandError as error:
            reply = ErrorReply(str(error))
        return None if row.silent(request.words) else reply
