"""The engine of redis mode: sessions, the dispatcher, and what the world asks beside commands.

Rules: `execute` answers with a reply *and* the effects, never raises for bad input, reads no clock but the one it was
given; the order of refusals is the server's: login, unknown command, arity, not inside MULTI, memory, then the queue.
Source: Valkey 9.1.2, server.c (`processCommand`, `call`).
Leaves out: many users, eviction, replication, persistence, pub/sub, blocking commands: each comes with its lesson.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.cache.clock import Clock
from kit.cache.effects import Effect
from kit.cache.errors import CommandError
from kit.cache.memory import Memory
from kit.cache.redis import (
    catalogue,
    connection,
    counters,
    expiry,
    generic,
    hashes,
    info,
    scripts,
    sets,
    settings,
    strings,
    texts,
    transactions,
)  # fmt: skip
from kit.cache.redis.facts import Fact, effect
from kit.cache.redis.keyspace import Keyspace, Shared
from kit.cache.redis.reply import ErrorReply, Status
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Kind, Reply

DATABASES = 16
QUEUED = Status("QUEUED")
_FAMILIES = (
    strings, counters, generic, expiry, hashes, sets, transactions, scripts, connection, settings, info, catalogue,
)  # fmt: skip
ROWS: dict[bytes, Command] = {row.name.encode(): row for family in _FAMILIES for row in family.COMMANDS}
"""Every command by its name in small letters, containers without their subcommands."""
_SUBCOMMANDS = {
    name: {sub.name.partition("|")[2].encode(): sub for sub in row.subcommands}
    for name, row in ROWS.items()
    if row.subcommands
}
_PLAIN = {
    spelling: row for name, row in ROWS.items() if not row.subcommands for spelling in (name, name.upper())
}  # fmt: skip
"""The usual two spellings of commands without subcommands: one look-up on the hot path."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the world knows of a command before it runs.

    name: as the tape shows it (`GET`, `CLIENT SETNAME`); kind: `setup` and `queued` are answered at once and leave no
    operation, `visible` is one.
    """

    name: str
    keys: tuple[bytes, ...]
    write: bool
    kind: Kind


class Outcome:
    """Reply and effects of one command; the effects are made on first sight, so a replay that reads none pays nothing.

    null_array: the None of an EXEC that did not run, which RESP2 writes `*-1` and not `$-1`.
    """

    __slots__ = ("_facts", "null_array", "reply")

    def __init__(self, reply: Reply, facts: tuple[Fact, ...] = (), null_array: bool = False) -> None:
        self.reply = reply
        self._facts = facts
        self.null_array = null_array

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(map(effect, self._facts))

    def __repr__(self) -> str:
        return f"Outcome({self.reply!r}, {self.effects!r})"


class Engine:
    """A Valkey that lives in this process.

    >>> from kit.cache.clock import ManualClock
    >>> engine = Engine(ManualClock())
    >>> engine.execute(engine.session(), [b"GET", b"board:JFK"]).effects[0].kind
    'miss'

    maxmemory: bytes, 0 = no limit; password: of the user `default`, None = none is asked for.
    """

    rows = ROWS

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

    def watch_counts(self) -> tuple[int, int]:
        """Clients that watch, and keys watched: two fields of INFO."""
        watches = [one for keys in self.databases for one in keys.watches()]
        return len({id(watch.watcher) for watch in watches}), len(watches)

    # --- commands

    def describe(self, session: Session, args: Args) -> Description:
        """What a command will touch, before it runs. Pure."""
        row = self.lookup(args)
        if row is None:
            return Description(_shown_name(args), (), False, "visible" if session.queue is None else "queued")
        legal = row.accepts(len(args)) and not _missing_subcommand(row, args)
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
        facts = self.shared.facts
        row = _PLAIN.get(args[0]) or self.lookup(args)
        error = self._refusal(session, row, args)
        if error is not None or row is None:
            return Outcome(self._refuse(session, row, error or ""))
        if session.queue is not None and row.queues:
            session.queue.append((row, tuple(args)))
            return Outcome(QUEUED)
        reply = self.call(session, row, args)
        if not facts:
            return Outcome(reply, (), reply is None and row.name == "exec")
        outcome = Outcome(reply, tuple(facts))
        facts.clear()
        return outcome

    def lookup(self, args: Args) -> Command | None:
        """The row of a command: a subcommand's own where there is one, else its container's; None = unknown."""
        name = bytes(args[0]).lower()
        row = ROWS.get(name)
        if row is not None and row.subcommands and len(args) > 1:
            return _SUBCOMMANDS[name].get(bytes(args[1]).lower(), row)
        return row

    def row_named(self, name: bytes) -> Command | None:
        """The row of `get` or `client|id`."""
        first, bar, second = bytes(name).lower().partition(b"|")
        return _SUBCOMMANDS.get(first, {}).get(second) if bar else ROWS.get(first)

    def _refusal(self, session: Session, row: Command | None, args: Args) -> str | None:
        """Why the command must not run; None = it may. The order is the server's."""
        if not session.authenticated and (row is None or "no_auth" not in row.flags):
            return texts.NO_AUTH
        if row is None:
            return texts.unknown_command(args)
        if not row.accepts(len(args)):
            return texts.wrong_arity(row.name)
        if row.subcommands and _missing_subcommand(row, args):
            return texts.unknown_subcommand(row.name, args[1])
        if session.queue is not None and "no_multi" in row.flags:
            return texts.not_in_transaction(row.name)
        if self.memory.limit and self.memory.full and _needs_memory(session, row):
            return texts.OUT_OF_MEMORY
        return None

    def _refuse(self, session: Session, row: Command | None, error: str) -> ErrorReply:
        """A refusal fails the transaction that is being queued; EXEC that is refused ends it."""
        self.error_replies += 1
        if row is not None and row.name == "exec" and session.queue is not None:
            session.leave()
            session.unwatch()
            return ErrorReply(texts.exec_abort(error))
        if session.queue is not None:
            session.failed = True
        return ErrorReply(error)

    def call(self, session: Session, row: Command, args: Args) -> Reply:
        """Run a command that may run; what it raises becomes its reply. Counted afterwards, as in Valkey."""
        try:
            return row.run(session, args)
        except CommandError as error:
            self.error_replies += 1
            return ErrorReply(str(error))
        finally:
            self.commands_processed += 1

    def run_all(self, session: Session, queue: Sequence[tuple[Command, Args]]) -> list[Reply]:
        """The commands of a transaction, time standing still."""
        self.shared.frozen_ms = self.shared.now_ms()
        try:
            return [self.call(session, row, args) for row, args in queue]
        finally:
            self.shared.frozen_ms = None


def _shown_name(args: Args) -> str:
    return bytes(args[0]).upper().decode("latin-1")


def _missing_subcommand(row: Command, args: Args) -> bool:
    """Is this a container, called with a subcommand that is not there?"""
    return bool(row.subcommands) and len(args) > 1


def _needs_memory(session: Session, row: Command) -> bool:
    if row.name == "exec":
        return any(queued.deny_oom for queued, _ in session.queue or ())
    return row.deny_oom
