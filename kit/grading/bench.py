"""A bench: one submission set up to be judged, and how one run of it is looked at."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.cache.clock import Clock
from kit.grading.check import Check, Part
from kit.grading.exercise import Exercise
from kit.grading.proxy import ChildEnded
from kit.grading.search import Failure
from kit.real import forward_memcached, forward_redis
from kit.real.memcached import running_memcached
from kit.real.valkey import running_valkey
from kit.world.image import Image
from kit.world.memcached_mode import MEMCACHED
from kit.world.mode import Engine, Mode
from kit.world.redis_mode import REDIS
from kit.world.request import Actors
from kit.world.tape import Tape, operations
from kit.world.world import Run, World

MAXMEMORY = 4 * 1024 * 1024  # a million small keys are refused within seconds; a board takes half a kilobyte
EngineMaker = Callable[[Clock], Engine]
_REAL: dict[str, tuple[Any, Any]] = {
    "valkey": (running_valkey, forward_redis.ForwardingEngine),
    "memcached": (running_memcached, forward_memcached.ForwardingEngine),
}


class CheckFault(Exception):
    """A check that is itself wrong: ours, never the learner's."""


@dataclass
class Bench:
    """A submission ready to be judged: its actors, and the world around them."""

    exercise: Exercise
    source: str
    actors: Actors
    seed: int = 0
    engine: EngineMaker | None = None
    tails: bool = False

    def __post_init__(self) -> None:
        stage = self.exercise.stage
        limit = self.exercise.operation_limit
        self.world = World(
            self.actors,
            Image(stage.rows, stage.airports),
            maxmemory=MAXMEMORY,
            operation_limit=limit,
            shared=stage.one_process,
            mode=mode_of(self.exercise),
            engine=self.engine,
            tails=self.tails,
            name="real " if self.engine else "",
        )

    def play(self, part: Part, choices: Any) -> Run:
        """One schedule of a part. Raises CheckFault where the scene itself is wrong."""
        try:
            return self.world.run(part.scene, choices, seed=self.seed)
        except (ChildEnded, RecursionError, MemoryError):
            raise
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            AssertionError,
            NameError,
            ArithmeticError,
        ) as error:
            raise CheckFault(sentence(error)) from error

    def look(self, check: Check, run: Run) -> Failure | None:
        """What a run shows: None, or the failure, cut where the rule is first broken."""
        tape = run.tape
        if run.stuck is not None:
            return Failure(tape.choices, run.stuck[1], len(tape), len(operations(tape)), run)
        try:
            message = check.holds(tape)
            if message is None:
                return None
            shown = first_broken(check, tape)
        except Exception as error:
            raise CheckFault(sentence(error)) from error
        return Failure(tape.choices, message, shown, len(operations(tape.ops[:shown])), run)


@contextmanager
def real_engine(name: str) -> Iterator[EngineMaker | None]:
    """What makes the engines of a real server, started for the length of the block; None for the model."""
    if name == "model":
        yield None
        return
    running, forwarding = _REAL[name]
    made: list[Any] = []
    with running() as server:

        def make(clock: Clock) -> Engine:
            made.append(forwarding(clock, (server.host, server.port)))
            return made[-1]  # type: ignore[no-any-return]

        try:
            yield make
        finally:
            for engine in made:
                engine.close()


def mode_of(exercise: Exercise) -> Mode:
    """The kind of cache that an exercise's client speaks to."""
    return MEMCACHED if exercise.client == "memcached" else REDIS


def first_broken(check: Check, tape: Tape) -> int:
    """How many records it takes to break the rule: `holds` is monotone, so halving finds it."""
    low, high = 0, len(tape)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if check.holds(tape.prefix(middle)) is not None else (middle, high)
    return high


def sentence(error: BaseException) -> str:
    """An error of a check in a line: its type, its text, and the file and line of the check that it comes from."""
    where = traceback.extract_tb(error.__traceback__)
    checks = [frame for frame in where if Path(frame.filename).name == "checks.py"]
    # Three parts of the path: an instructor's pack has a checks.py in a folder of the exercise's name too.
    places = [f" ({'/'.join(Path(one.filename).parts[-3:])}, line {one.lineno})" for one in (checks or where)[-1:]]
    place = "".join(places)
    return f"{type(error).__name__}: {error}{place}"
