"""`kit solution ID`: the solution, once the learner has passed or has given up."""

from __future__ import annotations

import click

from kit.cli import errors, terminal
from kit.grading import progress
from kit.grading.progress import Entry


@click.command("solution")
@click.argument("ident", metavar="ID")
@click.option("--give-up", is_flag=True, help="Show it although you have not passed; that is recorded.")
def command(ident: str, give_up: bool) -> None:
    """Print the solution of the exercise ID: after your code has passed, or with --give-up."""
    exercise = errors.exercise(ident)
    entry = progress.entry(exercise.id)
    if not (entry.get("passed") or entry.get("gave_up")):
        if not give_up:
            left = len(exercise.hints) - int(entry.get("hints", 0))
            more = f"{left} of {len(exercise.hints)} are left: kit hint {exercise.id}" if left > 0 else "none is left"
            raise errors.BadUsage(
                f"the solution opens when your code passes (kit check {exercise.id}). Of the hints, {more}."
                " --give-up shows it now, and is recorded."
            )
        if problem := progress.change(exercise.id, _gave_up):
            terminal.note(problem)
    click.echo(exercise.solution.rstrip("\n"))


def _gave_up(entry: Entry) -> None:
    entry["gave_up"] = True
