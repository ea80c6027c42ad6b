"""Timed scenes: modelled latencies, waits and threads, a database with few cores, staleness counted from the tape."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kit.views.staleness import staleness
from kit.world.actors import LocalActors, Submission
from kit.world.call import statement
from kit.world.latency import CACHE_ROUND_TRIP, STORE_ROUND_TRIP, service_time
from kit.world.memcached_mode import MEMCACHED
from kit.world.script import Script
from kit.world.tape import Op, Tape, operations
from kit.world.timeline import Timed, Timeline
from kit.world.world import World
from tests.world.worlds import BOARD, IMAGE, answers, call, play, told

SOURCE = """
BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"

def get_board(cache, db, airport):
    found = cache.get(airport)
    if found is None:
        found = repr([tuple(row.values()) for row in db.query(BOARD, airport=airport)])
        cache.set(airport, found, ex=60)
    return found

def ask(cache, db, airport):
    return len(db.query(BOARD, airport=airport))

def post_delay(cache, db, flight, minutes):
    db.execute("/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight", flight=flight, minutes=minutes)

def wait(cache, db):
    import time
    time.sleep(1)
    return time.time()

def store_aside(cache, db, airport):
    import threading
    found = cache.get(airport)
    if found is None:
        found = repr([tuple(row.values()) for row in db.query(BOARD, airport=airport)])
        threading.Thread(target=cache.set, args=(airport, found), kwargs={"ex": 60}).start()
    return found

def two_at_once(cache, db):
    import threading, time
    lock, order = threading.Lock(), []

    def work(name):
        with lock:
            order.append(name)
            time.sleep(1)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    got = lock.acquire(timeout=0.5)
    for thread in threads:
        thread.join()
    return [order, got, lock.acquire(blocking=False), lock.acquire(blocking=False)]

def lease(cache, db, airport):
    import time
    while (found := cache.get(airport)) is None:
        if cache.set("lease:" + airport, 1, nx=True, ex=10):
            found = repr([tuple(row.values()) for row in db.query(BOARD, airport=airport)])
            cache.set(airport, found, ex=60)
            cache.delete("lease:" + airport)
            return found
        time.sleep(0.002)
    return found.decode()

def pipelined(cache, db):
    pipe = cache.pipeline(transaction=False)
    return pipe.set("a", 1).get("a").get("b").execute()

def by_a_pool(cache, db):
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda number: cache.incr("n", number), [1, 2, 3]))

def left_waiting(cache, db):
    import queue, threading
    threading.Thread(target=queue.Queue().get).start()
    return "answered"

def patient(cache, db):
    import threading
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

def restless(cache, db):
    while cache.get("never") is None:
        pass

def tells(cache, db):
    try:
        cache.set("a", 1)
    except Exception as error:
        return type(error).__name__
"""


def timed(*calls: Timed, cores: int = 2) -> Tape:
    def scene(script: Script) -> None:
        script.truth("board", BOARD, airport="JFK")
        script.timeline(calls, cores=cores)

    run = play(SOURCE, scene)
    assert run.stuck is None
    return run.tape


def at(seconds: float, actor: str, function: str, *args: object) -> Timed:
    return Timed(round(seconds * 1_000_000), actor, call(function, *args))


def test_a_miss_takes_three_round_trips_and_the_work_of_the_database():
    tape = timed(at(0, "Reader 1", "get_board", "JFK"))
    (answer,) = (op for op in tape if op.name == "answer")
    assert answer.t_received == 2 * CACHE_ROUND_TRIP + STORE_ROUND_TRIP + service_time("/* board */")


def test_a_hit_takes_one_round_trip():
    tape = timed(at(0, "Reader 1", "get_board", "JFK"), at(1, "Reader 2", "get_board", "JFK"))
    *_, answer = (op for op in tape if op.name == "answer")
    assert answer.t_received == 1_000_000 + CACHE_ROUND_TRIP


def test_a_request_is_served_between_its_sending_and_its_reply():
    tape = timed(*(at(i / 100, f"Reader {i % 3}", "get_board", "JFK") for i in range(12)))
    for op in operations(tape):
        assert op.t_sent is not None
        assert op.t_served is not None
        assert op.t_received is not None
        assert op.t_sent < op.t_served < op.t_received


def test_records_stand_in_order_of_service():
    tape = timed(*(at(i / 1000, f"Reader {i % 5}", "get_board", "JFK") for i in range(25)))
    served = [op.t_served for op in operations(tape)]
    assert served == sorted(served)  # type: ignore[type-var]
    assert [op.seq for op in tape] == list(range(len(tape)))


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_a_database_serves_as_many_statements_at_once_as_it_has_cores(cores):
    tape = timed(*(at(0, f"Reader {i}", "ask", "JFK") for i in range(6)), cores=cores)
    served = [op.t_served for op in tape if op.name == "query"]
    rounds = [service_time("/* board */") * (i // cores + 1) + STORE_ROUND_TRIP // 2 for i in range(6)]
    assert served == rounds


def test_an_actor_that_is_late_begins_its_next_call_when_it_is_free():
    tape = timed(at(0, "Reader 1", "ask", "JFK"), at(0.001, "Reader 1", "ask", "JFK"))
    first, second = (op.t_sent for op in tape if op.name == "query")
    assert (first, second) == (0, STORE_ROUND_TRIP + service_time("/* board */"))


def test_the_same_calls_give_the_same_bytes():
    calls = [at(i / 50, f"Reader {i % 3}", "get_board", "JFK") for i in range(20)]
    assert timed(*calls).dumps() == timed(*calls).dumps()


def test_a_board_that_only_its_ttl_ends_is_stale_for_the_rest_of_it():
    looks = [at(i / 4, f"Reader {i % 3}", "get_board", "JFK") for i in range(300)]
    tape = timed(*looks, at(10, "Writer", "post_delay", 2, 39))
    (found,) = staleness(tape)
    assert found.label == "DL120"
    assert found.answers == 200  # four a second, from the commit at 10 s to the end of the copy at 60 s
    assert found.seconds == pytest.approx(50, abs=0.3)


def test_nothing_is_stale_where_nothing_was_cached():
    tape = timed(at(0, "Writer", "post_delay", 2, 39), at(1, "Reader 1", "get_board", "JFK"))
    (found,) = staleness(tape)
    assert (found.seconds, found.answers, found.last_us) == (0, 0, None)


def test_staleness_of_a_tape_without_times_is_refused():
    run = play(SOURCE, lambda script: script.call("ask", "JFK") and None)
    with pytest.raises(ValueError, match="no times"):
        staleness(run.tape)


def seconds(op: Op) -> float:
    assert op.t_received is not None
    return op.t_received / 1_000_000


def answered(tape: Tape, actor: str = "Reader 1") -> Op:
    return next(op for op in tape if op.actor == actor and op.name in ("answer", "raised"))


def test_a_sleeper_sleeps_while_others_go_on():
    tape = timed(at(0, "Reader 1", "wait"), at(0.5, "Reader 2", "ask", "JFK"))
    assert seconds(answered(tape)) == 1
    assert seconds(answered(tape, "Reader 2")) < 0.6


def test_what_a_thread_stores_costs_its_reader_nothing():
    tape = timed(at(0, "Reader 1", "store_aside", "JFK"), at(1, "Reader 1", "store_aside", "JFK"))
    first, second = (op for op in tape if op.name == "answer")
    assert first.t_received == CACHE_ROUND_TRIP + STORE_ROUND_TRIP + service_time("/* board */")  # two trips
    assert second.t_received == 1_000_000 + CACHE_ROUND_TRIP  # and a hit


def test_a_lock_is_given_in_the_order_in_which_it_was_asked_for():
    tape = timed(at(0, "Reader 1", "two_at_once"))
    assert answered(tape).reply == [["a", "b", "c"], False, True, False]
    assert seconds(answered(tape)) == 3


def test_a_reader_that_finds_a_lease_waits_for_the_board_and_asks_no_database():
    tape = timed(*(at(0, f"Reader {i}", "lease", "JFK") for i in range(1, 5)))
    assert sum(op.name == "query" for op in tape) == 1
    assert len({op.reply for op in tape if op.name == "answer"}) == 1


def test_commands_of_one_pipeline_travel_together():
    tape = timed(at(0, "Reader 1", "pipelined"))
    assert answered(tape).reply == [True, b"1", None]
    assert answered(tape).t_received == CACHE_ROUND_TRIP


def test_a_pool_of_threads_comes_to_its_end():
    assert answered(timed(at(0, "Reader 1", "by_a_pool"))).reply == [1, 3, 6]


def test_a_thread_that_waits_for_ever_keeps_nobody_from_ending():
    assert answered(timed(at(0, "Reader 1", "left_waiting"))).reply == "answered"


@pytest.mark.parametrize(
    ("function", "kind"), [("patient", "dead-lock"), ("restless", "limit")], ids=["a dead-lock", "without an end"]
)
def test_a_call_without_an_end_is_told(function, kind):
    run = play(SOURCE, lambda script: script.timeline([at(0, "Reader 1", function)]))
    assert run.stuck is not None
    assert run.stuck[0] == kind
    assert "Reader 1" in run.stuck[1]


@pytest.mark.parametrize(
    ("fault", "name", "after_s"),
    [
        ("unreachable", "ConnectionError", 0.0005),
        ("request_lost", "TimeoutError", 1),
        ("reply_lost", "TimeoutError", 1),
    ],
)
def test_a_lost_message_costs_its_caller_the_time_out_of_its_client(fault, name, after_s):
    def scene(script: Script) -> None:
        script.fault(fault, count=1)
        script.timeline([at(0, "Reader 1", "tells"), at(0.1, "Reader 2", "ask", "JFK")])

    run = play(SOURCE, scene)
    assert run.stuck is None
    assert answered(run.tape).reply == name
    assert seconds(answered(run.tape)) == pytest.approx(after_s, abs=0.001)
    assert seconds(answered(run.tape, "Reader 2")) < 0.2


def test_the_operators_statement_goes_to_the_database_past_the_submission():
    post = statement("/* post */ UPDATE flights SET delay = :minutes WHERE id = 2", minutes=39)
    tape = timed(Timed(1_000_000, "Operator", post), at(0, "Reader 1", "get_board", "JFK"))
    (found,) = staleness(tape)
    assert found.committed_us == 1_000_000 + STORE_ROUND_TRIP // 2 + service_time("/* post */")
    assert not [op for op in tape if op.actor == "Operator" and op.peer == "scene"]


@pytest.mark.parametrize("function", ["get_board", "store_aside", "lease"])
def test_the_same_functions_give_the_same_answers_timed_and_untimed(function):
    calls = [call(function, airport) for airport in ("JFK", "LGA", "XXX", "JFK", "LGA")]
    far_apart = [Timed(number * 1_000_000, f"Reader {number + 1}", one) for number, one in enumerate(calls)]
    with_time = [op.reply for op in timed(*far_apart) if op.name == "answer"]
    assert with_time == answers(SOURCE, *calls)


def test_waits_and_threads_give_the_same_bytes():
    names = ("store_aside", "lease", "get_board")
    calls = [at(i / 700, f"Reader {i % 5}", names[i % 3], ("JFK", "LGA")[i % 2]) for i in range(40)]
    calls += [at(i / 100, "Other", "two_at_once") for i in range(2)]
    assert timed(*calls).dumps() == timed(*calls).dumps()


def test_a_database_without_cores_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Timeline(0)


def test_a_write_that_nobody_waits_for_costs_its_caller_no_way_back() -> None:
    source = """
        def loud(cache, db):
            cache.set("a", "1", noreply=False)

        def quiet(cache, db):
            cache.set("a", "1")
    """
    actors = LocalActors(Submission(dedent(source), "submission.py", {}, "memcached"))

    def scene(script: Script) -> None:
        script.timeline([Timed(0, "Loud", call("loud")), Timed(0, "Quiet", call("quiet"))])

    tape = World(actors, IMAGE, mode=MEMCACHED).run(scene).tape
    ended = {op.actor: op.t_received for op in told(tape, "answer")}
    assert ended == {"Loud": CACHE_ROUND_TRIP, "Quiet": CACHE_ROUND_TRIP // 2}
