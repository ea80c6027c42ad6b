"""The scene of lesson 00: one passenger's look without a cache, from the phone to the database and back.

Rules: the application's query is played in the world like any other; the passenger's message is put before and behind
it as one more record, a trip of 1 ms either way, so that the player shows all four messages.
Source: syllabus.md, lesson 00, Player.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit.workloads.scene_rows import Row
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image, clock_time
from kit.world.script import Script
from kit.world.tape import Op, Tape
from kit.world.timeline import Timed
from kit.world.world import World

FLIGHT = "/* flight */ SELECT id, carrier, number, dest, sched, delay FROM flights WHERE carrier || number = :flight"
# As the database holds it at noon: an hour and a half late so far. It left 376 minutes late.
ROW = Row(143_299, "DL", 2219, "LGA", "MSP", 11 * 60 + 30, 90)
PASSENGER, APP = "Passenger", "Web app"
TRIP_US = 1_000


def look() -> Tape:
    """Passenger → app → database → app → passenger."""
    world = World(LocalActors(Submission(functions={"get_flight": _get_flight})), Image((ROW,), (ROW.origin,)))

    def scene(script: Script) -> None:
        script.timeline([Timed(TRIP_US, APP, call("get_flight", ROW.label))])

    return _asked_by_a_passenger(world.run(scene).tape)


def _asked_by_a_passenger(tape: Tape) -> Tape:
    answered = next(op for op in reversed(tape.ops) if op.name == "answer")
    ended = answered.t_sent or 0
    page = f"/flight/{ROW.label}".encode()
    reply = f"leaves {clock_time(ROW.sched + ROW.delay)}"
    asked = Op(
        seq=0, actor=PASSENGER, peer=APP, name="GET", keys=(page,), write=False, request=(b"GET", page), reply=reply,
        effects=(), setup=False, t_sent=0, t_served=TRIP_US, t_received=ended + TRIP_US, line=None,
    )  # fmt: skip
    return replace(tape, ops=(asked, *(replace(op, seq=op.seq + 1) for op in tape.ops)))


def _get_flight(cache: Any, db: Any, flight: str) -> Any:
    (row,) = db.query(FLIGHT, flight=flight)
    return row
