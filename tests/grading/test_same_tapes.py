"""The same schedule leaves the same bytes: in two processes, under another hash seed, in process and behind frames."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tapes_of_a_process import parts

from kit.grading.apart import Apart
from kit.grading.bench import Bench
from kit.grading.exercise import ids, load
from kit.grading.proxy import ChildActors
from kit.world.actors import LocalActors
from kit.world.choice import WRITE_FAULTS
from tests.world.worlds import at_random

SCRIPT = Path(__file__).with_name("tapes_of_a_process.py")
EXERCISE = load("invalidate_on_write")
RIGHT = ["right/02_watch_a_counter.py", "right/05_lease.py", "right/07_writer_refreshes.py"]
WRONG = ["wrong/16_lock_that_ends.py", "wrong/17_lock_of_redis_py.py", "wrong/24_lock_of_the_process.py"]
# What two processes play: of each exercise a few files that send the most, right and wrong.
PLAYED = {
    "invalidate_on_write": [*RIGHT, *WRONG],
    "lazy_loading": ["right/04_one_loader.py", "right/06_own_token.py", "wrong/20_rows_in_a_set.py"],
    "lazy_loading_memcached": ["right/03_meta_commands.py", "right/05_own_token.py", "wrong/29_one_lock_for_all.py"],
}
# Its requests follow the order of a set of texts, which is another one under another hash seed.
WALKS_A_SET = """
import json

BOARD = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"

def get_board(cache, db, airport):
    for name in {"board", "seen", "asked", "read", "looked at", airport}:
        cache.incr(f"{name}:{airport}")
    return db.query(BOARD, airport=airport)

def post_delay(cache, db, flight, minutes):
    db.execute("UPDATE flights SET delay = :minutes WHERE id = :flight", flight=flight, minutes=minutes)
"""


def source(name: str, ident: str = EXERCISE.id) -> str:
    return (load(ident).folder / name).read_text(encoding="utf-8")


def script(hash_seed: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen([sys.executable, "-B", str(SCRIPT), *arguments], stdout=subprocess.PIPE, env=environment)


def test_every_exercise_about_a_cache_is_played_in_two_processes() -> None:
    assert set(PLAYED) == {ident for ident in ids() if load(ident).client != "none"}


@pytest.mark.slow
@pytest.mark.parametrize("ident", PLAYED)
def test_two_processes_under_two_hash_seeds_leave_the_same_bytes(ident: str) -> None:
    files = PLAYED[ident]
    running = [script(seed, ident, "tails", *files) for seed in ("0", "77")]
    one, other = (json.loads(process.communicate(timeout=300)[0]) for process in running)
    assert set(one) == set(files)
    assert all(len(scenes) == len(parts(load(ident))) for scenes in one.values())
    for name in one:
        assert one[name] == other[name], name


def test_what_walks_a_set_of_texts_leaves_the_same_bytes_through_its_child() -> None:
    inside = digests_under("77", "in process")
    assert inside != digests_under("0", "in process")  # or the file would show nothing
    assert digests_under("77", "child") == digests_under("0", "child")


def digests_under(hash_seed: str, way: str) -> object:
    """The digest of one scene of `WALKS_A_SET`, the judge having this hash seed."""
    code = f"""
import sys
sys.path[:0] = {[str(SCRIPT.parent), str(SCRIPT.parents[2])]!r}
from tapes_of_a_process import digests, load
from kit.grading.proxy import ChildActors
from kit.world.actors import LocalActors
from kit.world.choice import WRITE_FAULTS
exercise = load("invalidate_on_write")
exercise.__dict__["checks"] = exercise.checks[:1]
submission = exercise.submission({WALKS_A_SET!r})
actors = LocalActors(submission) if {way!r} == "in process" else ChildActors(submission, limit_s=20)
print(digests(exercise, "", actors, tails=False))
if {way!r} == "child":
    actors.end()
"""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    ran = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, env=environment, timeout=120)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


# Exercise → files, and the scenes whose actors meet everything there is.
BOTH_WAYS = {
    "invalidate_on_write": (
        [*RIGHT[:2], *WRONG],
        ("reader_and_writer_warm", "there_and_back", "two_readers_and_a_writer", "reader_dies", "faulty_writer"),
    ),
    "lazy_loading": (
        PLAYED["lazy_loading"],
        ("reader_and_operator_warm", "two_readers", "two_readers_and_operator", "a_process_that_stays", "reader_dies"),
    ),
    "lazy_loading_memcached": (
        PLAYED["lazy_loading_memcached"],
        ("reader_and_operator_warm", "two_readers_and_operator", "a_process_that_stays", "faulty_reader"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("ident", BOTH_WAYS)
def test_both_ways_leave_the_same_bytes_whatever_happens(ident: str) -> None:
    kinds: set[str] = set()
    names, explored = BOTH_WAYS[ident]
    exercise = load(ident)
    for name in names:
        text = source(name, ident)
        submission = exercise.submission(text)
        child = ChildActors(submission, limit_s=20)
        here, there = Bench(exercise, text, LocalActors(submission)), Bench(exercise, text, child)
        try:
            for part in (part for part in parts(exercise) if part.scene.__name__ in explored):
                for seed in range(5):
                    one, other = here.play(part, at_random(seed, 0.25)), there.play(part, at_random(seed, 0.25))
                    assert one.tape.dumps() == other.tape.dumps(), (name, part.scene.__name__, one.tape.choices)
                    assert one.stuck == other.stuck
                    assert [point.clock for point in one.points] == [point.clock for point in other.points]
                    kinds |= {point.chosen.kind for point in one.points}
        finally:
            child.end()
    wanted = {"switch", "expire", "death"} | (set(WRITE_FAULTS) - {"full"} if exercise.client == "redis" else set())
    assert kinds >= wanted


def test_a_child_that_holds_too_many_abandoned_actors_is_replaced_and_nobody_notices() -> None:
    text = source("wrong/11_textbook.py").replace("import json\n", "import json\nprint('loaded')\n")
    actors = Apart(EXERCISE.submission(text), limit_s=20, most_kept=5)
    bench = Bench(EXERCISE, text, actors)
    part = next(part for part in parts(EXERCISE) if part.scene.__name__ == "writer_dies")
    pids = set()
    try:
        first = bench.play(part, ()).tape
        for seed in range(40):
            bench.play(part, at_random(seed, 0.4))
            assert actors.verify() is None
            pids.add(actors._first.child.pid)
        assert bench.play(part, ()).tape == first
        assert "loaded" in actors.output()
    finally:
        actors.end()
    assert len(pids) > 1


BOTH = """
import concurrent.futures, queue, random, redis, secrets, threading, time, uuid

def everything(cache, db):
    with cache.pipeline(transaction=False) as pipe:
        for number in range(60):
            pipe.set(f"k{number}", "x" * 350)
        pipe.execute()
    with cache.pipeline() as pipe:
        pipe.set("big", "x" * 7000).set("bytes", bytes(range(256))).execute()
    with db.transaction():
        db.execute("UPDATE flights SET delay = 5 WHERE id = 1")
    return [cache.get("bytes"), db.query("SELECT * FROM flights"), str(uuid.uuid4()), random.random(), time.time()]

def counts(cache, db):
    while True:
        try:
            with cache.pipeline() as pipe:
                pipe.watch("n")
                seen = int(pipe.get("n") or 0)
                pipe.multi()
                pipe.set("n", seen + 1).execute()
            return seen
        except redis.WatchError:
            continue

def locks(cache, db):
    try:
        with cache.lock("lock", timeout=5, blocking_timeout=2):
            return cache.incr("n")
    except redis.exceptions.LockError as error:
        return str(error)

def threads(cache, db):
    lock, seen = threading.Lock(), []

    def work(number):
        with lock:
            seen.append(cache.incr("n", number))

    running = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3)]
    [one.start() for one in running]
    [one.join() for one in running]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return seen + list(pool.map(cache.get, ["n", "n"]))

def leaves(cache, db):
    try:
        cache.get("a")
        raise SystemExit(3)
    finally:
        cache.set("b", "1")

def fails(cache, db):
    return [1, {2: object()}]
"""


def test_both_ways_leave_the_same_bytes_for_all_that_a_client_can_do() -> None:
    from kit.grading.check import Part, call
    from kit.world.script import Script

    def scene(script: Script) -> None:
        script.call("everything")
        script.explore(
            {
                "A": [call("counts"), call("locks")], "B": [call("locks"), call("counts")],
                "C": [call("threads"), call("leaves"), call("fails")],
            }
        )  # fmt: skip

    submission = EXERCISE.submission(BOTH)
    child = ChildActors(submission, limit_s=20)
    here, there = Bench(EXERCISE, BOTH, LocalActors(submission)), Bench(EXERCISE, BOTH, child)
    tapes: set[str] = set()
    try:
        for seed in range(10):
            one, other = here.play(Part(scene), at_random(seed, 0.1)), there.play(Part(scene), at_random(seed, 0.1))
            assert one.tape.dumps() == other.tape.dumps(), one.tape.choices
            assert one.stuck == other.stuck
            tapes.add(one.tape.dumps())
    finally:
        child.end()
    assert len(tapes) == 10
