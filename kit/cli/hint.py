"""`kit hint ID`: one hint more, counted."""

from __future__ import annotations

from collections.abc import Iterator

import click

from kit.cli import errors, terminal
from kit.grading import progress
from kit.grading.exercise import Exercise
from kit.grading.progress import Entry


@click.command("hint")
@click.argument("ident", metavar="ID")
def command(ident: str) -> None:
    """Show the next hint of the exercise ID, after those shown before. Hints cost no points; they are counted."""
    for line in shown(errors.exercise(ident), terminal.width()):
        click.echo(line)


def shown(exercise: Exercise, columns: int) -> Iterator[str]:
    """The hints shown so far and one more, if there is one; it is counted as shown."""
    total = len(exercise.hints)
    count = min(int(progress.entry(exercise.id).get("hints", 0)) + 1, total)
    known = count == progress.entry(exercise.id).get("hints", 0)

    def one_more(entry: Entry) -> None:
        entry["hints"] = max(count, int(entry.get("hints", 0)))

    if not known and (problem := progress.change(exercise.id, one_more)):
        terminal.note(problem)
    for number, hint in enumerate(exercise.hints[:count], 1):
        yield click.style(f"Hint {number} of {total}", bold=True)
        yield from terminal.wrapped(hint.strip(), columns, "  ")
        yield ""
    if known:
        yield f"That was the last one. kit solution {exercise.id} --give-up shows the solution."
