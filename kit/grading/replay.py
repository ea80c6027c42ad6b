"""Play a token again: the same schedule of the same submission, up to the record at which the rule is broken."""

from __future__ import annotations

from typing import Any, NamedTuple

from kit.grading import token
from kit.grading.apart import Apart
from kit.grading.bench import Bench
from kit.grading.check import Check
from kit.grading.exercise import Exercise, load
from kit.grading.traces import kept
from kit.world.choice import Point, chooser
from kit.world.tape import Tape


class Replay(NamedTuple):
    """A replayed schedule. tape: what is shown of it; message: what broke, None if the rule holds now."""

    tape: Tape
    whole: Tape
    points: list[Point]
    message: str | None
    check: Check
    source: str
    exercise: Exercise


def replay(text: str, *, source: str | None = None, choices: tuple[int, ...] | None = None) -> Replay:
    """The schedule of a token. `source`: another submission than the kept one; `choices`: another schedule of its part.

    Raises TokenError: no token, other scenes, or a submission that is not here.
    """
    name = token.parse(text)
    exercise = load(name.exercise)
    if name.scene != exercise.digest:
        raise token.TokenError(
            f"this token was made for other scenes of {exercise.id} ({name.scene}; here {exercise.digest}): check again"
        )
    check = next((one for one in exercise.checks if one.id == name.check), None)
    if check is None or name.part >= len(check.parts):
        raise token.TokenError(f"{exercise.id} has no check {name.check} with a part {name.part}")
    source = source if source is not None else _kept(name)
    actors = Apart(exercise.submission(source), limit_s=exercise.limit_s)
    try:
        if actors.loaded.kind == "raised":
            raise token.TokenError(f"the submission cannot be loaded: {': '.join(actors.loaded.args)}")
        bench = Bench(exercise, source, actors, name.seed)
        run = bench.play(check.parts[name.part], chooser(name.choices if choices is None else choices))
        failure = bench.look(check, run)
    finally:
        actors.end()
    shown = run.tape.prefix(failure.shown) if failure else run.tape
    return Replay(shown, run.tape, run.points, failure.message if failure else None, check, source, exercise)


def _kept(name: token.Token) -> str:
    file = kept(name.submission)
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        raise token.TokenError(
            f"the submission {name.submission} is not in {file.parent}: give its file (kit replay TOKEN --file FILE)"
        ) from None


def as_json(found: Replay) -> dict[str, Any]:
    """What a page shows beside the tape."""
    check = found.check
    return {"exercise": found.exercise.id, "check": check.id, "title": check.title, "message": found.message}
