"""Small worlds for tests: the text of a submission, a scene, and the run that comes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import dedent
from typing import Any

from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.call import Call as Call
from kit.world.call import call as call
from kit.world.choice import Alternative, Chooser
from kit.world.image import Image
from kit.world.script import Script as Script
from kit.world.tape import Op, Tape, operations
from kit.world.world import Run as Run
from kit.world.world import World as World

IMAGE = Image(COMMON, AIRPORTS)
BOARD = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
ENTRIES: dict[str, Sequence[str]] = {}  # every function gets `cache, db` and what the call gives it


def world(source: str, *, protocol: int = 3, maxmemory: int = 0, shared: bool = False, limit: int = 400) -> World:
    """A world over one submission in this process."""
    actors = LocalActors(Submission(dedent(source), "submission.py", ENTRIES, "redis", protocol))
    return World(actors, IMAGE, maxmemory=maxmemory, operation_limit=limit, shared=shared)


def play(
    source: str, scene: Callable[[Script], Any], choices: Iterable[int] | Chooser = (), *, seed: int = 0,
    **options: Any,
) -> Run:  # fmt: skip
    """One schedule of a scene in a new world."""
    return world(source, **options).run(scene, choices, seed=seed)


def answers(source: str, *calls: Call, seed: int = 0, **options: Any) -> list[Any]:
    """What calls answer one after the other, each in a process of its own; one that raised gives type and text."""
    found: list[Any] = []

    def scene(script: Script) -> None:
        for one in calls:
            answer = script.call(one.function, *one.args)
            found.append(answer.value if answer.raised is None else answer.raised)

    run = play(source, scene, seed=seed, **options)
    assert run.stuck is None, run.stuck
    return found


def answer(source: str, function: str = "go", *args: Any, **options: Any) -> Any:
    """What one call answers."""
    (found,) = answers(source, call(function, *args), **options)
    return found


def exploring(actors: Mapping[str, Sequence[Call]]) -> Callable[[Script], None]:
    """The scene that does nothing but explore these actors."""

    def scene(script: Script) -> None:
        script.explore(actors)

    return scene


def together(**calls: Call) -> Callable[[Script], None]:
    """The scene in which actors make one call each: `together(A=call("go"), B=call("go"))`."""
    return exploring({name: [one] for name, one in calls.items()})


def at_random(seed: int, often: float = 0.5) -> Chooser:
    """A chooser that leaves the first alternative as often as that, and takes any other."""
    draw = random.Random(seed)

    def choose(alternatives: Sequence[Alternative], ops: Sequence[Op], points: Sequence[Any]) -> int:
        return draw.randrange(len(alternatives)) if draw.random() < often else 0

    return choose


def orders(seed: int) -> Chooser:
    """A chooser among the actors that are ready, and nothing else."""
    draw = random.Random(seed)

    def choose(alternatives: Sequence[Alternative], ops: Sequence[Op], points: Sequence[Any]) -> int:
        return draw.randrange(max(sum(one.kind in ("run", "switch") for one in alternatives), 1))

    return choose


def words(tape: Tape) -> list[str]:
    """Its operations, `actor name`."""
    return [f"{op.actor} {op.name}" for op in operations(tape)]


def told(tape: Tape, name: str) -> list[Op]:
    """The records of peer `scene` with this name."""
    return [op for op in tape if op.peer == "scene" and op.name == name]


def kinds(alternatives: Iterable[Alternative]) -> list[str]:
    """Alternatives as short words: `switch B SET`."""
    return [" ".join(filter(None, one)) for one in alternatives]
