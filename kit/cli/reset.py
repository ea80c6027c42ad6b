"""`kit reset ID`: the stub again; what stood there is kept under a dated name."""

from __future__ import annotations

import click

from kit.cli import errors, terminal
from kit.grading import work
from kit.grading.exercise import Exercise


@click.command("reset")
@click.argument("ident", metavar="ID")
def command(ident: str) -> None:
    """Put the stub of the exercise ID back. Your file is kept in KIT_HOME/backups; points stay."""
    click.echo(done(errors.exercise(ident)))


def done(exercise: Exercise) -> str:
    """Reset, and the sentence that says so. Raises WorkError."""
    copy = work.reset(exercise)
    file = terminal.place(work.path(exercise))
    if copy is None:
        return f"{file} is the stub; there was nothing of yours to keep."
    return f"{file} is the stub again. What stood there is kept as {terminal.place(copy)}."
