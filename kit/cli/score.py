"""`kit score ID`: play the second task's minutes on your code, and print it against par."""

from __future__ import annotations

import json

import click

from kit.cli import errors, terminal
from kit.grading import progress, second_task, seed
from kit.views import score


@click.command("score")
@click.argument("ident", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the score as one JSON object, and nothing else.")
@click.option("--seed", "chosen", type=click.IntRange(0, seed.MOST - 1), help="Another storm than yours; not recorded.")
def command(ident: str, as_json: bool, chosen: int | None) -> None:
    """Play the second task of the exercise ID on KIT_HOME/exercises/ID.py, and say how it stands against par.

    The best score is kept once the exercise has been passed. Exit code: 0 whatever the score, 2 bad usage.
    """
    exercise = errors.exercise(ident)
    if exercise.id not in second_task.TASKS:
        known = " and ".join(second_task.TASKS)
        raise errors.BadUsage(f"{exercise.id} has no second task; there is one for {known}")
    if problem := progress.mend():
        terminal.note(problem)
    mine = seed.of_the_learner()
    with terminal.Status() as status:
        status.show("Your minutes are being played, and the kit's own tries beside them.")
        card, _ = second_task.score(exercise.id, mine if chosen is None else chosen, keep=chosen in (None, mine))
    if as_json:
        click.echo(json.dumps(second_task.as_object(card)))
        return
    for line in score.text(card).splitlines():
        click.echo(line)
