"""The walk with sleep sets meets every behaviour of generated memcached programs that a walk without them meets."""

from __future__ import annotations

import random

import pytest

import kit.grading.walk as walk_module
from kit.grading.check import Bounds
from kit.grading.search import Search
from kit.grading.walk import Pruned, Walk
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image
from kit.world.memcached_mode import MEMCACHED
from kit.world.script import Script
from kit.world.world import Run, World

PROGRAMS = 60
MOST_RUNS = 2_500
STEPS = (
    'cache.set("{key}", "{value}", expire={life})',
    'cache.set("{key}", "{value}", noreply=False)',
    'found.append(cache.add("{key}", "{value}", expire={life}, noreply=False))',
    'found.append(cache.get("{key}"))',
    'found.append(cache.incr("{key}", {value}, noreply=False))',
    'cache.delete("{key}")',
    'found.append(cache.touch("{key}", {life}, noreply=False))',
    'seen, token = cache.gets("{key}")',
    'found.append(cache.cas("{key}", "{value}", token) if token else seen)',
    'found.append(sorted(cache.get_many(["a", "b"]).items()))',
    "cache.flush_all(noreply=False)",
)


def source(draw: random.Random) -> str:
    """Two functions of two to four steps over two keys; a message that fails leaves a word and goes on."""
    text = ["from pymemcache import MemcacheError"]
    for name in ("one", "two"):
        text += [f"def {name}(cache, db):", "    found, seen, token = [], None, None"]
        for _ in range(draw.randint(2, 3)):
            step = draw.choice(STEPS).format(
                key=draw.choice("aab"), value=draw.randint(1, 3), life=draw.choice((0, 0, 60))
            )
            text += [
                "    try:",
                f"        {step}",
                "    except (MemcacheError, OSError):",
                "        found.append('failed')",
            ]
        text.append("    return found")
    text += ["def probe(cache, db):", '    return [cache.get("a"), cache.get("b")]']
    return "\n".join(text)


def scene(world: Script) -> None:
    world.explore({"A": [call("one")], "B": [call("two")]})
    world.call("probe")


def behaviours(world: World, bounds: Bounds) -> tuple[set[str], int]:
    """What everybody answered in each order that the walk plays, and how many it played."""
    search = Search(lambda choose: world.run(scene, choose), lambda run: None, bounds)
    walk, found, runs = Walk(search._allowed, {}), set(), 0
    while True:
        runs += 1
        assert runs <= MOST_RUNS
        try:
            run: Run | None = world.run(scene, walk.choose)
        except Pruned:
            run = None
        if run is not None:
            found.add(
                repr([(op.actor, op.reply) for op in sorted(run.tape, key=lambda op: op.actor) if op.name == "answer"])
            )
        if not walk.backtrack(run):
            return found, runs


@pytest.mark.slow
def test_no_behaviour_is_lost_and_orders_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    spared = played = several = 0
    for number in range(PROGRAMS):
        draw = random.Random(f"memcached {number}")
        actors = LocalActors(Submission(source(draw), "submission.py", {}, "memcached"))
        world = World(actors, Image([], []), mode=MEMCACHED)
        bounds = (Bounds(leaps=0), Bounds(leaps=0, expiries=1), Bounds(leaps=0, faults=1))[number % 3]
        few, less = behaviours(world, bounds)
        with monkeypatch.context() as patch:
            patch.setattr(walk_module, "dependent", lambda one, other: True)
            every, more = behaviours(world, bounds)
        assert few == every, source(random.Random(f"memcached {number}"))
        spared, played = spared + more - less, played + more
        several += len(every) > 1
    assert several > PROGRAMS // 3
    assert spared > played // 10


@pytest.mark.slow
def test_a_walk_that_takes_all_steps_for_independent_loses_behaviours(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = 0
    for number in range(0, PROGRAMS, 6):
        actors = LocalActors(Submission(source(random.Random(f"memcached {number}")), "submission.py", {}, "memcached"))
        world = World(actors, Image([], []), mode=MEMCACHED)
        few, _ = behaviours(world, Bounds(leaps=0))
        with monkeypatch.context() as patch:
            patch.setattr(walk_module, "dependent", lambda one, other: one.process == other.process)
            blind, _ = behaviours(world, Bounds(leaps=0))
        lost += blind < few
    assert lost
