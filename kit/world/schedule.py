"""One schedule: actors, their pending operations, the switch points between them, and the tape that comes of it.

Rules: a switch point precedes a visible operation; start and answer are fused with an actor's first and last operation,
waking with the step after it; in a race scene every operation takes one virtual microsecond; an operation is recorded
once, when its peer serves it or the network loses it. The busy wait of an actor ends when anything changes.
Source: the contracts of the kit, "The tape" and "Choices and search".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kit.cache.clock import ManualClock
from kit.cache.effects import Effect
from kit.cache.redis.engine import Description, Engine, Outcome
from kit.cache.redis.reply import ErrorReply
from kit.wire.resp import encode
from kit.world.choice import READ_FAULTS, WRITE_FAULTS, Alternative, Chooser, Point
from kit.world.latency import CLIENT_TIMEOUT, query_name
from kit.world.network import READ_ONLY, Connection
from kit.world.request import Actors, Request
from kit.world.store import EndlessQuery, Store, Transaction
from kit.world.tape import Op

EPOCH_US = 1_362_751_200_000_000  # 8 March 2013, 09:00 in New York
MOST_REPEATS = 4
CHANGING = frozenset({"stored", "deleted", "expired", "evicted"})


class Stuck(Exception):
    """A schedule that cannot or may not go on. kind: dead-lock, live-lock, limit or endless query."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class Call(NamedTuple):
    """One call of a scene: a function of the submission and its arguments behind the clients."""

    function: str
    args: tuple[Any, ...]


def call(function: str, *args: Any) -> Call:
    """A call for `explore`: `call("get_board", "JFK")`."""
    return Call(function, args)


@dataclass
class Answer:
    """What a call of a scene came to. raised: [type, text] or None; queries: its reads of the store; us: virtual time."""

    value: Any = None
    raised: list[str] | None = None
    queries: int = 0
    us: int = 0


@dataclass
class Standing:
    """A fault that stands until it is healed or used up. on: all, reads, writes; for db_error query, execute, commit."""

    kind: str
    on: str = "all"
    count: int | None = None

    def meets(self, pending: Pending) -> bool:
        if self.kind == "db_error":
            return pending.kind == self.on or (self.on, pending.kind) == ("commit", "execute") and not pending.inside
        if pending.kind != "command":
            return False
        if self.kind in ("full", "read_only") and not pending.write:
            return False
        return self.on == "all" or (self.on == "writes") == pending.write


class Pending(NamedTuple):
    """The operation an actor stands before."""

    kind: str  # command, query, execute, commit, sleep, acquire, join, nothing
    args: Any
    line: int | None
    name: str = ""
    write: bool = False
    connection: Connection | None = None
    description: Description | None = None
    inside: bool = False  # inside a transaction of the store


class Actor:
    """The state of one actor: a process, or a thread of one (`<parent>/<n>`)."""

    __slots__ = (
        "answers", "calls", "current", "cut", "dead", "ended", "held", "name", "operations", "parked", "pending",
        "process", "queries", "repeats", "repeats_at", "started", "threads", "transaction", "wake", "t_start",
    )  # fmt: skip

    def __init__(self, name: str, calls: Iterable[Call], process: Actor | None = None) -> None:
        self.name, self.calls, self.process = name, deque(calls), process or self
        self.current: Call | None = None
        self.pending: Pending | None = None
        self.wake: int | None = None
        self.started = self.ended = self.dead = self.cut = False
        self.held: tuple[str, int] | None = None
        self.transaction: Transaction | None = None
        self.repeats: dict[Any, list[Any]] = {}
        self.repeats_at = self.operations = self.queries = self.threads = self.t_start = 0
        self.parked: int | None = None
        self.answers: list[Answer] = []


class Schedule:
    """One run over one engine and one store; `choose` decides at each switch point of the explored part."""

    def __init__(
        self, actors: Actors, engine: Engine, store: Store, clock: ManualClock, connections: dict[int, Connection],
        choose: Chooser, *, prefix: str = "", operation_limit: int = 400, schedule_limit: int = 3_000,
    ) -> None:  # fmt: skip
        self.actors, self.engine, self.store, self.clock = actors, engine, store, clock
        self.connections, self.choose, self.prefix = connections, choose, prefix
        self.operation_limit, self.schedule_limit = operation_limit, schedule_limit
        self.ops: list[Op] = []
        self.points: list[Point] = []
        self.faults: list[Standing] = []
        self.names: set[str] = set()
        self.changes = 0
        self.exploring = False
        self.parked_once = False
        self._start_us = clock.now_us()
        self._locks: dict[tuple[str, int], str] = {}
        self._versions: dict[bytes, tuple[str, int]] = {}
        self._live: list[Actor] = []
        self._born: list[Actor] = []
        self._clock_read = False

    # What a scene asks for

    def play(self, calls: dict[str, Sequence[Call]], *, explore: bool) -> list[Actor]:
        """Run these actors to their ends. Raises Stuck."""
        live = [self._enter(name, one) for name, one in calls.items()]
        self._live, self.exploring = live, explore
        for actor in live:
            self._next_call(actor)
        self._start_threads()
        last: Actor | None = None
        while True:
            self._wake_due()
            ready = [actor for actor in self._live if self._ready(actor)]
            if not ready:
                if all(actor.ended for actor in self._live):
                    break
                self._advance()
                continue
            last = self._step(ready, last)
        if explore:
            while self._world_moves_at_the_end():
                pass
        self.exploring = False
        return live

    def now(self) -> int:
        """Virtual µs since the start of the run."""
        return self.clock.now_us() - self._start_us

    def wait(self, us: int) -> None:
        """Let time pass with nobody running."""
        self.clock.advance(us)
        self.changes += 1

    def scene_record(
        self, actor: str, name: str, request: Any = None, reply: Any = None, *effects: Effect, line: int | None = None
    ) -> None:
        now = self.now()
        self.ops.append(
            Op(len(self.ops), actor, "scene", name, (), False, request, reply, effects, False, now, now, now, line)
        )

    def operated(self, sql: str, params: dict[str, Any], count: int) -> None:
        """Record what the kit's operator committed."""
        pending = Pending("execute", (sql, params), None, query_name(sql) or "execute", True)
        self._record(Actor("Operator", ()), pending, "store", "execute", [sql, params], count, self._committed())

    # One step

    def _step(self, ready: list[Actor], last: Actor | None) -> Actor | None:
        first = last if last in ready else ready[0]
        assert first is not None
        if not self.exploring:
            self._perform(first, None)
            return first
        order = [first, *(actor for actor in ready if actor is not first)]
        alternatives = self._alternatives(order)
        point = self._choose(alternatives)
        kind, name, what = alternatives[point.taken]
        if kind == "leap":
            self._leap()
            return last
        if kind == "expire":
            self._expire(what)
            return last
        actor = next(one for one in order if one.name == name)
        if kind == "death":
            self._die(actor)
        else:
            self._perform(actor, None if kind in ("run", "switch") else kind)
        return actor

    def _choose(self, alternatives: list[Alternative]) -> Point:
        if self.points:
            self.points[-1].clock = self._clock_read
        self._clock_read = False
        point = Point(alternatives, self.choose(alternatives, self.ops, self.points), len(self.ops))
        self.points.append(point)
        return point

    def _alternatives(self, order: list[Actor]) -> list[Alternative]:
        found = [Alternative("run" if not i else "switch", actor.name, _name(actor)) for i, actor in enumerate(order)]
        if any(actor.wake is not None and not self._ready(actor) for actor in self._live):
            found.append(Alternative("leap", "world"))
        found += [Alternative("expire", "world", key.decode("latin-1")) for key in self.engine.volatile()]
        in_scene_order = sorted(order, key=self._live.index) if len(order) > 1 else order
        for actor in in_scene_order:
            pending = actor.pending
            if pending is not None and pending.kind == "command":
                kinds = WRITE_FAULTS if pending.write else READ_FAULTS
                found += [Alternative(kind, actor.name, pending.name) for kind in kinds]
            found.append(Alternative("death", actor.name, _name(actor)))
        return found

    def _world_moves_at_the_end(self) -> bool:
        keys = self.engine.volatile()
        alternatives = [
            Alternative("end", "world"),
            *(Alternative("expire", "world", key.decode("latin-1")) for key in keys),
        ]
        point = self._choose(alternatives)
        if point.taken:
            self._expire(point.chosen.what)
        return bool(point.taken)

    def _ready(self, actor: Actor) -> bool:
        pending = actor.pending
        if pending is None or actor.dead:
            return False
        if actor.parked is not None:
            if actor.parked == self.changes:
                return False
            actor.parked = None
        if pending.kind == "acquire":
            lock, blocking, _ = pending.args
            held = (actor.process.name, lock) in self._locks
            return not held or not blocking or (actor.wake is not None and actor.wake <= self.clock.now_us())
        if pending.kind == "join":
            done = any(self.prefix + one.name == pending.args[0] and one.ended for one in self._live)
            return done or (actor.wake is not None and actor.wake <= self.clock.now_us())
        return True

    # Time

    def _wake_due(self) -> None:
        now = self.clock.now_us()
        for actor in self._live:
            if actor.pending is None and actor.wake is not None and actor.wake <= now and not actor.dead:
                actor.wake = None
                self._settle(actor, self._resume(actor, "ok", None))
        self._start_threads()

    def _sleepers(self) -> list[int]:
        return [
            actor.wake for actor in self._live if actor.wake is not None and not actor.dead and not self._ready(actor)
        ]

    def _leap(self) -> None:
        moment = max(min(self._sleepers()), self.clock.now_us())
        us = moment - self.clock.now_us()
        self.clock.set(moment)
        self.changes += 1
        now = self.now()
        self.ops.append(
            Op(len(self.ops), "world", "clock", "leap", (), False, us, None, (), False, now, now, now, None)
        )

    def _expire(self, what: str) -> None:
        key = what.encode("latin-1")
        effect = self._versioned(self.engine.expire_now(key), None)
        self.changes += 1
        now = self.now()
        self.ops.append(
            Op(
                len(self.ops),
                "world",
                "cache",
                "expire",
                (key,),
                True,
                None,
                None,
                (effect,),
                False,
                now,
                now,
                now,
                None,
            )
        )

    def _advance(self) -> None:
        """Nobody is ready: the clock goes to the next sleeper, or to the next expiry that a busy waiter may see."""
        moments = self._sleepers()
        if any(actor.parked is not None for actor in self._live if not actor.ended):
            expiry = self.engine.next_expiry_us()
            moments += [expiry] if expiry is not None else []
        if not moments:
            raise self._knot()
        self.clock.set(max(min(moments), self.clock.now_us()))
        self.changes += 1

    def _knot(self) -> Stuck:
        waiting = [actor for actor in self._live if not actor.ended and not actor.dead]
        if any(actor.parked is not None for actor in waiting):
            names = ", ".join(actor.name for actor in waiting if actor.parked is not None)
            what = next(_name(actor) for actor in waiting if actor.parked is not None)
            return Stuck(
                "live-lock", f"a live-lock: {names} asks the same ({what}) again and again, and nobody will change it"
            )
        chain = "; ".join(f"{actor.name} waits for {self._awaited(actor)}" for actor in waiting)
        return Stuck("dead-lock", f"a dead-lock: {chain}")

    def _awaited(self, actor: Actor) -> str:
        pending = actor.pending
        if pending is None:
            return "an answer that never comes"
        if pending.kind == "join":
            return f"{pending.args[0]} to end"
        holder = self._locks.get((actor.process.name, pending.args[0]), "nobody")
        return f"a lock that {'it holds itself' if holder == actor.name else holder + ' holds'}"

    # An actor's operation

    def _perform(self, actor: Actor, fault: str | None) -> None:
        pending = actor.pending
        assert pending is not None
        self._begin_record(actor, pending)
        if pending.kind == "nothing":
            actor.pending = None
            self._finish(actor, pending.args)
            self._start_threads()
            return
        actor.operations += 1
        if actor.operations > self.operation_limit:
            raise Stuck("limit", f"{actor.name} made {self.operation_limit} operations in one scene without an end")
        if len(self.ops) > self.schedule_limit:
            raise Stuck("limit", f"a scene of more than {self.schedule_limit} operations")
        self.clock.advance(1)
        fault = fault or self._standing(pending)
        actor.pending = actor.wake = None
        request = self._serve(actor, pending, fault)
        if request is not None:
            self._settle(actor, request)
        self._start_threads()

    def _begin_record(self, actor: Actor, pending: Pending) -> None:
        if actor.started or actor.current is None:
            return
        actor.started = True
        self.scene_record(actor.name, "start", [actor.current.function, *actor.current.args])

    def _standing(self, pending: Pending) -> str | None:
        for fault in self.faults:
            if fault.count != 0 and fault.meets(pending):
                if fault.count is not None:
                    fault.count -= 1
                return fault.kind
        return None

    def _serve(self, actor: Actor, pending: Pending, fault: str | None) -> Request | None:
        if pending.kind == "command":
            return self._serve_command(actor, pending, fault)
        if pending.kind == "sleep":
            us = pending.args
            actor.wake = self.clock.now_us() + us
            self._record(actor, pending, "clock", "sleep", us, None, (), received=self.now() + us)
            return None
        if pending.kind in ("acquire", "join"):
            return self._serve_wait(actor, pending)
        return self._serve_store(actor, pending, fault)

    def _serve_wait(self, actor: Actor, pending: Pending) -> Request:
        if pending.kind == "acquire":
            place = (actor.process.name, pending.args[0])
            got = place not in self._locks
            if got:
                self._locks[place] = actor.name
        else:
            got = any(self.prefix + one.name == pending.args[0] and one.ended for one in self._live)
        self._record(actor, pending, "lock", pending.kind, pending.args[0], got, ())
        return self._resume(actor, "ok", got)

    def _serve_store(self, actor: Actor, pending: Pending, fault: str | None) -> Request:
        sql, params = pending.args
        request: Any = [sql, params] if sql else None
        try:
            if fault == "db_error":
                raise _refused(pending.kind)
            if pending.kind == "query":
                reply, effects = self._query(actor, sql, params)
            elif pending.kind == "execute":
                reply = self.store.execute(sql, params, actor.process.transaction)
                effects = self._committed() if actor.process.transaction is None else ()
            else:
                transaction, actor.process.transaction = actor.process.transaction, None
                assert transaction is not None
                self.store.commit(transaction)
                reply, effects = None, self._committed()
        except EndlessQuery as error:
            raise Stuck("endless query", f"{actor.name}: {error}") from None
        except Exception as error:
            if pending.kind == "commit":
                actor.process.transaction = None
            text = f"{type(error).__name__}: {error}"
            self._record(actor, pending, "store", pending.kind, request, ErrorReply(text), ())
            return self._resume(actor, "raised", (type(error).__name__, str(error)))
        self._record(actor, pending, "store", pending.kind, request, reply, effects)
        if not effects:
            self._count_repeat(actor, pending, (sql, repr(params)), reply)
        return self._resume(actor, "ok", reply)

    def _query(self, actor: Actor, sql: str, params: dict[str, Any]) -> tuple[Any, tuple[Effect, ...]]:
        rows = self.store.query(sql, params, actor.process.transaction)
        actor.queries += 1
        found = self.store.version_of(rows)
        effects: tuple[Effect, ...] = (Effect("rows", size=len(rows)),)
        if found is not None:
            assert found.version is not None
            actor.held = (found.truth, found.version)
            effects += (found,)
        return rows, effects

    def _committed(self) -> tuple[Effect, ...]:
        self.changes += 1
        return self.store.committed()

    def _serve_command(self, actor: Actor, pending: Pending, fault: str | None) -> Request | None:
        connection, args, description = pending.connection, pending.args, pending.description
        assert connection is not None
        assert description is not None
        connection.backlog.pop(0)
        if fault in ("request_lost", "cut", "unreachable"):
            self._record(actor, pending, "cache", description.name, args, None, (), served=None, received=None)
            actor.cut = fault == "cut"
            return self._break_off(actor, connection, "lost" if fault == "request_lost" else "closed")
        outcome = self._execute(connection, args, description, fault)
        reply, effects = outcome.reply, tuple(self._versioned(effect, actor) for effect in outcome.effects)
        lost = fault == "reply_lost"
        self._record(actor, pending, "cache", description.name, args, reply, effects, received=None if lost else -1)
        if any(effect.kind in CHANGING for effect in effects):
            self.changes += 1
        else:
            self._count_repeat(actor, pending, args, reply)
        if lost:
            return self._break_off(actor, connection, "lost")
        connection.replies += encode(reply, connection.session.proto, null_array=outcome.null_array)
        return self._pump(actor, connection)

    def _execute(self, connection: Connection, args: Any, description: Description, fault: str | None) -> Outcome:
        engine, session = connection.engine, connection.session
        if fault == "read_only" and description.write:
            if description.name == "EXEC":
                engine.execute(session, (b"DISCARD",))
                return Outcome(ErrorReply(f"EXECABORT Transaction discarded because of: {READ_ONLY}"))
            return Outcome(READ_ONLY)
        if fault == "full":
            with engine.memory.overfull():
                return engine.execute(session, args)
        return engine.execute(session, args)

    def _break_off(self, actor: Actor, connection: Connection, status: str) -> Request:
        """What was answered before the fault still arrives; the rest of the bytes does not."""
        connection.backlog.clear()
        if status == "closed":
            connection.dead = True
            connection.session.reset()
        elif not self.exploring:
            self.clock.advance(CLIENT_TIMEOUT)
            self.changes += 1
        return self._resume(actor, status, connection.take_replies())

    def _count_repeat(self, actor: Actor, pending: Pending, asked: Any, reply: Any) -> None:
        """Park a busy waiter: the same question with the same answer for the fourth time while nothing changed."""
        if actor.repeats_at != self.changes:
            actor.repeats.clear()
            actor.repeats_at = self.changes
        entry = actor.repeats.setdefault((pending.name, asked), [0, reply])
        entry[0] = entry[0] + 1 if entry[1] == reply else 1
        entry[1] = reply
        if entry[0] >= MOST_REPEATS:
            actor.parked = self.changes
            self.parked_once = True

    def _versioned(self, effect: Effect, actor: Actor | None) -> Effect:
        """`stored` has the version its writer last read in this call, `hit` that of the last `stored`."""
        if effect.kind == "stored":
            held = actor.held if actor is not None else None
            if held is None:
                self._versions.pop(effect.key, None)
                return effect
            self._versions[effect.key] = held
        elif effect.kind in ("deleted", "expired", "evicted"):
            held = self._versions.pop(effect.key, None)
        else:
            held = self._versions.get(effect.key)
        if held is None:
            return effect
        return Effect(effect.kind, effect.key, effect.size, effect.ttl_ms, effect.digest, held[0], held[1])

    def _record(
        self, actor: Actor, pending: Pending, peer: str, name: str, request: Any, reply: Any, effects: tuple[Effect, ...],
        *, served: int | None = -1, received: int | None = -1, setup: bool = False,
    ) -> None:  # fmt: skip
        now = self.now()
        description = pending.description
        keys = description.keys if description is not None else ()
        self.ops.append(
            Op(
                len(self.ops), actor.name, peer, name, keys, pending.write, request, reply, effects, setup, now,
                now if served == -1 else served, now if received == -1 else received, pending.line,
            )
        )  # fmt: skip

    # From one visible operation to the next

    def _resume(self, actor: Actor, status: str, payload: Any) -> Request:
        return self.actors.resume(self.prefix + actor.name, status, payload, self.clock.now_us())

    def _settle(self, actor: Actor, request: Request | None) -> None:
        """Answer what is no switch point, until the actor stands before a visible operation, waits or has ended."""
        while request is not None:
            self._clock_read = self._clock_read or request.clock
            request = self._answer_at_once(actor, request)

    def _answer_at_once(self, actor: Actor, request: Request) -> Request | None:
        kind, args, line, _ = request
        handler = _AT_ONCE.get(kind)
        if handler is not None:
            return handler(self, actor, args, line)
        if kind in ("query", "execute"):
            sql, params = args
            actor.pending = Pending(
                kind,
                (sql, params),
                line,
                query_name(sql) or kind,
                kind == "execute",
                inside=actor.process.transaction is not None,
            )
        elif kind == "commit":
            if actor.process.transaction is None or not actor.process.transaction.statements:
                actor.process.transaction = None
                return self._resume(actor, "ok", None)
            actor.pending = Pending("commit", ("", {}), line, "commit", True, inside=True)
        elif kind == "sleep":
            actor.pending = Pending("sleep", args[0], line, "sleep")
        elif kind in ("acquire", "join"):
            wait = args[-1]
            actor.pending = Pending(kind, args, line, kind)
            actor.wake = self.clock.now_us() + wait if wait is not None else None
        elif not actor.started and kind in ("answer", "raised"):
            # A call without an operation still has its place in the order.
            actor.pending = Pending("nothing", request, line, "answer")
        else:
            self._finish(actor, request)
        return None

    def _connect(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        silent = bool(args[0])
        pending = Pending("connect", (), line, "CONNECT")
        refused = not silent and (
            actor.cut
            or any(fault.kind == "unreachable" and fault.on == "all" and fault.count != 0 for fault in self.faults)
        )
        if refused:
            self._record(actor, pending, "cache", "CONNECT", (), None, (), served=None, received=None, setup=True)
            return self._resume(actor, "refused", None)
        number = len(self.connections) + 1
        self.connections[number] = Connection(self.engine, actor.process.name, silent)
        return self._resume(actor, "ok", number)

    def _bytes(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request | None:
        number, data = args
        connection = self.connections.get(number)
        if connection is None or connection.dead or actor.cut:
            return self._resume(actor, "closed", b"")
        error = connection.receive(data)
        if error is not None:
            connection.replies += encode(error, connection.session.proto)
            connection.dead = True
        return self._pump(actor, connection, line)

    def _pump(self, actor: Actor, connection: Connection, line: int | None = None) -> Request | None:
        """Serve a connection's backlog up to its next visible command."""
        engine, session = connection.engine, connection.session
        while connection.backlog:
            args = connection.backlog[0]
            description = engine.describe(session, args)
            pending = Pending("command", args, line, description.name, description.write, connection, description)
            if description.kind == "visible":
                actor.pending = pending
                return None
            connection.backlog.pop(0)
            outcome = engine.execute(session, args)
            connection.replies += encode(outcome.reply, session.proto, null_array=outcome.null_array)
            if description.kind == "setup" and not connection.silent:
                self._record(
                    actor, pending, "cache", description.name, args, outcome.reply, outcome.effects, setup=True
                )
        return self._resume(actor, "ok", connection.take_replies())

    def _read(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        _, wait = args
        if wait is None:
            raise Stuck("dead-lock", f"a dead-lock: {actor.name} waits for ever for a reply that nobody sends")
        self.clock.advance(wait)
        return self._resume(actor, "lost", b"")

    def _begin(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        if actor.process.transaction is not None:
            return self._resume(
                actor, "raised", ("OperationalError", "cannot start a transaction within a transaction")
            )
        actor.process.transaction = Transaction()
        return self._resume(actor, "ok", None)

    def _rollback(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        actor.process.transaction = None
        return self._resume(actor, "ok", None)

    def _release(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        self._locks.pop((actor.process.name, args[0]), None)
        self._record(actor, Pending("release", args[0], line, "release"), "lock", "release", args[0], None, ())
        return self._resume(actor, "ok", None)

    def _spawn(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        process = actor.process
        process.threads += 1
        thread = Actor(f"{process.name}/{process.threads}", (), process)
        thread.started = True
        self._born.append(thread)
        return self._resume(actor, "ok", self.prefix + thread.name)

    def _start_threads(self) -> None:
        while self._born:
            thread = self._born.pop(0)
            self._live.append(thread)
            self._settle(thread, self._resume(thread, "ok", None))

    def _end_thread(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> None:
        actor.ended = True

    # Calls

    def _enter(self, name: str, calls: Iterable[Call]) -> Actor:
        if name in self.names:
            raise ValueError(
                f"two actors of one scene are named {name!r}; each call is a process of its own: name it apart"
            )
        self.names.add(name)
        self.actors.spawn(self.prefix + name)
        return Actor(name, calls)

    def _next_call(self, actor: Actor) -> None:
        if not actor.calls:
            actor.ended, actor.current = True, None
            return
        actor.current = actor.calls.popleft()
        actor.started = actor.cut = False
        actor.held = actor.parked = None
        actor.queries, actor.t_start = 0, self.clock.now_us()
        actor.repeats.clear()
        function, args = actor.current
        self._settle(actor, self.actors.call(self.prefix + actor.name, function, list(args), actor.t_start))

    def _finish(self, actor: Actor, request: Request) -> None:
        """A call has answered or raised: its record follows the operation that it is fused with."""
        us = self.clock.now_us() - actor.t_start
        if request.kind == "answer":
            value = request.args[0]
            self.scene_record(actor.name, "answer", None, value, line=request.line)
            actor.answers.append(Answer(value, None, actor.queries, us))
        else:
            raised = list(request.args)
            self.scene_record(actor.name, "raised", None, raised, line=request.line)
            actor.answers.append(Answer(None, raised, actor.queries, us))
        actor.transaction = None
        self._next_call(actor)

    def _die(self, actor: Actor) -> None:
        process = actor.process
        self._begin_record(process, process.pending or Pending("nothing", None, None))
        for one in self._live:
            if one.process is process:
                one.dead = one.ended = True
                one.pending = one.wake = None
        process.transaction = None
        for connection in self.connections.values():
            if connection.owner == process.name and connection.engine is self.engine:
                connection.dead = True
                connection.session.reset()
        self._locks = {place: holder for place, holder in self._locks.items() if place[0] != process.name}
        self.changes += 1
        self.scene_record(process.name, "death")


_AT_ONCE: dict[str, Callable[[Schedule, Actor, tuple[Any, ...], int | None], Request | None]] = {
    "connect": Schedule._connect, "bytes": Schedule._bytes, "read": Schedule._read, "begin": Schedule._begin,
    "rollback": Schedule._rollback, "release": Schedule._release, "spawn": Schedule._spawn, "ended": Schedule._end_thread,
}  # fmt: skip


def _name(actor: Actor) -> str:
    return actor.pending.name if actor.pending is not None else ""


def _refused(kind: str) -> Exception:
    import sqlite3

    return sqlite3.OperationalError(f"the database refused the {kind}: connection to server lost")
