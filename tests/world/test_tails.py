"""What follows an explored part is played once a state, and nobody can tell."""

from __future__ import annotations

import random

import pytest

from kit.grading import exercise
from kit.grading.bench import Bench
from kit.world.actors import LocalActors
from kit.world.choice import chooser
from tests.world.worlds import IMAGE, World, call

EXPLORING = [
    (check.id, number)
    for check in exercise.load("invalidate_on_write").checks
    for number, part in enumerate(check.parts)
    if check.id in ("slow_reader", "refused", "crash", "two_writers")
]


def bench(source: str, *, tails: bool) -> Bench:
    task = exercise.load("invalidate_on_write")
    return Bench(task, source, LocalActors(task.submission(source)), tails=tails)


@pytest.mark.parametrize(
    "name", ["right/01_token_in_one_trip.py", "wrong/16_lock_that_ends.py", "wrong/11_textbook.py"]
)
def test_kept_tails_give_the_same_bytes_as_played_ones(name):
    task = exercise.load("invalidate_on_write")
    source = (task.folder / name).read_text(encoding="utf-8")
    kept, played = bench(source, tails=True), bench(source, tails=False)
    draw = random.Random(5)
    for check, number in EXPLORING:
        part = next(one for one in task.checks if one.id == check).parts[number]
        for _ in range(12):
            choices = [draw.choice([0, 0, 1, 2, 9]) for _ in range(8)]
            one, other = kept.play(part, chooser(choices)), played.play(part, chooser(choices))
            assert one.tape.dumps() == other.tape.dumps()
            assert one.stuck == other.stuck


def counted(source: str, probe: str) -> tuple[int, int]:
    """How often the probe was entered in ten schedules of one state, with tails kept and without."""
    entered = [0, 0]
    for kept in (True, False):
        actors = LocalActors(exercise.load("invalidate_on_write").submission(source))
        world = World(actors, IMAGE, tails=kept)
        before = actors.call

        def calling(actor, function, args, now, before=before, kept=kept):
            entered[kept] += function == probe
            return before(actor, function, args, now)

        actors.call = calling  # type: ignore[method-assign]

        def scene(script):
            script.explore({"A": [call("go", "a")], "B": [call("go", "b")]})
            script.call(probe, "a")

        for choices in ([], [1]) * 5:  # A first, B first
            world.run(scene, choices)
    return entered[True], entered[False]


GO = "def go(cache, db, key):\n    cache.set(key, 1)\n"


def test_a_tail_is_played_once_a_state():
    assert counted(GO + "def probe(cache, db, key):\n    return cache.get(key)\n", "probe") == (1, 10)


def test_a_tail_that_reads_the_clock_is_played_every_time():
    source = GO + "import time\ndef probe(cache, db, key):\n    cache.get(key)\n    return time.time()\n"
    assert counted(source, "probe") == (10, 10)


def test_a_tail_that_asks_for_counters_is_played_every_time():
    assert counted(GO + "def probe(cache, db, key):\n    cache.info()\n", "probe") == (10, 10)


def test_a_forgotten_tail_is_played_again():
    source = GO + "def probe(cache, db, key):\n    return cache.get(key)\n"
    actors = LocalActors(exercise.load("invalidate_on_write").submission(source))
    world, entered, before = World(actors, IMAGE, tails=True), [], actors.call

    def calling(actor, function, args, now):
        entered.append(function)
        return before(actor, function, args, now)

    actors.call = calling  # type: ignore[method-assign]

    def scene(script):
        script.explore({"A": [call("go", "a")]})
        script.call("probe", "a")

    world.run(scene)
    world.run(scene)
    world.forget_tails()
    world.run(scene)
    assert entered == ["go", "probe", "go", "go", "probe"]
