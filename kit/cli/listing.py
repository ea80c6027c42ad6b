"""`kit list`: every exercise with its lesson, points and outcome, and what is next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from kit.cli import shelf, terminal
from kit.grading import progress
from kit.views.verdict import OUTCOMES


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def command(as_json: bool) -> None:
    """List the exercises: lesson, title, best points so far, outcome, minutes, and what is next."""
    if problem := progress.mend():
        terminal.note(problem)
    if as_json:
        click.echo(json.dumps(as_object()))
        return
    for line in table(terminal.width()):
        click.echo(line)


def as_object() -> dict[str, Any]:
    """`{exercises: [{id, lesson, title, points, max_points, outcome, minutes, attempts, score}], next: id | null}`.

    score: the best of the second task, of 100; null where there is none.
    """
    following = shelf.next_one()
    return {
        "exercises": [
            {
                "id": one.exercise.id, "lesson": one.exercise.lesson, "title": one.exercise.title,
                "points": one.points, "max_points": one.exercise.max_points, "outcome": one.outcome,
                "minutes": one.exercise.minutes, "attempts": int(one.entry.get("attempts", 0)),
                "score": one.entry.get("score"),
            }
            for one in shelf.places()
        ],
        "next": following.id if following else None,
    }  # fmt: skip


def table(columns: int) -> Iterator[str]:
    """The list for people."""
    found, following = shelf.places(), shelf.next_one()
    widest = max((len(one.exercise.id) for one in found), default=0)
    room = max([6, *(len(_points(one)) for one in found)])
    for one in found:
        glyph, word, colour = OUTCOMES[one.outcome]
        start = f"{one.exercise.lesson}  {one.exercise.id:<{widest}}  {_points(one):>{room}}  "
        result = click.style(f"{glyph} {word}", fg=terminal.COLOURS[colour])
        mark = "  ← next" if following and one.exercise.id == following.id else ""
        yield f"{start}{result}{mark}"
        score = f"; second task {one.entry['score']} of 100" if "score" in one.entry else ""
        yield from terminal.wrapped(f"{one.exercise.title}, about {one.exercise.minutes} min{score}", columns, "    ")
    done = sum(one.passed for one in found)
    got, most = sum(one.points for one in found), sum(one.exercise.max_points for one in found)
    yield ""
    yield f"{done} of {len(found)} passed" + (f", {got} of {most} points." if most else ".")
    yield f"Next: kit check {following.id}" if following else the_end()


def _points(one: shelf.Place) -> str:
    most = one.exercise.max_points
    return f"{one.points}/{most}" if most else "no points"


def the_end() -> str:
    """A word at the end of the course."""
    return "That was the last one: every exercise that is here passes."
