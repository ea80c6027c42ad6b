"""The second task of an exercise: the learner's functions serve minutes of the day, and are scored against par.

Rules: par is the kit's own `second_task/par.py` beside the exercise, played on the same minutes with the same seed and
never typed in; `naive.py` and the exercise's solution are played beside it; a learner's file is played in a limited
child. A score is kept once the exercise has been passed; what the file promises on the way is measured, not believed.
Source: syllabus, section B, rule 4; lessons 03 and 05, "Second task".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from kit.grading import in_service, metrics, progress, work
from kit.grading.exercise import Exercise, load
from kit.grading.in_service import OutOfService
from kit.grading.progress import Entry
from kit.views.score import Card, Ghost, Measure, Row
from kit.workloads.flights import archive, rule
from kit.workloads.flights import window as windows
from kit.workloads.flights.window import Window
from kit.world.image import clock_time
from kit.world.tape import Tape

_QUERIES = Measure("queries", "Database queries", see="a miss")
_P99 = Measure("p99_ms", "Answer time, p99", "ms", 1, "such a look")
_AGE = Measure("over_age", "Boards over 60 s old", "%", 2, "such a board")
_WALLS = Measure("walls_old", "Old walls", "%", 2, "an old wall")
_MISSES = Measure("queries", "Misses, as queries", see="a miss")
_COMMANDS = Measure("commands_per_change", "Commands per change", digits=2, see="a change")
_FOLDS: dict[str, Callable[[Tape], float]] = {
    "queries": metrics.queries, "p99_ms": metrics.p99_ms, "walls_old": metrics.walls_old,
    "over_age": metrics.over_age,
    "commands_per_change": metrics.commands_per_change,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A second task. from_min, to_min: minutes after midnight; one_in: of so many passengers one looks.

    posts: the day's changes go through the exercise's `post_delay`, else past it. does: what naive, good and par do.
    """

    exercise: str
    title: str
    airport: str
    from_min: int
    to_min: int
    one_in: int
    posts: bool
    measures: tuple[Measure, ...]
    does: tuple[str, str, str]

    @property
    def minutes(self) -> str:
        """Which minutes, as a caption says them."""
        start, end = clock_time(self.from_min), clock_time(self.to_min)
        return f"8 March, {self.airport} {start} to {end}, one passenger in {self.one_in}"


TASKS = {
    one.exercise: one
    for one in (
        Task(
            "lazy_loading", "A budget of queries and time", "LGA", 7 * 60, 7 * 60 + 30, 12, False,
            (_QUERIES, _P99, _AGE),
            ("no cache", "the solution", "the SET off the reader's path"),
        ),
        Task(
            "invalidate_on_write", "The wall under one per cent", "LGA", 9 * 60, 9 * 60 + 20, 6, True,
            (_WALLS, _MISSES, _COMMANDS),
            ("a TTL of 1 s, no delete", "a delete per change, TTL 60 s", "the same, TTL 1 h with jitter as a net"),
        ),
    )
}  # fmt: skip
GHOSTS = ("naive", "good", "par")


def task(ident: str) -> Task:
    """The second task of an exercise. Raises KeyError with a sentence where it has none."""
    if ident not in TASKS:
        raise KeyError(f"{ident} has no second task; there is one for {' and '.join(TASKS)}")
    return TASKS[ident]


def of_lesson(number: str) -> str:
    """The exercise whose second task closes a lesson. Raises KeyError where the lesson has none."""
    found = [ident for ident in TASKS if load(ident).lesson == number]
    if not found:
        raise KeyError(f"lesson {number} has no second task")
    return found[0]


class Played(NamedTuple):
    """A card, and the tape of the learner's minutes; None without a submission that came through."""

    card: Card
    tape: Tape | None = None


def score(ident: str, seed: int, *, own: bool = True, keep: bool = True) -> Played:
    """An exercise's second task, played now. own: with the learner's file; keep: record a best one."""
    one, exercise = task(ident), load(ident)
    empty = ghosts(one, seed)
    if not own:
        return Played(replace(empty, note=to_do(exercise)))
    entry = progress.entry(ident)
    empty = replace(empty, best=entry.get("score"), first=entry.get("first_score"))
    try:
        text = work.read(work.path(exercise))
    except work.WorkError:
        return Played(replace(empty, note=to_do(exercise)))
    if text == exercise.stub.encode():
        return Played(replace(empty, note=to_do(exercise)))
    try:
        tape = in_service.play(exercise, text.decode(), window(one, seed), posts=one.posts, apart=True)
    except UnicodeDecodeError:
        return Played(replace(empty, note=f"exercises/{ident}.py is not UTF-8 text."))
    except OutOfService as error:
        return Played(replace(empty, note=f"your code did not get through its minutes: {error}."))
    card = replace(measured(empty, tape), label=f"Yours is exercises/{ident}.py, as it stands.")
    if not entry.get("passed"):
        return Played(replace(card, note=f"This score is not kept: pass the checks of {ident} first."), tape)
    if entry.get("right") != progress.text_digest(text):
        card = replace(card, note=f"As it stands the file has not passed the checks of {ident}.")
    return Played(_kept(card) if keep else card, tape)


def measured(card: Card, tape: Tape) -> Card:
    """The card with a tape's figures as yours."""
    return replace(card, rows=tuple(replace(row, yours=_FOLDS[row.measure.id](tape)) for row in card.rows))


def to_do(exercise: Exercise) -> str:
    """What to write to have a score."""
    names = " and ".join(exercise.entries)
    return f"write {names} in the exercise {exercise.id}, then run this again."


@cache
def window(one: Task, seed: int) -> Window:
    """The minutes of a task with a learner's seed; the passengers are thinned, the changes are all there."""
    year = archive.open_archive(archive.ensure().parent)
    try:
        return windows.window(
            year, rule.STORM, one.airport, one.from_min, one.to_min, seed, interval_s=rule.INTERVAL_S * one.one_in
        )
    finally:
        year.close()


@cache
def ghosts(one: Task, seed: int) -> Card:
    """The card without a submission: par and the others' tries."""
    exercise = load(one.exercise)
    minutes = window(one, seed)
    tapes = {name: in_service.play(exercise, text(exercise, name), minutes, posts=one.posts) for name in GHOSTS}
    found = {name: {part.id: _FOLDS[part.id](tape) for part in one.measures} for name, tape in tapes.items()}
    rows = tuple(Row(part, found["par"][part.id], None, _of(found, part)) for part in one.measures)
    others = tuple(Ghost(name, does) for name, does in zip(GHOSTS, one.does, strict=True))
    where = f"{one.minutes}: {len(minutes.looks):,} looks, {len(minutes.changes)} changes"
    return Card(one.exercise, exercise.lesson, one.title, where, rows, others, seed, _versions(exercise))


def _of(found: dict[str, dict[str, float]], part: Measure) -> dict[str, float]:
    return {name: found[name][part.id] for name in GHOSTS}


def text(exercise: Exercise, name: str) -> str:
    """The code of a ghost: `naive` and `par` of the folder `second_task`, `good` is the exercise's solution."""
    if name == "good":
        return exercise.solution
    return (exercise.folder / "second_task" / f"{name}.py").read_text("utf-8")


def _kept(card: Card) -> Card:
    """Record the score, and the best so far."""
    seen: Entry = {}

    def update(entry: Entry) -> None:
        entry["score"] = max(entry.get("score", 0), card.score or 0)
        entry.setdefault("first_score", card.score)
        seen.update(entry)

    problem = progress.change(card.exercise, update)
    return replace(card, best=seen.get("score"), first=seen.get("first_score"), note=problem or card.note)


def _versions(exercise: Exercise) -> str:
    try:
        kit = version("elasticache-kit")
    except PackageNotFoundError:
        kit = "from source"
    return f"kit {kit}, {exercise.id} {exercise.version}"


def as_object(card: Card) -> dict[str, Any]:
    """The card as `kit score --json` prints it."""
    decides = card.deciding
    return {
        "exercise": card.exercise, "title": card.title, "window": card.window, "seed": card.seed,
        "versions": card.versions, "score": card.score, "best": card.best, "first": card.first, "label": card.label,
        "note": card.note, "deciding": None if decides is None else card.rows[decides].measure.id,
        "rows": [
            {
                "id": row.measure.id, "name": row.measure.name, "unit": row.measure.unit, "yours": row.yours,
                "par": row.par, "part": row.part, "state": row.state or None, **row.ghosts,
            }
            for row in card.rows
        ],
    }  # fmt: skip
