"""`kit check ID [FILE]`: judge a submission, print the verdict, leave with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kit.cli import errors, terminal
from kit.cli.judging import Order, judged, sentences
from kit.cli.report import report
from kit.grading import progress, work
from kit.grading.exercise import Exercise
from kit.grading.verdict import exit_code


@click.command("check")
@click.argument("ident", metavar="ID")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as one JSON object, and nothing else.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Another stream of random numbers and scenes.")
@click.option("--engine", default="model", help="valkey or memcached: a real server answers; nothing is recorded.")
@click.pass_context
def command(ctx: click.Context, ident: str, file: Path | None, as_json: bool, seed: int, engine: str) -> None:
    """Judge your code of the exercise ID: KIT_HOME/exercises/ID.py (made from the stub if missing), or FILE.

    Another FILE than your own is judged, not recorded. Exit code: 0 correct, 1 not correct, 2 bad usage, 3 a fault of
    ours, 130 interrupted.
    """
    exercise = errors.exercise(ident)
    if engine not in exercise.engines:
        known = " and ".join(exercise.engines)
        raise errors.BadUsage(f"{exercise.id} is judged on {known}, not on {engine!r}")
    if problem := progress.mend():
        terminal.note(problem)
    own = work.path(exercise)
    if file is None:
        made(exercise)
    source = work.read(file or own)
    order = Order(exercise, source, seed, engine, own=file is None or (own.exists() and own.samefile(file)))
    verdict = judged(order)
    if as_json:
        click.echo(json.dumps(verdict))
    else:
        show(order, verdict, file or own)
    ctx.exit(exit_code(verdict))


def made(exercise: Exercise) -> None:
    """Make the learner's file if it is missing, and say so."""
    if work.prepare(exercise):
        terminal.note(f"{terminal.place(work.path(exercise))} is new, made from the stub: write your code there.")
        terminal.note(f"The task stands in {terminal.place(exercise.folder / 'README.md')}.")


def show(order: Order, verdict: dict[str, object], file: Path) -> None:
    """Print a verdict for people."""
    for line in report(verdict, sentences(order, verdict), terminal.place(file), terminal.width()):
        click.echo(line)
