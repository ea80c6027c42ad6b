"""The tapes of every scene of an exercise, as digests: run in two processes, they must be the same.

As a script: an exercise, `tails` or `whole`, the names of files; prints `{file: {scene: digest}}` as JSON.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kit.grading.bench import Bench
from kit.grading.check import Part
from kit.grading.exercise import Exercise, load
from kit.world.actors import LocalActors
from kit.world.choice import chooser
from kit.world.request import Actors

SCHEDULES = 20


def lists(part: str) -> Iterator[tuple[int, ...]]:
    """Twenty schedules of at most two deviations, the same ones everywhere."""
    draw = random.Random(part)
    for number in range(SCHEDULES):
        choices = [0] * 14
        for _ in range(min(number, 2)):
            choices[draw.randrange(14)] = draw.choice([1, 1, 2, draw.randrange(3, 24)])
        yield tuple(choices)


def parts(exercise: Exercise) -> list[Part]:
    """Every scene of every check, each once."""
    found = {part.scene: part for check in exercise.checks for part in check.parts}
    return list(found.values())


def digests(exercise: Exercise, source: str, actors: Actors, *, tails: bool) -> dict[str, str]:
    """One digest a scene, over the bytes of its twenty tapes."""
    bench = Bench(exercise, source, actors, tails=tails)
    found = {}
    for part in parts(exercise):
        name = part.scene.__name__
        told = hashlib.sha256()
        for choices in lists(name):
            run = bench.play(part, chooser(choices))
            told.update(f"{run.tape.dumps()}{run.stuck}".encode())
            if not run.points:
                break  # a scene without choices
        found[name] = told.hexdigest()
    return found


def main(ident: str, files: list[str], tails: bool) -> None:
    exercise = load(ident)
    found = {}
    for name in files:
        source = (exercise.folder / name).read_text(encoding="utf-8")
        found[name] = digests(exercise, source, LocalActors(exercise.submission(source)), tails=tails)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[3:], sys.argv[2] == "tails")
