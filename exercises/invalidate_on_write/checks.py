"""What invalidate_on_write is checked for: scenes, and the rules that their tapes must keep.

The public checks come first, then the hidden ones, each group in the order of blame: one idea a check, and an idea that
explains a failure before the ideas that merely meet it. JFK has flights 1 (08:00), 2 (09:00) and 4 (15:00), LGA
flight 3, XXX none.
"""

from kit.grading.check import Bounds, Check, Part, call
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
    written,
)

DEPARTURES = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
BYPASS = "/* operator */ UPDATE flights SET delay = 25 WHERE id = 4"
NET = 60.0  # seconds: what nobody threw away ends by itself
READ, POST = "get_board", "post_delay"
MOVES = Bounds(leaps=1, expiries=1)
ORDERS = Bounds(leaps=0)


def boards(world, *airports):
    for airport in airports:
        world.truth(airport, DEPARTURES, airport=airport)


# One after the other


def reads(world):
    boards(world, "JFK", "LGA", "XXX")
    world.call(READ, "JFK")
    hit(world, READ, "JFK")
    world.call(READ, "LGA")
    hit(world, READ, "JFK")
    hit(world, READ, "LGA")
    world.call(READ, "XXX")
    hit(world, READ, "XXX")


def post_on_a_warm_cache(world):
    boards(world, "JFK", "LGA")
    world.call(READ, "JFK")
    world.call(READ, "LGA")
    world.call(POST, 2, 39)
    world.call(READ, "JFK")
    hit(world, READ, "LGA")
    world.call(POST, 2, 0)  # on time again: 0 is a delay like any other
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def post_on_a_cold_cache(world):
    boards(world, "JFK")
    world.call(POST, 2, 39)
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def _lifetime(world):
    """The entry is there 29 s after it was stored, and a change past the code shows 60.5 s after it was made."""
    age = until_cached(world, READ, "JFK")
    if age is None:
        return
    world.operator(BYPASS)
    world.sleep(29 - age)
    hit(world, READ, "JFK")
    world.sleep(31.5 + age)
    world.call(READ, "JFK")


def lifetime_after_a_read(world):
    boards(world, "JFK")
    _lifetime(world)


def lifetime_after_a_post(world):
    boards(world, "JFK")
    world.call(READ, "JFK")
    world.call(POST, 2, 39)
    _lifetime(world)


def lifetime_after_a_cold_post(world):
    boards(world, "JFK")
    world.call(POST, 2, 39)
    _lifetime(world)


def cache_away(world):
    boards(world, "JFK", "LGA")
    world.call(READ, "JFK")
    world.fault("unreachable")
    world.call(READ, "JFK")
    world.call(READ, "LGA")
    world.heal()
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def first_read_lost(world):
    boards(world, "JFK")
    world.fault("request_lost", on="reads", count=1)
    world.call(READ, "JFK")
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def reply_of_first_write_lost(world):
    boards(world, "JFK")
    world.fault("reply_lost", on="writes", count=1)
    world.call(READ, "JFK")
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def update_refused(world):
    boards(world, "JFK")
    world.call(READ, "JFK")
    world.fault("db_error", on="execute", count=1)
    world.call(POST, 2, 39)
    world.heal()
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def commit_failed(world):
    boards(world, "JFK")
    world.call(READ, "JFK")
    world.fault("db_error", on="commit", count=1)
    world.call(POST, 2, 39)
    world.heal()
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def query_failed(world):
    boards(world, "JFK")
    world.fault("db_error", on="query", count=1)
    world.call(READ, "JFK")
    world.heal()
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def cache_full(world):
    boards(world, "JFK", "LGA")
    world.call(READ, "JFK")
    world.fault("full")
    world.call(POST, 2, 39)
    world.call(READ, "JFK")
    world.call(READ, "LGA")
    world.heal()
    world.call(READ, "JFK")


def writes_never_arrive(world):
    """Every write of a delay is lost on its way: however often it is tried, the cache never hears of it."""
    boards(world, "JFK")
    world.call(READ, "JFK")
    world.fault("request_lost", on="writes")
    world.call(POST, 2, 39)
    world.heal()
    world.call(READ, "JFK")


# One process, a fault or its end at each of its steps


def faulty_writer(world):
    boards(world, "JFK")
    world.call(READ, "JFK")
    world.explore({"Writer": [call(POST, 2, 39)]})
    world.call(READ, "JFK")


def faulty_reader(world):
    boards(world, "JFK")
    world.explore({"Reader 1": [call(READ, "JFK")]})
    world.call(READ, "JFK")


def _after_a_death(world):
    """Nobody waits for the dead, on another board least of all; what it left ends, and the board is kept again."""
    alone = world.fresh()
    alone.call(READ, "LGA")
    alone.call(POST, 3, 20)
    world.call(READ, "LGA")
    world.call(READ, "JFK")
    world.operator(BYPASS)
    world.sleep(NET + 0.5)
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")
    world.call(POST, 3, 20)
    world.call(POST, 2, 50)
    world.call(READ, "JFK")


def reader_dies(world):
    boards(world, "JFK", "LGA")
    world.explore({"Reader 1": [call(READ, "JFK")]})
    _after_a_death(world)


def writer_dies(world):
    boards(world, "JFK", "LGA")
    world.call(READ, "JFK")
    world.explore({"Writer": [call(POST, 2, 39)]})
    _after_a_death(world)


# Together: every race ends with the question of a process that knows of nothing


def _race(world, actors, warm=False):
    boards(world, "JFK")
    if warm:
        world.call(READ, "JFK", actor="Reader 0")
    world.explore(actors)
    world.call(READ, "JFK")
    until_cached(world, READ, "JFK")


def reader_and_writer(world):
    _race(world, {"Reader 1": [call(READ, "JFK")], "Writer": [call(POST, 2, 39)]})


def reader_and_writer_warm(world):
    _race(world, {"Reader 1": [call(READ, "JFK")], "Writer": [call(POST, 2, 39)]}, warm=True)


def one_reader_twice_and_a_writer(world):
    """The same process reads again: what it keeps for itself, no writer can throw away."""
    _race(world, {"Reader 1": [call(READ, "JFK"), call(READ, "JFK")], "Writer": [call(POST, 2, 39)]})


def two_readers_and_a_writer(world):
    reader = [call(READ, "JFK")]
    _race(world, {"Reader 1": reader, "Reader 2": reader, "Writer": [call(POST, 2, 39)]})


def two_writers(world):
    _race(world, {"Writer 1": [call(POST, 2, 39)], "Writer 2": [call(POST, 1, 20)]})


def two_writers_warm(world):
    _race(world, {"Writer 1": [call(POST, 2, 39)], "Writer 2": [call(POST, 1, 20)]}, warm=True)


def there_and_back(world):
    """One writer delays a flight and takes it back while the other delays it: a board that comes back unchanged."""
    _race(world, {"Writer 1": [call(POST, 2, 39)], "Writer 2": [call(POST, 2, 20), call(POST, 2, 0)]}, warm=True)


# The rules. The hidden ones say what went wrong and not where.


def says(sentence, *found):
    """The check's own sentence, and what was seen."""
    seen = first_of(*found)
    return None if seen is None else f"{sentence} {seen}"


def only(sentence, *found):
    """The check's own sentence alone: a hidden check does not name its scene."""
    return None if first_of(*found) is None else sentence


def read_holds(tape):
    return says(
        "The read is wrong, or the second one asked the database.", no_exception(tape), freshness(tape), hits(tape)
    )


def after_write_holds(tape):
    return first_of(
        says("The delay is not in the database.", written(tape)),
        says("The read after the delay shows the old board.", no_exception(tape), freshness(tape)),
        says("One delay threw another airport's board away.", hits(tape)),
        says("After a delay the board is never kept again.", caches(tape)),
    )


def ttl_holds(tape):
    return first_of(
        says("The board is not kept.", no_exception(tape), caches(tape)),
        says("The board was forgotten before 30 s.", hits(tape)),
        says("A board is shown that is older than 60 s.", freshness(tape, bypass=NET)),
    )


def cache_down_holds(tape):
    return says(
        "Without the cache there is no board.", no_exception(tape), within(tape, 5, READ), freshness(tape), caches(tape)
    )


def slow_reader_holds(tape):
    by_heart = any(one.function == READ and one.answered and not one.ops for one in calls(tape))
    return first_of(
        says(
            "A process showed the board that it keeps for itself, where no writer reaches."
            if by_heart
            else "A slow reader put the old board back after your delay.",
            freshness(tape),
        ),
        says("A reader and a writer at the same time:", no_exception(tape), caches(tape)),
    )


def db_error_holds(tape):
    return only(
        "The database refused, and the operator or the passengers were not told the truth.",
        written(tape), no_exception(tape, refused=True), freshness(tape), caches(tape),
    )  # fmt: skip


def refused_holds(tape):
    return first_of(
        only("You answered, but the old board is still shown.", written(tape), freshness(tape)),
        only("A read failed because the cache refused.", no_exception(tape, allow=[POST])),
    )


def crash_holds(tape):
    return only(
        "A process that ended left something behind.",
        no_exception(tape), no_slower_than_alone(tape), within(tape, 30), freshness(tape, bypass=NET), caches(tape),
    )  # fmt: skip


def two_writers_holds(tape):
    return only("Two delays together leave the older board.", no_exception(tape), freshness(tape), caches(tape))


CHECKS = (
    Check(
        "read", "A read is right, and the next one spares the database", 2, False, "always",
        (Part(reads),), read_holds,
    ),
    Check(
        "after_write", "After a delay the board is the new one, and no other board is lost", 2, False, "always",
        (Part(post_on_a_warm_cache), Part(post_on_a_cold_cache)), after_write_holds,
    ),
    Check(
        "ttl", "A board lives for 30 s at least and for 60 s at most", 2, False, "always",
        (Part(lifetime_after_a_read), Part(lifetime_after_a_post), Part(lifetime_after_a_cold_post)), ttl_holds,
    ),
    Check(
        "cache_down", "Without the cache there still is a board", 2, False, "always",
        (Part(cache_away), Part(first_read_lost), Part(reply_of_first_write_lost)), cache_down_holds,
    ),
    Check(
        "slow_reader", "Once a delay is confirmed, no slow reader brings the old board back", 4, False, "always",
        (
            Part(reader_and_writer, MOVES),
            Part(reader_and_writer_warm, MOVES),
            Part(one_reader_twice_and_a_writer, ORDERS),
            Part(two_readers_and_a_writer, ORDERS),
        ),
        slow_reader_holds,
    ),
    Check(
        "db_error", "What the database refused is not answered as if it were done", 1, True, "always",
        (Part(update_refused), Part(commit_failed), Part(query_failed)), db_error_holds,
    ),
    Check(
        "refused", "What the cache refused is not answered as if it were done", 2, True, "always",
        (
            Part(cache_full),
            Part(writes_never_arrive),
            Part(faulty_writer, Bounds(leaps=0, faults=1), ("Writer",)),
            Part(faulty_reader, Bounds(leaps=0, faults=1), ("Reader 1",)),
        ),
        refused_holds,
    ),
    Check(
        "crash", "A process that ends leaves nothing behind", 2, True, "always",
        (
            Part(reader_dies, Bounds(leaps=0, deaths=1), ("Reader 1",)),
            Part(writer_dies, Bounds(leaps=0, deaths=1), ("Writer",)),
        ),
        crash_holds,
    ),
    Check(
        "two_writers", "Two delays at the same time leave the newer board", 3, True, "always",
        (Part(two_writers, MOVES), Part(two_writers_warm, ORDERS), Part(there_and_back, ORDERS)), two_writers_holds,
    ),
)  # fmt: skip
