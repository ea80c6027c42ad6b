"""What a submission imports: time, randomness and threads of the world, on virtual time and repeatable."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from worlds import answer, answers, at_random, call, orders, play, together, told, words, world

from kit.cache.clock import WallClock

THREE_O_CLOCK = 1_362_751_200  # when a world begins: 8 March 2013, 14:00 UTC


def went(source: str, **options: Any) -> Any:
    """What `go(cache, db)` answers; an hour of its waiting may cost no more than seconds of ours."""
    clock = WallClock()
    begun = clock.monotonic_s()
    found = answer(source, **options)
    assert clock.monotonic_s() - begun < 20
    return found


def test_time_is_the_worlds_and_sleeping_costs_nothing() -> None:
    source = """
        import time

        def go(cache, db):
            before = time.time(), time.monotonic(), time.perf_counter(), time.time_ns()
            time.sleep(3600)
            after = time.time(), time.monotonic(), time.perf_counter(), time.time_ns()
            return [round(b - a) for a, b in zip(before, after)], round(before[0]), time.strftime("%d %b %Y %H:%M")
    """
    differences, start, text = went(source)
    assert differences == [3600, 3600, 3600, 3_600_000_001_000]
    assert (start, text) == (THREE_O_CLOCK, "08 Mar 2013 15:00")


def test_each_operation_takes_a_microsecond_so_two_readings_differ() -> None:
    source = """
        import time

        def go(cache, db):
            first = time.time_ns()
            cache.get("a")
            return time.time_ns() - first
    """
    assert answer(source) == 1_000


def test_a_negative_sleep_is_refused_as_pythons_own_refuses_it() -> None:
    assert answer("import time\ndef go(cache, db): time.sleep(-1)\n") == [
        "ValueError", "sleep length must be non-negative",
    ]  # fmt: skip


def test_dates_are_those_of_the_world() -> None:
    source = """
        import datetime
        from datetime import date, datetime as moment, timezone

        def go(cache, db):
            now = moment.now(timezone.utc)
            return [now.isoformat(), moment.utcnow().isoformat(), date.today().isoformat(),
                    isinstance(now, datetime.datetime), (now + datetime.timedelta(days=1)).day]
    """
    assert answer(source) == ["2013-03-08T14:00:00+00:00", "2013-03-08T14:00:00", "2013-03-08", True, 9]


DRAWS = """
import os, random, secrets, uuid
from random import Random, SystemRandom

def go(cache, db):
    return [random.random(), random.randint(1, 10**9), random.choice(range(10**9)), random.sample(range(1000), 3),
            Random().random(), SystemRandom().random(), str(uuid.uuid4()), str(uuid.uuid1()), secrets.token_hex(),
            secrets.token_urlsafe(), secrets.token_bytes(9), secrets.randbelow(10**9), os.urandom(9)]
"""


def test_randomness_is_a_stream_of_the_seed_and_the_actor() -> None:
    one, two = answers(DRAWS, call("go"), call("go"))
    assert all(a != b for a, b in zip(one, two, strict=True))
    assert answers(DRAWS, call("go"), call("go")) == [one, two]
    assert all(a != b for a, b in zip(one, answer(DRAWS, seed=1), strict=True))


def test_a_seed_of_ones_own_gives_pythons_own_numbers() -> None:
    source = """
        import random

        def go(cache, db):
            random.seed(7)
            return [random.random(), random.Random(7).random()]
    """
    assert answer(source) == [0.32383276483316237, 0.32383276483316237]


def test_a_process_has_its_own_number_the_same_in_each_run() -> None:
    source = "import os\ndef go(cache, db): return [os.getpid(), os.path.join('a', 'b')]"
    assert answers(source, call("go"), call("go")) == [[1000, "a/b"], [1001, "a/b"]]


def test_a_lock_lets_one_thread_in_and_the_others_wait() -> None:
    source = """
        import threading, time

        def go(cache, db):
            inside, most, lock = 0, 0, threading.Lock()

            def work():
                nonlocal inside, most
                with lock:
                    inside += 1
                    most = max(most, inside)
                    cache.incr("n")
                    inside -= 1

            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return [most, cache.get("n"), lock.locked(), any(thread.is_alive() for thread in threads)]
    """
    here = world(source)
    for seed in range(25):
        run = here.run(together(A=call("go")), orders(seed))
        assert told(run.tape, "answer")[0].reply == [1, b"3", False, False]


def test_a_lock_may_be_tried_and_waited_for_with_an_end() -> None:
    source = """
        import threading, time

        def go(cache, db):
            lock = threading.Lock()
            seen = [lock.acquire(), lock.acquire(blocking=False)]
            before = time.time()
            seen += [lock.acquire(timeout=60), round(time.time() - before)]
            lock.release()
            try:
                lock.release()
            except RuntimeError as error:
                seen.append(str(error))
            return seen
    """
    assert went(source) == [True, False, False, 60, "release unlocked lock"]


def test_a_reentrant_lock_excludes_other_threads_and_not_its_own() -> None:
    source = """
        import threading

        def go(cache, db):
            lock, order = threading.RLock(), []

            def other():
                with lock:
                    order.append("other")

            with lock:
                with lock:
                    thread = threading.Thread(target=other)
                    thread.start()
                    cache.get("a")
                    order.append("first")
            thread.join()
            return order
    """
    here = world(source)
    for seed in range(10):
        run = here.run(together(A=call("go")), orders(seed))
        assert told(run.tape, "answer")[0].reply == ["first", "other"]


def test_a_condition_wakes_those_who_wait() -> None:
    source = """
        import threading, time

        def go(cache, db):
            condition, seen = threading.Condition(), []

            def wait(number):
                with condition:
                    seen.append(condition.wait_for(lambda: "ready" in seen, timeout=600) and number)

            threads = [threading.Thread(target=wait, args=(number,)) for number in (1, 2)]
            for thread in threads:
                thread.start()
            time.sleep(5)
            with condition:
                seen.append("ready")
                condition.notify_all()
            for thread in threads:
                thread.join()
            with condition:
                return [seen, condition.wait(timeout=30), round(time.time())]
    """
    assert went(source) == [["ready", 1, 2], False, THREE_O_CLOCK + 35]


def test_an_event_is_waited_for_on_virtual_time() -> None:
    source = """
        import threading, time

        def go(cache, db):
            event = threading.Event()

            def ring():
                time.sleep(1800)
                event.set()

            seen = [event.wait(10), event.is_set()]
            threading.Thread(target=ring).start()
            before = time.time()
            seen += [event.wait(), round(time.time() - before)]
            event.clear()
            return seen + [event.is_set()]
    """
    assert went(source) == [False, False, True, 1800, False]


def test_a_semaphore_counts() -> None:
    source = """
        import threading

        def go(cache, db):
            gate, inside, most = threading.BoundedSemaphore(2), 0, 0

            def work():
                nonlocal inside, most
                with gate:
                    inside += 1
                    most = max(most, inside)
                    cache.incr("n")
                    inside -= 1

            threads = [threading.Thread(target=work) for _ in range(4)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            free = threading.Semaphore(0)
            try:
                gate.release()
            except ValueError as error:
                return [most, cache.get("n"), free.acquire(blocking=False), str(error)]
    """
    here = world(source)
    most = set()
    for seed in range(20):
        first, *rest = told(here.run(together(A=call("go")), orders(seed)).tape, "answer")[0].reply
        most.add(first)
        assert rest == [b"4", False, "Semaphore released too many times"]
    assert most == {1, 2}


def test_a_thread_is_named_after_its_process_and_its_error_ends_it_alone() -> None:
    source = """
        import threading

        def go(cache, db):
            def fail():
                cache.get("a")
                raise ValueError("in a thread")

            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
            return [thread.is_alive(), cache.get("b")]
    """
    run = play(source, together(A=call("go")))
    assert words(run.tape) == ["A/1 GET", "A join", "A GET"]
    assert told(run.tape, "answer")[0].reply == [False, None]


def test_each_thread_has_its_own_local() -> None:
    source = """
        import threading

        def go(cache, db):
            here, seen = threading.local(), []
            here.x = "main"

            def other():
                seen.append(hasattr(here, "x"))
                here.x = "other"
                cache.get("a")
                seen.append(here.x)

            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            del here.x
            return [*seen, hasattr(here, "x")]
    """
    assert answer(source) == [False, "other", False]


def test_a_queue_hands_on_between_threads() -> None:
    source = """
        import queue, threading, time
        from queue import Empty, Full, Queue

        def go(cache, db):
            work, seen = Queue(maxsize=1), []

            def consume():
                while (item := work.get()) is not None:
                    cache.incr("n", item)
                    work.task_done()

            thread = threading.Thread(target=consume)
            thread.start()
            for number in (1, 2, 3, None):
                work.put(number)
            thread.join()
            before = time.time()
            try:
                work.get(timeout=90)
            except Empty:
                seen.append(round(time.time() - before))
            try:
                queue.LifoQueue().get_nowait()
            except queue.Empty:
                seen.append("empty")
            return [cache.get("n"), *seen]
    """
    assert went(source) == [b"6", 90, "empty"]


def test_a_pool_of_threads_runs_on_the_world() -> None:
    source = """
        import concurrent.futures
        from concurrent.futures import ThreadPoolExecutor, as_completed
        import time

        def slow(cache, number):
            time.sleep(60 * number)
            return cache.incr("n", number)

        def go(cache, db):
            before = time.time()
            with ThreadPoolExecutor(max_workers=3) as pool:
                mapped = list(pool.map(lambda number: slow(cache, number), [3, 1, 2]))
                futures = [pool.submit(slow, cache, number) for number in (2, 1)]
                done = [future.result() for future in as_completed(futures)]
                late = pool.submit(time.sleep, 10)
                try:
                    late.result(timeout=1)
                except concurrent.futures.TimeoutError:
                    done.append("late")
            return [mapped, done, round(time.time() - before)]
    """
    assert went(source) == [[6, 1, 3], [7, 9, "late"], 310]


POOL = """
from concurrent.futures import ThreadPoolExecutor, as_completed, wait

def go(cache, db):
    with ThreadPoolExecutor(max_workers=4) as pool:
        futures = {pool.submit(cache.get, str(number)): number for number in range(6)}
        wait(futures)
        return [futures[one] for one in as_completed(futures)]

def leaves(cache, db):
    pool = ThreadPoolExecutor(max_workers=2)
    pool.submit(cache.get, "a")
    pool.submit(cache.get, "b")
    return cache.get("c")
"""


def test_a_pool_joins_and_completes_in_the_same_order_each_time() -> None:
    first = play(POOL, together(A=call("go")))
    kept = [bytearray(4096) for _ in range(50)]  # other addresses
    assert play(POOL, together(A=call("go"))).tape.dumps() == first.tape.dumps()
    assert len(kept) == 50


def test_a_pool_that_is_left_behind_says_nothing_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    here = world(POOL)
    tapes = {here.run(together(A=call("leaves"), B=call("go")), at_random(seed)).stuck for seed in range(12)}
    assert tapes == {None}
    del here
    gc.collect()
    assert "ignored" not in capfd.readouterr().err


def test_timers_and_barriers_are_missed_by_name() -> None:
    for name in ("Timer", "Barrier"):
        kind, text = answer(f"from threading import {name}\ndef go(cache, db): pass")
        assert kind == "ImportError"
        assert name in text


@pytest.mark.parametrize(
    "line",
    ["import time as t", "from time import time", "import time", "__import__('time')", "from time import *"],
)
def test_a_module_is_the_worlds_however_it_is_imported(line: str) -> None:
    source = f"""
        {line}

        def go(cache, db):
            return sorted(name for name in globals() if name in ("t", "time"))

        def now(cache, db):
            import importlib
            import time as clock
            return round(clock.time())
    """
    assert answer(source, "now") == THREE_O_CLOCK


def test_another_module_is_everybodys() -> None:
    source = "import json, decimal\ndef go(cache, db): return json.dumps([str(decimal.Decimal('1.10'))])"
    assert answer(source) == '["1.10"]'
