"""What warm_up is checked for: three scenes without a cache, all of them public, none with points.

JFK has flights 1 (05:45), 2 (05:40) and 4 (06:00), LGA flight 3, XXX none: ids do not go with time. All calls run in
one process, so what the code remembers stays.
"""

from kit.grading.check import Check, Part, Stage
from kit.grading.properties import calls, first_of, no_exception
from kit.workloads.scene_rows import MORNING, MORNING_DELAY
from kit.world.image import clock_time

STAGE = Stage(rows=MORNING, one_process=True)
DEPARTURES = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY id"
FLIGHTS = {row.id: row for row in MORNING}
FIRST = {row.origin: row.id for row in sorted(MORNING, key=lambda row: row.sched, reverse=True)}
ASK = "first_departure"


def asks(world, number, airport):
    world.call(ASK, airport, actor=f"Reader {number}")


def morning(world):
    world.truth("JFK", DEPARTURES, airport="JFK")
    world.truth("LGA", DEPARTURES, airport="LGA")
    asks(world, 1, "JFK")
    asks(world, 2, "LGA")


def no_flights(world):
    world.truth("XXX", DEPARTURES, airport="XXX")
    asks(world, 1, "XXX")
    world.truth("JFK", DEPARTURES, airport="JFK")
    asks(world, 2, "JFK")


def late_flight(world):
    world.truth("JFK", DEPARTURES, airport="JFK")
    asks(world, 1, "JFK")
    world.operator("/* operator */ UPDATE flights SET delay = :late WHERE id = :flight", late=MORNING_DELAY, flight=2)
    asks(world, 2, "JFK")


def first_departures(tape):
    """Every answer is the row of the flight with the smallest `sched`, with the delay that the database holds."""
    delays = {}  # airport → delay of each flight
    asked = False  # the database, since the call began
    for op in tape:
        if op.peer == "scene" and op.name == "truth":
            delays[op.request[0]] = dict(op.effects[0].rows)
        for effect in op.effects:
            if effect.kind == "changed" and effect.truth in delays:
                delays[effect.truth] = dict(effect.rows)
        if op.peer == "scene" and op.name == "start":
            airport, asked = op.request[1], False
        asked = asked or op.peer == "store"
        if op.peer == "scene" and op.name == "answer":
            wanted = FIRST.get(airport)
            if shown(op.reply) != (None if wanted is None else (wanted, delays[airport][wanted])):
                how = "" if asked else " and nobody asked the database"
                return f"{op.actor} asked for {airport} and was given {said(op.reply)}{how}; {due(airport, delays)}."
    return None


def shown(answer):
    """Flight and delay of an answer; None for None, and the answer itself where it is no row."""
    if isinstance(answer, dict) and {"id", "delay"} <= answer.keys():
        return answer["id"], answer["delay"]
    return answer


def said(answer):
    if isinstance(answer, dict) and answer.get("id") in FLIGHTS and isinstance(answer.get("delay"), int):
        return flight(answer["id"], answer["delay"])
    text = repr(answer)
    return text if len(text) <= 40 else f"{text[:39]}…"


def due(airport, delays):
    first = FIRST.get(airport)
    return (
        "no flight leaves there: None is wanted"
        if first is None
        else f"{flight(first, delays[airport][first])} is first"
    )


def flight(ident, delay):
    row = FLIGHTS[ident]
    late = f", {delay} minutes late" if delay else ""
    return f"{row.label} ({clock_time(row.sched)}{late})"


def says(sentence, tape):
    seen = first_of(no_exception(tape), first_departures(tape))
    return None if seen is None else f"{sentence} {seen}"


CHECKS = (
    Check(
        "earliest", "The first departure is the one with the smallest sched", 0, False, "always", (Part(morning),),
        lambda tape: says("This is not the first departure of the day.", tape),
    ),
    Check(
        "nobody_leaves", "An airport without departures is answered None", 0, False, "always", (Part(no_flights),),
        lambda tape: says("An airport without departures is answered None.", tape),
    ),
    Check(
        "asks_again", "A delay shows at the next call, and the flight stays the first", 0, False, "always",
        (Part(late_flight),), lambda tape: says("The answer after the delay is not what the database holds.", tape),
    ),
)  # fmt: skip
