"""The engine of redis mode: sessions, the dispatcher, and what the world asks beside commands.

Rules: `execute` answers with a reply *and* the effects, never raises for bad input, reads no clock but the one it was
given; `describe` changes nothing; a command that may run is queued inside MULTI, else run.
Source: Valkey 9.1.2, server.c (`processCommand`, `call`).
Leaves out: many users, eviction, replication, persistence, pub/sub, blocking commands: each comes with its lesson.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.cache.clock import Clock
from kit.cache.effects import Effect
from kit.cache.errors import CommandError
from kit.cache.memory import Memory
from kit.cache.redis import scripts, texts
from kit.cache.redis.facts import effect
from kit.cache.redis.keyspace import Keyspace, Shared
from kit.cache.redis.outcome import Description, NotExecuted, Outcome
from kit.cache.redis.registry import PLAIN, ROWS, lacks_subcommand, lookup, refusal, row_named
from kit.cache.redis.reply import ErrorReply, Status
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Kind, Reply

__all__ = ["DATABASES", "ROWS", "Description", "Engine", "Outcome", "Session"]

DATABASES = 16
QUEUED = Status("QUEUED")


class Engine:
    """A Valkey that lives in this process.

    >>> from kit.cache.clock import ManualClock
    >>> engine = Engine(ManualClock())
    >>> engine.execute(engine.session(), [b"GET", b"board:JFK"]).effects[0].kind
    'miss'

    maxmemory: bytes, 0 = no limit; password: of the user `default`, None = none is asked for.
    """

    rows = ROWS
    lookup = staticmethod(lookup)
    row_named = staticmethod(row_named)

    def __init__(self, clock: Clock, *, maxmemory: int = 0, password: bytes | None = None) -> None:
        self.password = password
        self._maxmemory = maxmemory
        self.memory = Memory(maxmemory)
        self.shared = Shared(clock, self.memory)
        self.databases = [Keyspace(self.shared) for _ in range(DATABASES)]
        self.scripts: set[bytes] = set()
        self.connected = 0
        self._next_id = 1
        self._start()

    def _start(self) -> None:
        self.started_us = self.clock.now_us()
        self.reset_counters()

    @property
    def clock(self) -> Clock:
        return self.shared.clock

    def now_ms(self) -> int:
        """The clock in milliseconds since the Unix epoch, as commands see it."""
        return self.shared.now_ms()

    def session(self) -> Session:
        """The state of a new connection."""
        number = self._next_id
        self._next_id += 1
        self.connected += 1
        self.connections_received += 1
        return Session(self, number)

    def reset(self) -> None:
        """As new: no keys, no scripts, counters at 0, the first limit. Sessions live on (`Session.reset`)."""
        for keys in self.databases:
            keys.clear()
        self.scripts.clear()
        self.memory.limit, self.memory.used, self.memory.peak = self._maxmemory, 0, 0
        self.shared.facts.clear()
        self._start()

    def reset_counters(self) -> None:
        """What CONFIG RESETSTAT sets to 0."""
        self.shared.hits = self.shared.misses = self.shared.expired = 0
        self.commands_processed = self.connections_received = self.error_replies = 0

    # --- what the world asks beside commands

    def volatile(self) -> list[bytes]:
        """Live keys with an expiry, over all databases, sorted."""
        return sorted({key for keys in self.databases if keys.expiring for key in keys.volatile()})

    def next_expiry_us(self) -> int | None:
        """When the next live key ends, in microseconds of the clock: the first moment at which an access misses it."""
        ends = [keys.next_expiry_ms() for keys in self.databases if keys.expiring]
        first = min((one for one in ends if one is not None), default=None)
        return None if first is None else (first + 1) * 1_000  # a key lives through its last millisecond

    def expire_now(self, key: bytes) -> Effect:
        """The world's move: the key ends now. Raises KeyError where no live key of that name has an expiry."""
        for keys in self.databases:
            if keys.expire_ms(key) is not None and not keys.is_due(key):
                keys.end(key)
                return effect(self.shared.facts.pop())
        raise KeyError(f"{key!r} has no expiry, or is not there; volatile keys: {self.volatile()}")

    def state(self) -> tuple[object, ...]:
        """Contents of all databases, and the scripts known: what later answers depend on, INFO's counters apart."""
        held = tuple((number, keys.state()) for number, keys in enumerate(self.databases) if len(keys))
        return held, frozenset(self.scripts)

    # --- commands

    def describe(self, session: Session, args: Args) -> Description:
        """What a command will touch, before it runs. Pure."""
        row = PLAIN.get(args[0]) or lookup(args)
        if row is None:
            return Description(_shown_name(args), (), False, "visible" if session.queue is None else "queued")
        legal = row.accepts(len(args)) and not lacks_subcommand(row, args)
        if row.name == "exec":
            return self._describe_exec(session, row)
        if session.queue is not None and row.queues:
            return Description(row.shown, row.keys_of(args) if legal else (), row.write and legal, "queued")
        kind: Kind = "queued" if session.queue is not None and "no_multi" in row.flags else row.kind
        if not legal:
            return Description(row.shown, (), False, kind)
        return Description(row.shown, row.keys_of(args), row.write or scripts.writes(row, args), kind)

    def _describe_exec(self, session: Session, row: Command) -> Description:
        queue = session.queue or []
        keys = [key for queued, args in queue for key in queued.keys_of(args)]
        keys += [key for _, key in session.watched]
        writes = any(queued.write or scripts.writes(queued, args) for queued, args in queue)
        return Description(row.shown, tuple(dict.fromkeys(keys)), writes, "visible")

    def execute(self, session: Session, args: Args) -> Outcome:
        """Run one command. Bad input is an ErrorReply, never an exception."""
        row = PLAIN.get(args[0]) or lookup(args)
        error = refusal(session, row, args)
        if error is not None or row is None:
            return Outcome(self._refuse(session, row, error or ""))
        if session.queue is not None and row.queues:
            session.queue.append((row, tuple(args)))
            return Outcome(QUEUED)
        reply = self.call(session, row, args)
        shared = self.shared
        if shared.facts:
            facts, shared.facts = shared.facts, []
            return Outcome(reply, facts)
        return NotExecuted(None) if reply is None and row.name == "exec" else Outcome(reply)

    def _refuse(self, session: Session, row: Command | None, error: str) -> ErrorReply:
        """A refusal fails the transaction that is being queued; EXEC that is refused ends it."""
        self.error_replies += 1
        if row is not None and row.name == "exec":
            session.leave()
            session.unwatch()
            return ErrorReply(texts.exec_abort(error))
        if session.queue is not None:
            session.failed = True
        return ErrorReply(error)

    def call(self, session: Session, row: Command, args: Args) -> Reply:
        """Run a command that may run; what it raises becomes its reply. Counted afterwards, as in Valkey."""
        try:
            reply = row.run(session, args)
        except CommandError as error:
            self.error_replies += 1
            reply = ErrorReply(str(error))
        self.commands_processed += 1
        return reply

    def run_all(self, session: Session, queue: Sequence[tuple[Command, Args]]) -> list[Reply]:
        """The commands of a transaction, time standing still."""
        with self.shared.standing_still():
            return [self.call(session, row, args) for row, args in queue]


def _shown_name(args: Args) -> str:
    return bytes(args[0]).upper().decode("latin-1")
