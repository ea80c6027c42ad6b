"""Plays a timed scene: calls at their moments, modelled latencies, no choices.

Rules: what an actor asks leaves it at `sent`, is served when the timeline says so, and its reply travels back before
the actor goes on; records stay in order of service, an answer stands where its caller has it. A sleep, a lock and a
thread cost no trip; a lock is given in the order in which it was asked for; a request or reply that is lost costs its
caller the client's time-out. What a thread does goes on after its call has answered; one that still waits for a lock
when nothing else happens is abandoned. See `timeline.py` for who waits for whom at the peers.
Leaves out: deaths, leaps; busy waiters are not set aside (each of their questions takes its time); a caller of
`noreply` waits until his request has arrived, half a trip too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.world.actor import Actor, Pending
from kit.world.latency import CLIENT_TIMEOUT
from kit.world.request import Actors, Request
from kit.world.schedule import Schedule
from kit.world.stuck import Stuck
from kit.world.timeline import HERE, Event, Timed, Timeline, queues, trip

MOST_OPERATIONS = 400  # of one call or thread


def play_timed(schedule: Schedule, calls: Sequence[Timed], cores: int) -> None:
    """Play calls to their ends before a database of so many cores. Raises Stuck."""
    service = schedule.service
    near = service.actors
    far = service.actors = _Far(near)
    schedule.recorder.timed = service.exploring = True  # exploring: what a lost message costs is added here
    try:
        _Play(schedule, far, calls, cores).run()
    finally:
        service.actors, service.exploring = near, False


class _Far:
    """Actors at the other end of a network: while `holding`, an outcome is kept and not yet given."""

    def __init__(self, actors: Actors) -> None:
        self._actors = actors
        self.holding = False
        self.begin, self.spawn, self.call = actors.begin, actors.spawn, actors.call

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        if self.holding:
            return Request("held", (status, payload))
        return self._actors.resume(actor, status, payload, now)


class _Play:
    """One timed scene. held: outcomes under way; blocked: who stands before a lock or a thread, first come first."""

    def __init__(self, schedule: Schedule, far: _Far, calls: Sequence[Timed], cores: int) -> None:
        self._schedule, self._far = schedule, far
        self._service, self._recorder = schedule.service, schedule.recorder
        self._timeline = Timeline(cores)
        self._calls = queues(calls)
        self._held: dict[str, tuple[Any, ...]] = {}
        self._blocked: list[Actor] = []
        self._threads: dict[str, Actor] = {}
        self._now = 0

    def run(self) -> None:
        for name, queue in self._calls.items():
            self._timeline.add(queue[0].at_us, "begin", self._schedule.enter(name, ()))
        while (event := self._timeline.next()) is not None:
            if event.kind == "arrive":
                self._timeline.arrive(event)
                continue
            self._now = event.at_us
            self._schedule.clock.set(max(self._recorder.start_us + event.at_us, self._schedule.clock.now_us()))
            self._happen(event)
            self._unblock()
        if names := [actor.name for actor in self._blocked if actor.process.current is not None]:
            raise Stuck("dead-lock", f"a dead-lock: {' and '.join(names)} wait for a lock or a thread for ever")

    def _happen(self, event: Event) -> None:
        actor = event.actor
        if event.kind == "serve":
            self._serve(actor)
        elif event.kind == "begin":
            actor.calls.append(self._calls[actor.name].popleft().call)
            actor.sent, actor.operations = self._now, 0
            self._schedule.next_call(actor)
            self._go_on(actor)
        elif event.kind == "wake":
            actor.wake = None
            self._resume(actor, "ok", None)
        elif event.kind == "deliver":
            self._resume(actor, *self._held.pop(actor.address))

    def _resume(self, actor: Actor, status: str, payload: Any) -> None:
        actor.sent = self._now
        if status != "done":  # a statement of the kit's operator has no code that waits
            self._schedule.settle(actor, self._service.resume(actor, status, payload))
        self._go_on(actor)

    def _go_on(self, actor: Actor) -> None:
        """What an actor that has just run stands before now; and the threads that it started."""
        pending = actor.pending
        if pending is None:
            queue = self._calls.get(actor.name)
            if queue and actor is actor.process:
                self._timeline.add(max(queue[0].at_us, self._now), "begin", actor)
        elif pending.kind in ("acquire", "join"):
            self._blocked.append(actor)
            if actor.wake is not None:
                self._timeline.add(actor.wake - self._recorder.start_us, "give_up", actor)
        elif pending.kind in HERE:
            self._serve(actor)
        else:
            self._timeline.send(actor, self._now)
        while self._service.reception.born:
            thread = self._service.reception.born.pop(0)
            self._threads[thread.address] = thread
            self._resume(thread, "ok", None)

    def _serve(self, actor: Actor) -> None:
        """The peer does its part, and its reply starts on its way back."""
        pending = actor.pending
        assert pending is not None
        self._count(actor)
        if not actor.started and actor.current is not None:
            self._schedule.record_start(actor)
        way = self._way_back(actor, pending)
        actor.pending = actor.parked = None
        if pending.kind == "nothing":
            self._schedule.finish(actor, pending.args)
            self._go_on(actor)
            return
        outcome = self._perform(actor, pending, way)
        if outcome is not None:
            lost = outcome.args[0] == "lost"
            self._held[actor.address] = outcome.args
            self._timeline.add(actor.sent + CLIENT_TIMEOUT if lost else self._now + way, "deliver", actor)
        elif pending.kind == "sleep":
            self._timeline.add(self._now + pending.args, "wake", actor)
        else:  # the next command of the same bytes: it has arrived with them
            self._timeline.add(self._now, "serve", actor)

    def _way_back(self, actor: Actor, pending: Pending) -> int:
        """µs that the reply travels; nothing travels where nobody waits for one."""
        unheard = pending.kind == "command" and not self._service.network.mode.waits(pending.args)
        return 0 if unheard else trip(actor)

    def _perform(self, actor: Actor, pending: Pending, way: int) -> Request | None:
        """The operation at its peer; its outcome, not yet given."""
        if pending.kind == "statement":
            return self._operate(actor, pending, way)
        self._far.holding, self._recorder.way_back = True, way
        try:
            return self._service.serve(actor, pending, None)
        finally:
            self._far.holding, self._recorder.way_back = False, 0

    def _operate(self, actor: Actor, pending: Pending, way: int) -> Request:
        """A statement of the kit's operator, past the submission."""
        sql, params, *_ = pending.args
        count = self._service.store.execute(sql, params)
        effects = self._service.committed()
        self._recorder.operation(
            actor, pending, "store", [sql, params], count, effects, received=self._recorder.now() + way
        )
        return Request("held", ("done", None))

    def _count(self, actor: Actor) -> None:
        actor.operations += 1
        if actor.operations > MOST_OPERATIONS:
            raise Stuck("limit", f"{actor.name} made {MOST_OPERATIONS} operations in one call without an end")

    def _unblock(self) -> None:
        """Who may have his lock, or whose thread has ended, goes on."""
        for actor in list(self._blocked):
            if self._may_go(actor):
                self._blocked.remove(actor)
                self._serve(actor)

    def _may_go(self, actor: Actor) -> bool:
        pending = actor.pending
        assert pending is not None
        if actor.wake is not None and actor.wake <= self._schedule.clock.now_us():
            return True
        if pending.kind == "join":
            thread = self._threads.get(pending.args[0])
            return thread is None or thread.ended
        lock, blocking, _ = pending.args
        return not blocking or (actor.process.name, lock) not in self._service.locks
