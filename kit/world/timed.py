"""Plays a timed scene: calls at their moments, modelled latencies, no choices.

Rules: what an actor asks leaves it at `sent`, is served when the timeline says so, and its reply travels back before
the actor goes on; records stay in order of service. See `timeline.py` for who waits for whom.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.world.actor import Actor
from kit.world.schedule import Schedule
from kit.world.timeline import Event, Timed, Timeline, queues, trip


def play_timed(schedule: Schedule, calls: Sequence[Timed], cores: int) -> None:
    """Play calls to their ends before a database of so many cores.

    Raises Stuck, and ValueError for a wait that it cannot model.
    """
    waiting = queues(calls)
    timeline = Timeline(cores)
    recorder = schedule.recorder
    recorder.timed = True
    for name, queue in waiting.items():
        timeline.add(queue[0].at_us, "begin", schedule.enter(name, ()))
    while (event := timeline.next()) is not None:
        actor = event.actor
        if event.kind == "arrive":
            timeline.arrive(event)
            continue
        schedule.clock.set(recorder.start_us + event.at_us)
        if event.kind == "begin":
            actor.calls.append(waiting[actor.name].popleft().call)
            schedule.next_call(actor)
            actor.sent = event.at_us
        else:
            _serve(schedule, event)
        if actor.pending is not None:
            timeline.send(actor, actor.sent)
        elif waiting[actor.name]:
            timeline.add(max(waiting[actor.name][0].at_us, actor.sent), "begin", actor)


def _serve(schedule: Schedule, event: Event) -> None:
    """The peer does its part; the reply is `way_back` under way."""
    actor, recorder = event.actor, schedule.recorder
    recorder.way_back = trip(actor)
    _perform(schedule, actor)
    actor.sent = event.at_us + recorder.way_back
    recorder.way_back = 0


def _perform(schedule: Schedule, actor: Actor) -> None:
    pending = actor.pending
    assert pending is not None
    if not actor.started and actor.current is not None:
        schedule.record_start(actor)
    actor.pending = actor.parked = None
    if pending.kind == "nothing":
        schedule.finish(actor, pending.args)
    else:
        schedule.settle(actor, schedule.service.serve(actor, pending, None))
