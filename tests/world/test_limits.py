"""What ends a schedule that would not end: limits, busy waits, dead-locks and live-locks, each with its sentence."""

from __future__ import annotations

import pytest
from worlds import Run, Script, call, orders, play, together, told, words, world

from kit.world.tape import operations


def stuck(run: Run) -> tuple[str, str]:
    assert run.stuck is not None
    assert not any(op.name == "end" for op in run.tape)
    return run.stuck


def test_four_hundred_operations_are_an_end() -> None:
    source = """
        def go(cache, db):
            while True:
                cache.incr("n")
    """
    run = play(source, together(A=call("go"), B=call("go")))
    assert stuck(run) == ("limit", "A made 400 operations in one scene without an end")
    assert len(operations(run.tape)) == 400


def test_three_thousand_operations_of_many_are_an_end() -> None:
    source = """
        def go(cache, db):
            for _ in range(350):
                cache.incr("n")
    """
    run = play(source, together(**{f"A{number}": call("go") for number in range(9)}))
    kind, text = stuck(run)
    assert (kind, text) == ("limit", "a scene of more than 3000 operations")


@pytest.mark.parametrize(
    "endless",
    [
        "with db.transaction(): pass",
        "cache.client_id()",
        "threading.Thread(target=print).start()",
        "cache.execute_command('NOSUCH')",
    ],
)
def test_what_the_world_answers_at_once_has_an_end_too(endless: str) -> None:
    source = f"""
        import redis, threading

        def go(cache, db):
            while True:
                try:
                    {endless}
                except redis.RedisError:
                    pass
    """
    kind, text = stuck(play(source, together(A=call("go"))))
    assert (kind, text) in {
        ("limit", "A asked 1000 times for nothing that anybody else could see"),
        ("live-lock", "a live-lock: A asks the same again and again (NOSUCH), and nobody will change it"),
    }


def test_threads_that_start_threads_have_an_end() -> None:
    source = """
        import threading

        def go(cache, db):
            threading.Thread(target=go, args=(cache, db)).start()
    """
    assert stuck(play(source, together(A=call("go")))) == ("limit", "A started 1000 threads in one scene")


BUSY = """
def wait(cache, db):
    polls = 1
    while cache.get("ready") is None:
        polls += 1
    return polls

def say(cache, db):
    cache.get("a")
    cache.get("b")
    cache.set("ready", 1)

def say_something_else(cache, db):
    cache.set("other", 1)

def hold(cache, db):
    cache.set("lock", 1, px=5000)
    return "held"

def take(cache, db):
    while not cache.set("lock", 2, nx=True):
        pass
    return "taken"
"""


def test_a_busy_wait_is_set_aside_until_something_changes() -> None:
    run = play(BUSY, together(A=call("wait"), B=call("say")))
    assert run.stuck is None
    assert words(run.tape) == ["A GET"] * 4 + ["B GET", "B GET", "B SET", "A GET"]
    assert told(run.tape, "answer")[-1].reply == 5


def test_any_change_lets_a_busy_wait_look_again() -> None:
    run = play(BUSY, together(A=call("wait"), B=call("say_something_else"), C=call("say")))
    assert run.stuck is None
    assert words(run.tape) == [*["A GET"] * 4, "B SET", *["A GET"] * 4, "C GET", "C GET", "C SET", "A GET"]


def test_a_busy_wait_that_nobody_ends_is_a_live_lock() -> None:
    kind, text = stuck(play(BUSY, together(A=call("wait"))))
    assert (kind, text) == (
        "live-lock", "a live-lock: A asks the same again and again (GET), and nobody will change it",
    )  # fmt: skip


def test_a_busy_wait_for_a_key_that_ends_is_no_live_lock() -> None:
    run = play(BUSY, together(A=call("hold"), B=call("take")))
    assert run.stuck is None
    assert [op.reply for op in told(run.tape, "answer")] == ["held", "taken"]
    assert words(run.tape) == ["A SET"] + ["B SET"] * 5


def test_a_scene_can_ask_whether_somebody_was_set_aside() -> None:
    seen = []

    def scene(script: Script) -> None:
        script.explore({"A": [call("wait")], "B": [call("say")]})
        seen.append(script.parked())

    play(BUSY, scene)
    play(BUSY, scene, [1, 0, 0])
    assert seen == [True, False]


def test_a_poll_that_sleeps_in_between_is_no_busy_wait() -> None:
    source = """
        import time

        def go(cache, db):
            for _ in range(20):
                if cache.get("ready"):
                    return "ready"
                time.sleep(0.1)
            return "gave up"
    """
    run = play(source, together(A=call("go")))
    assert run.stuck is None
    assert told(run.tape, "answer")[0].reply == "gave up"


KNOT = """
import threading

FIRST, SECOND = threading.Lock(), threading.Lock()

def knot(cache, db):
    def other():
        with SECOND:
            cache.get("a")
            with FIRST:
                pass

    thread = threading.Thread(target=other)
    with FIRST:
        thread.start()
        cache.get("b")
        cache.get("c")
        with SECOND:
            pass
    thread.join()

def itself(cache, db):
    with FIRST:
        with FIRST:
            pass

def never(cache, db):
    event = threading.Event()
    thread = threading.Thread(target=event.wait)
    thread.start()
    thread.join()
"""


def test_a_dead_lock_says_who_waits_for_whom() -> None:
    here = world(KNOT)
    found = {here.run(together(A=call("knot")), orders(seed)).stuck for seed in range(20)}
    assert None in found
    assert ("dead-lock", "a dead-lock: A waits for a lock that A/1 holds; A/1 waits for a lock that A holds") in found


def test_a_lock_taken_twice_by_one_thread_is_a_dead_lock() -> None:
    assert stuck(play(KNOT, together(A=call("itself")))) == (
        "dead-lock", "a dead-lock: A waits for a lock that it holds itself",
    )  # fmt: skip


def test_a_thread_that_never_ends_is_in_the_chain() -> None:
    kind, text = stuck(play(KNOT, together(A=call("never"))))
    assert kind == "dead-lock"
    assert "A waits for A/1 to end" in text


def test_a_read_that_waits_for_ever_is_a_dead_lock() -> None:
    source = """
        def go(cache, db):
            connection = cache.connection_pool.get_connection()
            connection._sock.settimeout(None)
            connection.socket_timeout = None
            connection.read_response(timeout=None)
    """
    kind, text = stuck(play(source, together(A=call("go"))))
    assert (kind, text) == ("dead-lock", "a dead-lock: A waits for ever for a reply that nobody sends")


def test_a_full_cache_answers_oom() -> None:
    source = """
        import redis

        def go(cache, db):
            stored = 0
            try:
                while True:
                    cache.mset({f"{stored}:{number}": "x" for number in range(1000)})
                    stored += 1
            except redis.exceptions.OutOfMemoryError as error:
                cache.delete("0:0")
                return [stored, str(error)]
    """
    run = play(source, together(A=call("go")), maxmemory=1 << 20)
    stored, text = told(run.tape, "answer")[0].reply
    assert text.startswith("command not allowed when used memory > 'maxmemory'")
    assert 1 < stored < 50
