"""What lazy_loading is checked for: scenes, and the rules that their tapes must keep.

The public checks come first, then the hidden ones, each group in the order of blame: one idea a check. JFK has flights
1 (08:00), 2 (09:00) and 4 (15:00), LGA flight 3, XXX none. The operator is the kit's: he writes to the database and
knows of no cache, so a board may be 60 s old, and no older. No scene and no rule names a client: an exercise about
another cache builds on them (`sibling` in kit/grading/exercise.py).
"""

from kit.grading.check import Bounds, Check, Part, call, pause, statement
from kit.grading.properties import (
    caches,
    calls,
    first_of,
    freshness,
    hit,
    hits,
    no_exception,
    no_slower_than_alone,
    until_cached,
    within,
)

DEPARTURES = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
LATE = "/* operator */ UPDATE flights SET delay = 39 WHERE id = 2"
LATER = "/* operator */ UPDATE flights SET delay = 25 WHERE id = 4"
FIRST_IS_LATE = "/* operator */ UPDATE flights SET delay = 90 WHERE id = 1"
OLDEST, SHORTEST = 60.0, 30.0  # seconds that a board may be old, and that it lives at least
READ = "get_board"
MOVES = Bounds(leaps=1, expiries=1)
ORDERS = Bounds(leaps=0)
FAULT = Bounds(leaps=0, faults=1)
DEATH = Bounds(leaps=0, deaths=1)


def boards(world, *airports):
    for airport in airports:
        world.truth(airport, DEPARTURES, airport=airport)


# One after the other


def first_read(world):
    """Flight 1 is 90 minutes late already: it still stands first, at 08:00."""
    boards(world, "JFK")
    world.operator(FIRST_IS_LATE)
    world.call(READ, "JFK")


def second_read(world):
    boards(world, "JFK")
    world.call(READ, "JFK")
    hit(world, READ, "JFK")
    hit(world, READ, "JFK")


def two_airports(world):
    boards(world, "JFK", "LGA")
    world.call(READ, "JFK")
    world.call(READ, "LGA")
    hit(world, READ, "JFK")
    hit(world, READ, "LGA")


def no_flights(world):
    boards(world, "XXX")
    world.call(READ, "XXX")
    hit(world, READ, "XXX")


def half_a_minute_old(world):
    boards(world, "JFK")
    age = until_cached(world, READ, "JFK")
    if age is not None:
        world.sleep(29 - age)
        hit(world, READ, "JFK")


def a_minute_old(world):
    """Nobody reads between the change and the minute's end."""
    boards(world, "JFK")
    until_cached(world, READ, "JFK")
    world.operator(LATE)
    world.sleep(OLDEST + 0.5)
    world.call(READ, "JFK")


def a_process_that_stays(world):
    """The same process reads again a minute later: what it keeps for itself grows old too."""
    boards(world, "JFK")
    world.explore(
        {
            "Reader 1": [call(READ, "JFK"), pause(OLDEST + 1), call(READ, "JFK")],
            "Operator": [statement(LATE)],
        }
    )


def in_demand(world):
    boards(world, "JFK")
    until_cached(world, READ, "JFK")
    world.operator(LATE)
    for _ in range(8):
        world.sleep(9)
        world.call(READ, "JFK")


def _with_a_fault(world, kind, on="all", count=None, warm=False):
    """Two airports under the fault, warm: one of them kept before; and when it is over boards are kept again."""
    boards(world, "JFK", "LGA")
    if warm:
        world.call(READ, "JFK")
    world.fault(kind, on=on, count=count)
    world.call(READ, "JFK")
    world.call(READ, "LGA")
    world.heal()
    until_cached(world, READ, "JFK")
    until_cached(world, READ, "LGA")


def cache_away(world):
    _with_a_fault(world, "unreachable", warm=True)


def reads_lost(world):
    _with_a_fault(world, "request_lost", on="reads")


def writes_lost(world):
    _with_a_fault(world, "request_lost", on="writes")


def replies_lost(world):
    _with_a_fault(world, "reply_lost")


def cache_full(world):
    _with_a_fault(world, "full")


def one_read_lost(world):
    """A single lost question stops nobody from keeping boards."""
    _with_a_fault(world, "request_lost", on="reads", count=1, warm=True)


def query_failed(world):
    boards(world, "JFK")
    world.fault("db_error", on="query", count=1)
    world.call(READ, "JFK")
    world.heal()
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


# One process, its end or a fault at each of its steps


def _afterwards(world):
    """Nobody waits for it, on another board least of all; what it left ends, and the board is kept again.

    A minute later nobody waits on its own board either: a lock without an end would cost every miss its patience.
    """
    alone = world.fresh()
    alone.call(READ, "LGA")
    world.call(READ, "LGA")
    world.call(READ, "JFK")
    world.operator(LATE)
    world.sleep(OLDEST + 0.5)
    alone.call(READ, "JFK")
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def reader_dies(world):
    boards(world, "JFK", "LGA")
    world.explore({"Reader 1": [call(READ, "JFK")]})
    _afterwards(world)


def faulty_reader(world):
    boards(world, "JFK", "LGA")
    world.explore({"Reader 1": [call(READ, "JFK")]})
    _afterwards(world)


# Together


ONCE = [call(READ, "JFK")]
TWICE = [call(READ, "JFK"), call(READ, "JFK")]
WRITES = [statement(LATE)]


def _quiet(world):
    """A process that knows of nothing reads; boards are kept; and a minute later nothing old is left."""
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")
    world.operator(LATER)
    world.sleep(OLDEST + 0.5)
    world.call(READ, "JFK")


def reader_and_operator(world):
    boards(world, "JFK")
    world.explore({"Reader 1": TWICE, "Operator": WRITES})
    _quiet(world)


def reader_and_operator_warm(world):
    boards(world, "JFK")
    world.call(READ, "JFK", actor="Reader 0")
    world.explore({"Reader 1": TWICE, "Operator": WRITES})
    _quiet(world)


def two_readers(world):
    boards(world, "JFK")
    world.explore({"Reader 1": ONCE, "Reader 2": ONCE})
    _quiet(world)


def reader_and_operator_with_a_fault(world):
    """What a fault leaves behind is another check's; here the boards must be right while it lasts."""
    boards(world, "JFK")
    world.explore({"Reader 1": TWICE, "Operator": WRITES})
    world.call(READ, "JFK")


def two_readers_and_operator(world):
    boards(world, "JFK")
    world.explore({"Reader 1": ONCE, "Reader 2": ONCE, "Operator": WRITES})
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


# The rules. The hidden ones say what went wrong and not where.


def says(sentence, *found):
    """The check's own sentence, and what was seen."""
    seen = first_of(*found)
    return None if seen is None else f"{sentence} {seen}"


def only(sentence, *found):
    """The check's own sentence alone: a hidden check does not name its scene."""
    return None if first_of(*found) is None else sentence


def one_question(tape):
    """A miss asks the database once."""
    for one in calls(tape):
        if one.queries > 1:
            return f"{one.actor} asked the database {one.queries} times for one board."
    return None


def answer_holds(tape):
    return says("The board is not the one in the database.", no_exception(tape), freshness(tape))


def hit_holds(tape):
    return first_of(
        says("The second reader was not given the board.", no_exception(tape), freshness(tape)),
        says("The second reader asked the database again.", hits(tape)),
        says("A miss costs more than one query.", one_question(tape)),
    )


def own_key_holds(tape):
    return says("Two airports share one entry.", no_exception(tape), freshness(tape), hits(tape))


def empty_holds(tape):
    return says(
        "An airport without flights is asked for again and again.", no_exception(tape), freshness(tape), hits(tape)
    )


def ttl_holds(tape):
    return first_of(
        says("The board is not kept.", no_exception(tape), caches(tape)),
        says("The board was forgotten before 30 s.", hits(tape)),
        says("The board is older than 60 s.", freshness(tape, OLDEST)),
    )


def cache_down_holds(tape):
    return says(
        "Without the cache there is no board.", no_exception(tape), within(tape, 5, READ), freshness(tape), caches(tape)
    )


def race_holds(tape):
    return says("Two processes together give a wrong board.", no_exception(tape), freshness(tape, OLDEST), caches(tape))


def ttl_not_renewed_holds(tape):
    return only(
        "A board that is in demand never grows old: each look renews it.",
        no_exception(tape), caches(tape), freshness(tape, OLDEST),
    )  # fmt: skip


def db_error_holds(tape):
    return only(
        "A failing database looks like an empty airport.",
        no_exception(tape, refused=True), freshness(tape), caches(tape),
    )  # fmt: skip


def crash_holds(tape):
    return only(
        "A process that ended left something behind.",
        no_exception(tape), no_slower_than_alone(tape), within(tape, SHORTEST), freshness(tape, OLDEST), caches(tape),
    )  # fmt: skip


CHECKS = (
    Check(
        "answer", "The board is the one in the database", 1, False, "always",
        (Part(first_read),), answer_holds,
    ),
    Check(
        "hit", "The second reader spares the database, and a miss asks it once", 2, False, "always",
        (Part(second_read),), hit_holds,
    ),
    Check(
        "own_key", "Each airport has its own board", 1, False, "always",
        (Part(two_airports),), own_key_holds,
    ),
    Check(
        "empty", "A board without flights is kept like any other", 1, False, "always",
        (Part(no_flights),), empty_holds,
    ),
    Check(
        "ttl", "A board lives for 30 s at least and for 60 s at most", 2, False, "always",
        (Part(half_a_minute_old), Part(a_minute_old), Part(a_process_that_stays)), ttl_holds,
    ),
    Check(
        "cache_down", "Without the cache there still is a board", 2, False, "always",
        (
            Part(cache_away), Part(reads_lost), Part(writes_lost), Part(replies_lost), Part(cache_full),
            Part(one_read_lost),
        ),
        cache_down_holds,
    ),
    Check(
        "race", "Processes that read together give right boards", 3, False, "always",
        (
            Part(reader_and_operator, MOVES),
            Part(reader_and_operator_warm, MOVES),
            Part(two_readers, MOVES),
            Part(reader_and_operator_with_a_fault, FAULT, ("Reader 1",)),
            Part(two_readers_and_operator, ORDERS),
        ),
        race_holds,
    ),
    Check(
        "ttl_not_renewed", "A board in demand grows old like any other", 2, True, "always",
        (Part(in_demand),), ttl_not_renewed_holds,
    ),
    Check(
        "db_error", "A database that fails is not an airport without flights", 1, True, "always",
        (Part(query_failed),), db_error_holds,
    ),
    Check(
        "crash", "A process that ends leaves nothing behind", 2, True, "always",
        (
            Part(reader_dies, DEATH, ("Reader 1",)),
            Part(faulty_reader, FAULT, ("Reader 1",)),
        ),
        crash_holds,
    ),
)  # fmt: skip
