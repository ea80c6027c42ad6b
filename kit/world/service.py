"""What the peers do with an operation: the cache's command, the store's statement, a sleep, a lock; and their faults.

Rules: an operation is recorded once, when its peer serves it or the network loses it; EXEC is one operation. What is no
operation never comes here: see `reception.py`.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from kit.cache.effects import Effect
from kit.cache.redis.reply import ErrorReply
from kit.world.actor import Actor, Pending, Standing
from kit.world.clock import VirtualClock
from kit.world.latency import CLIENT_TIMEOUT
from kit.world.mode import Engine, Outcome
from kit.world.network import Connection, Network
from kit.world.reception import Reception
from kit.world.recorder import CHANGING, Recorder
from kit.world.request import Actors, Request
from kit.world.store import EndlessQuery, Store
from kit.world.stuck import Stuck

_BUSY = 4  # the same question with the same answer for the fourth time


class Service:
    """Engine, store, locks and network of one schedule. exploring: a lost message costs its caller no time."""

    def __init__(self, actors: Actors, engine: Engine, store: Store, clock: VirtualClock, network: Network) -> None:
        self.actors, self.engine, self.store, self.clock = actors, engine, store, clock
        self.network = network
        self.recorder = Recorder(clock)
        self.faults: list[Standing] = []
        self.locks: dict[tuple[str, int], str] = {}
        self.reception = Reception(self)
        self.exploring = self.clock_read = self.parked_once = False

    def resume(self, actor: Actor, status: str, payload: Any) -> Request:
        """Give an actor the outcome of its request."""
        now = self.clock.now_us() + self.recorder.way_back
        return self.actors.resume(actor.address, status, payload, now)

    # Visible operations

    def serve(self, actor: Actor, pending: Pending, fault: str | None) -> Request | None:
        """Do a pending operation; the actor's next request, None where it waits."""
        fault = fault or self._standing(pending)
        if pending.kind == "command":
            return self._command(actor, pending, fault)
        if pending.kind == "sleep":
            us = pending.args
            actor.wake = self.clock.now_us() + us
            self.recorder.operation(actor, pending, "clock", us, None, received=self.recorder.now() + us)
            return None
        if pending.kind in ("acquire", "join"):
            return self._wait(actor, pending)
        return self._statement(actor, pending, fault)

    def _standing(self, pending: Pending) -> str | None:
        for fault in self.faults:
            if fault.count != 0 and fault.meets(pending):
                if fault.count is not None:
                    fault.count -= 1
                return fault.kind
        return None

    def _wait(self, actor: Actor, pending: Pending) -> Request:
        if pending.kind == "acquire":
            place = (actor.process.name, pending.args[0])
            got = place not in self.locks
            if got:
                self.locks[place] = actor.name
        else:
            got = pending.args[-1] is None or actor.wake is None or actor.wake > self.clock.now_us()
        actor.wake = None
        self.recorder.operation(actor, pending, "lock", pending.args[0], got)
        return self.resume(actor, "ok", got)

    def _statement(self, actor: Actor, pending: Pending, fault: str | None) -> Request:
        sql, params = pending.args
        request: Any = [sql, params] if sql else None
        try:
            if fault == "db_error":
                raise sqlite3.OperationalError(
                    f"the database refused the {pending.kind}: the server closed the connection"
                )
            reply, effects = self._in_store(actor, pending, sql, params)
        except EndlessQuery as error:
            raise Stuck("endless query", f"{actor.name}: {error}") from None
        except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
            name, text = type(error).__name__, str(error)
            self.recorder.operation(actor, pending, "store", request, ErrorReply(f"{name}: {text}"))
            return self.resume(actor, "raised", (name, text))
        self.recorder.operation(actor, pending, "store", request, reply, effects)
        if pending.kind == "query":
            self._count_repeat(actor, (sql, repr(params)), reply)
        return self.resume(actor, "ok", reply)

    def _in_store(
        self, actor: Actor, pending: Pending, sql: str, params: dict[str, Any]
    ) -> tuple[Any, tuple[Effect, ...]]:
        process = actor.process
        if pending.kind == "query":
            return self._query(actor, sql, params)
        if pending.kind == "execute":
            reply = self.store.execute(sql, params, process.transaction)
            return reply, self.committed() if process.transaction is None else ()
        transaction, process.transaction = process.transaction, None
        assert transaction is not None
        self.store.commit(transaction)
        return None, self.committed()

    def _query(self, actor: Actor, sql: str, params: dict[str, Any]) -> tuple[Any, tuple[Effect, ...]]:
        rows = self.store.query(sql, params, actor.process.transaction)
        actor.queries += 1
        found = self.store.version_of(rows)
        effects: tuple[Effect, ...] = (Effect("rows", size=len(rows)),)
        if found is not None and found.version is not None:
            actor.held = (found.truth, found.version)
            effects += (found,)
        return rows, effects

    def committed(self) -> tuple[Effect, ...]:
        """Effects of a commit that just happened."""
        self.recorder.changes += 1
        return self.store.committed()

    # The cache

    def _command(self, actor: Actor, pending: Pending, fault: str | None) -> Request | None:
        connection, mode = pending.connection, self.network.mode
        assert connection is not None
        connection.backlog.pop(0)
        connection.busy = False
        asked = mode.shown(connection.session, pending.args)
        waits = mode.waits(pending.args)
        if fault in ("request_lost", "cut", "unreachable"):
            self.recorder.operation(actor, pending, "cache", asked, None, lost="request")
            if fault == "request_lost" and not waits:
                return self.reception.pump(actor, connection, pending.line)  # nobody notices
            actor.cut = fault == "cut"
            return self._break_off(actor, connection, "lost" if fault == "request_lost" else "closed")
        outcome = self._execute(connection, pending, fault)
        effects = self.recorder.versioned(outcome.effects, actor.held)
        lost = "reply" if fault == "reply_lost" and waits else ""
        self.recorder.operation(actor, pending, "cache", asked, outcome.reply, effects, lost=lost)
        if any(effect.kind in CHANGING for effect in effects):
            self.recorder.changes += 1
        else:
            self._count_repeat(actor, asked, outcome.reply)
        if lost:
            return self._break_off(actor, connection, "lost")
        connection.answer(outcome)
        return self.reception.pump(actor, connection, pending.line)

    def _execute(self, connection: Connection, pending: Pending, fault: str | None) -> Outcome:
        engine, session = connection.engine, connection.session
        if fault == "read_only" and pending.write:
            return self.network.mode.read_only(engine, session, pending.name)
        if fault == "full":
            with engine.memory.overfull():
                return engine.execute(session, pending.args)
        return engine.execute(session, pending.args)

    def _break_off(self, actor: Actor, connection: Connection, status: str) -> Request:
        """What was answered before the fault still arrives; the rest of the bytes does not."""
        connection.backlog.clear()
        connection.hang_up()  # a client that timed out closes the connection too
        connection.session.reset()
        if status == "lost" and not self.exploring:
            self.clock.advance(CLIENT_TIMEOUT)
            self.recorder.changes += 1
        return self.resume(actor, status, connection.take_replies())

    def _count_repeat(self, actor: Actor, asked: Any, reply: Any) -> None:
        """Set a busy waiter aside: the same question, the same answer, while nothing changed but by steps."""
        if actor.repeats_at != self.recorder.changes:
            actor.repeats.clear()
            actor.repeats_at = self.recorder.changes
        entry = actor.repeats.setdefault(asked, [0, reply])
        entry[0] = entry[0] + 1 if entry[1] == reply else 1
        entry[1] = reply
        if entry[0] >= _BUSY:
            actor.parked = self.recorder.changes
            self.parked_once = True
