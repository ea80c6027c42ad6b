"""Code in service: minutes of the day played on a learner's functions, or on the reference where there are none.

Rules: a learner's file serves once its checks have passed and as long as it says exactly what passed; it runs in a
limited child, never in this process; code of the kit's own runs here. Whoever is shown the tape is told whose it is.
A file that raises, hangs or ends its process gives no tape but a sentence, and the reference serves in its place.
Source: lessons 03 and 05 of the syllabus; `kit/workloads/flights/traffic.py` has the scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.cache.clock import WallClock
from kit.grading import progress, work
from kit.grading.bench import MAXMEMORY, mode_of
from kit.grading.exercise import Exercise
from kit.grading.proxy import ChildActors, ChildEnded
from kit.workloads.flights.traffic import image, traffic
from kit.workloads.flights.window import Window
from kit.world.actors import LocalActors
from kit.world.request import Actors, Request
from kit.world.tape import Tape
from kit.world.world import World

MOST_S = 60.0  # of wall time for a window, all calls together
_OPERATIONS = 100_000


class OutOfService(Exception):
    """Code that did not get through its window; the sentence says what it did."""


@dataclass(frozen=True, slots=True)
class Code:
    """A text that can serve. own: it is the learner's; why: why it is not, as a sentence."""

    text: str
    own: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """A window that was served. label: whose code it was, as a caption says it."""

    tape: Tape
    own: bool
    label: str


def code(exercise: Exercise) -> Code:
    """The learner's text if it is the one that passed, else the reference."""
    right = progress.entry(exercise.id).get("right")
    file = work.path(exercise)
    if right is None:
        return Code(exercise.solution, False, f"until yours has passed the checks of {exercise.id}")
    try:
        text = work.read(file)
    except work.WorkError:
        return Code(exercise.solution, False, f"exercises/{file.name} cannot be read")
    if progress.text_digest(text) != right:
        return Code(exercise.solution, False, f"exercises/{file.name} has changed since it passed")
    return Code(text.decode(), True)


def serve(exercise: Exercise, window: Window, *, posts: bool, reference: bool = False) -> Served:
    """A window on the learner's code; on the reference where that has not passed, or fails in service.

    posts: changes go through the exercise's `post_delay`; reference: never ask for the learner's.
    """
    found = Code(exercise.solution, False) if reference else code(exercise)
    if found.own:
        try:
            tape = play(exercise, found.text, window, posts=posts, apart=True)
            return Served(tape, True, f"Served by your code, exercises/{exercise.id}.py.")
        except OutOfService as error:
            found = Code(exercise.solution, False, f"your code did not get through: {error}")
    why = f"; {found.why}" if found.why else ""
    tape = play(exercise, found.text, window, posts=posts)
    return Served(tape, False, f"Served by the reference, the kit's own {exercise.id}{why}.")


def play(exercise: Exercise, text: str, window: Window, *, posts: bool, apart: bool = False, seed: int = 0) -> Tape:
    """The tape of a window on these functions. apart: in a limited child. Raises OutOfService."""
    if not apart:
        return _played(exercise, LocalActors(exercise.submission(text)), window, posts, seed)
    child: ChildActors | None = None
    try:
        child = ChildActors(exercise.submission(text), limit_s=exercise.limit_s)
        if child.loaded.kind == "raised":
            raise OutOfService(": ".join(child.loaded.args))
        return _played(exercise, _Hurried(child), window, posts, seed)
    except ChildEnded as ended:
        where = f"line {ended.line}: " if ended.line else ""
        raise OutOfService(f"{where}{ended}") from None
    finally:
        if child is not None:
            child.end()


def _played(exercise: Exercise, actors: Actors, window: Window, posts: bool, seed: int) -> Tape:
    world = World(
        actors, image(window), maxmemory=MAXMEMORY, operation_limit=_OPERATIONS, mode=mode_of(exercise)
    )  # fmt: skip
    run = world.run(traffic(window, posts=posts), seed=seed)
    if run.stuck is not None:
        raise OutOfService(run.stuck[1])
    for op in run.tape:
        if op.peer == "scene" and op.name == "raised":
            name, said = op.reply
            where = f"line {op.line}: " if op.line else ""
            raise OutOfService(f"{where}{name}: {said}" if said else f"{where}{name}")
    return run.tape


class _Hurried:
    """Actors that have so many seconds for all that they do."""

    def __init__(self, actors: Actors) -> None:
        self._actors = actors
        self._clock = WallClock()
        self._begun = self._clock.monotonic_s()
        self.begin, self.spawn = actors.begin, actors.spawn

    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request:
        spent = self._clock.monotonic_s() - self._begun
        if spent > MOST_S:
            raise ChildEnded("timed_out", f"not through after {MOST_S:.0f} s of computing")
        return self._actors.call(actor, function, args, now)

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        return self._actors.resume(actor, status, payload, now)
