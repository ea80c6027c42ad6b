"""One schedule: actors, the switch points between their operations, and the tape that comes of it.

Rules: a switch point precedes a visible operation; start and answer are fused with an actor's first and last operation,
waking with the step after it; in a race scene every operation takes one virtual microsecond. A busy waiter is set aside
until anything changes; when nobody is ready the clock goes to the next sleeper, or to the next expiry he may see.
Source: the contracts of the kit, "The tape" and "Choices and search".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kit.world.actor import Actor, Pending
from kit.world.call import Answer, Call, Pause, Statement, Step
from kit.world.choice import Alternative, Chooser, Point
from kit.world.clock import VirtualClock
from kit.world.mode import Engine
from kit.world.network import Network
from kit.world.request import ELSEWHERE, Actors, Request
from kit.world.service import Service
from kit.world.store import Store
from kit.world.stuck import Stuck

EPOCH_US = 1_362_751_200_000_000  # 8 March 2013, 09:00 in New York


class Schedule:
    """One run over one engine and one store; `choose` decides at each switch point of the explored part."""

    def __init__(
        self, actors: Actors, engine: Engine, store: Store, clock: VirtualClock, network: Network, choose: Chooser,
        *, prefix: str = "", operation_limit: int = 400, schedule_limit: int = 3_000,
    ) -> None:  # fmt: skip
        self.service = Service(actors, engine, store, clock, network)
        self.recorder = self.service.recorder
        self.points: list[Point] = []
        self.names: set[str] = set()
        self._actors, self._engine, self.clock, self._choose_entry = actors, engine, clock, choose
        self._prefix = prefix
        self._operation_limit, self._schedule_limit = operation_limit, schedule_limit
        self._live: list[Actor] = []
        self._entered = 0

    def play(self, calls: Mapping[str, Sequence[Step]], *, explore: bool, elsewhere: bool = False) -> list[Actor]:
        """Run these actors to their ends; elsewhere: away from all others' processes. Raises Stuck."""
        entered = [self.enter(name, one, elsewhere) for name, one in calls.items()]
        self._live = list(entered)
        self.service.exploring = explore
        for actor in entered:
            self.next_call(actor)
        self._start_threads()
        last: Actor | None = None
        while True:
            self._wake_due()
            ready = [actor for actor in self._live if self._ready(actor)]
            if ready:
                last = self._step(ready, last) if explore else self._perform(last if last in ready else ready[0], None)
            elif all(actor.ended for actor in self._live):
                break
            else:
                self._advance()
        while explore and self._move_at_the_end():
            pass
        self.service.exploring = False
        return entered

    def wait(self, us: int) -> None:
        """Let time pass with nobody running."""
        self.clock.advance(us)
        self.recorder.changes += 1

    def operate(self, sql: str, params: dict[str, Any], name: str = "Operator") -> int:
        """The kit's operator writes to the database, past the submission."""
        self.clock.advance(1)
        count = self.service.store.execute(sql, params)
        pending = Pending("execute", (sql, params), None, "execute", True)
        effects = self.service.committed()
        self.recorder.operation(Actor(name), pending, "store", [sql, params], count, effects)
        return count

    # Switch points

    def _step(self, ready: list[Actor], last: Actor | None) -> Actor | None:
        order = [last, *(actor for actor in ready if actor is not last)] if last in ready and last else ready
        kind, name, what = self._choose(self._alternatives(order, ready)).chosen
        if kind == "leap":
            self._leap()
            return last
        if kind == "expire":
            self._expire(what)
            return last
        actor = next(one for one in order if one.name == name)
        if kind == "death":
            self._die(actor.process)
            return actor
        return self._perform(actor, None if kind in ("run", "switch") else kind)

    def _alternatives(self, order: list[Actor], in_scene_order: list[Actor]) -> list[Alternative]:
        found = [Alternative("switch" if i else "run", one.name, one.stands_before()) for i, one in enumerate(order)]
        if any(one.wake is not None for one in self._live) and self._sleepers():
            found.append(Alternative("leap", "world"))
        found += [Alternative("expire", "world", key.decode("latin-1")) for key in self._engine.volatile()]
        for actor in in_scene_order:
            pending = actor.pending
            if pending is not None and pending.kind == "command":
                kinds = self.service.network.mode.faults(pending.write, pending.args)
                found += [Alternative(kind, actor.name, pending.name) for kind in kinds]
            found.append(Alternative("death", actor.name, actor.stands_before()))
        return found

    def _move_at_the_end(self) -> bool:
        """The end of the explored part is a switch point too: a key may end after the last operation."""
        keys = self._engine.volatile()
        ends = [Alternative("expire", "world", key.decode("latin-1")) for key in keys]
        kind, _, what = self._choose([Alternative("end", "world"), *ends]).chosen
        if kind == "expire":
            self._expire(what)
        return kind == "expire"

    def _choose(self, alternatives: list[Alternative]) -> Point:
        if self.points:
            self.points[-1].clock = self.service.clock_read
        self.service.clock_read = False
        ops = self.recorder.ops
        point = Point(alternatives, self._choose_entry(alternatives, ops, self.points), len(ops))
        self.points.append(point)
        return point

    def _ready(self, actor: Actor) -> bool:
        pending = actor.pending
        if pending is None or actor.dead:
            return False
        if actor.parked is not None and actor.parked == self.recorder.changes:
            return False
        if pending.kind == "acquire":
            lock, blocking, _ = pending.args
            free = (actor.process.name, lock) not in self.service.locks
            return free or not blocking or self._due(actor)
        if pending.kind == "join":
            return self._due(actor) or any(one.address == pending.args[0] and one.ended for one in self._live)
        return True

    def _due(self, actor: Actor) -> bool:
        return actor.wake is not None and actor.wake <= self.clock.now_us()

    # Moves of the world

    def _wake_due(self) -> None:
        for actor in self._live:
            if actor.pending is None and not actor.dead and self._due(actor):
                actor.wake = None
                if actor.pausing:
                    self.next_call(actor)
                else:
                    self.settle(actor, self.service.resume(actor, "ok", None))
        self._start_threads()

    def _sleepers(self) -> list[int]:
        return [one.wake for one in self._live if one.wake is not None and not one.dead and not self._ready(one)]

    def _leap(self) -> None:
        us = max(min(self._sleepers()) - self.clock.now_us(), 0)
        self.clock.advance(us)
        self.recorder.move("clock", "leap", (), us)

    def _expire(self, what: str) -> None:
        key = what.encode("latin-1")
        (effect,) = self.recorder.versioned((self._engine.expire_now(key),), None)
        self.recorder.move("cache", "expire", (key,), None, effect)

    def _advance(self) -> None:
        """Nobody is ready."""
        moments = self._sleepers()
        if any(actor.parked is not None for actor in self._live if not actor.ended):
            expiry = self._engine.next_expiry_us()
            moments += [expiry] if expiry is not None else []
        if not moments:
            raise self._knot()
        self.clock.set(max(min(moments), self.clock.now_us()))
        self.recorder.changes += 1

    def _knot(self) -> Stuck:
        waiting = [actor for actor in self._live if not actor.ended and not actor.dead]
        busy = [actor for actor in waiting if actor.parked is not None]
        if busy:
            what = busy[0].stands_before()
            return Stuck(
                "live-lock",
                f"a live-lock: {busy[0].name} asks the same again and again ({what}), and nobody will change it",
            )
        chain = "; ".join(f"{actor.name} waits for {self._awaited(actor)}" for actor in waiting)
        return Stuck("dead-lock", f"a dead-lock: {chain}")

    def _awaited(self, actor: Actor) -> str:
        pending = actor.pending
        if pending is None:
            return "an answer that never comes"
        if pending.kind == "join":
            return f"{pending.args[0]} to end"
        holder = self.service.locks.get((actor.process.name, pending.args[0]), "nobody")
        return "a lock that it holds itself" if holder == actor.name else f"a lock that {holder} holds"

    # An actor's operation

    def _perform(self, actor: Actor, fault: str | None) -> Actor:
        pending = actor.pending
        assert pending is not None
        if not actor.started and actor.current is not None:
            self.record_start(actor)
        actor.pending = actor.parked = None
        if pending.kind == "nothing":
            self.finish(actor, pending.args)
        elif pending.kind == "statement":
            sql, params = pending.args
            self.operate(sql, params, actor.name)
            self.next_call(actor)
        else:
            self._count(actor)
            self.clock.advance(1)
            self.settle(actor, self.service.serve(actor, pending, fault))
        self._start_threads()
        return actor

    def record_start(self, actor: Actor) -> None:
        actor.started = True
        assert actor.current is not None
        at = actor.t_start - self.recorder.start_us if self.recorder.timed else None
        self.recorder.scene(actor.name, "start", [actor.current.function, *actor.current.args], at=at)

    def _count(self, actor: Actor) -> None:
        actor.operations += 1
        if actor.operations > self._operation_limit:
            raise Stuck("limit", f"{actor.name} made {self._operation_limit} operations in one scene without an end")
        if len(self.recorder.ops) > self._schedule_limit:
            raise Stuck("limit", f"a scene of more than {self._schedule_limit} operations")

    def settle(self, actor: Actor, request: Request | None) -> None:
        ended = self.service.reception.settle(actor, request)
        if ended is not None:
            self.finish(actor, ended)

    def _start_threads(self) -> None:
        while self.service.reception.born:
            thread = self.service.reception.born.pop(0)
            self._live.append(thread)
            self.settle(thread, self.service.resume(thread, "ok", None))

    def _die(self, process: Actor) -> None:
        """Abandonment: never resumed, no `finally`, transaction rolled back, WATCH ended, locks of the process gone."""
        if not process.started and process.current is not None:
            self.record_start(process)
        for one in self._live:
            if one.process is process:
                one.dead = one.ended = True
                one.pending = one.wake = None
        process.transaction = None
        for connection in self.service.network.of(process.address):
            connection.hang_up()
            connection.session.reset()
        for place in [place for place in self.service.locks if place[0] == process.name]:
            del self.service.locks[place]
        self.recorder.changes += 1
        self.recorder.scene(process.name, "death")

    # Calls

    def enter(self, name: str, calls: Sequence[Step], elsewhere: bool = False) -> Actor:
        if name in self.names:
            raise ValueError(
                f"two actors of one scene are named {name!r}; each call is a process of its own: name it apart"
            )
        self.names.add(name)
        address = f"{ELSEWHERE if elsewhere else ''}{self._prefix}{name}"
        if not _of_the_kit(name, calls):
            self._actors.spawn(address)
            self.service.network.enter(self._engine)
        self._entered += 1
        actor = Actor(name, calls, order=self._entered, address=address)
        self.service.network.name(address, self.service.reception.first_id(actor))
        return actor

    def next_call(self, actor: Actor) -> None:
        if not actor.calls:
            actor.ended, actor.current = True, None
            return
        step = actor.calls.popleft()
        actor.pausing = isinstance(step, Pause)
        if not isinstance(step, Call):
            actor.current = None
            actor.pending = _beside(step)
            return
        actor.begin(step, self.clock.now_us() + self.recorder.way_back)
        function, args = step
        self.settle(actor, self._actors.call(actor.address, function, list(args), actor.t_start))

    def finish(self, actor: Actor, request: Request) -> None:
        """A call has answered or raised: its record follows the operation that it is fused with."""
        us = self.clock.now_us() + self.recorder.way_back - actor.t_start
        value, raised = (request.args[0], None) if request.kind == "answer" else (None, list(request.args))
        self.recorder.scene(actor.name, request.kind, None, value if raised is None else raised, line=request.line)
        actor.answers.append(Answer(value, raised, actor.queries, us))
        actor.transaction = None
        self.next_call(actor)


def _beside(step: Statement | Pause) -> Pending:
    """What an actor stands before that is no call of the submission."""
    if isinstance(step, Pause):
        return Pending("sleep", round(step.seconds * 1_000_000), None, "sleep")
    return Pending("statement", tuple(step), None, "execute", True)


def _of_the_kit(name: str, steps: Sequence[Step]) -> bool:
    """Whether an actor is the kit's operator. Raises ValueError for one who is a process of the submission as well."""
    statements = sum(isinstance(one, Statement) for one in steps)
    if statements and any(isinstance(one, Call) for one in steps):
        raise ValueError(f"{name!r} has calls and statements; an operator is an actor of his own")
    return statements > 0
