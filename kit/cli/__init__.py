"""The command line: `kit VERB`, one verb a file, imported when it is called.

Rules: importing this module and `kit --help` load click and nothing else; results go to stdout, everything about how
they came to be to stderr; every way out has its code:
0 correct, or done · 1 the other outcomes of a submission · 2 bad usage · 3 a fault of ours · 130 interrupted.
Source: the kit's contracts, "Exercises"; https://no-color.org (2026-11-24).
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from typing import Any

import click

VERBS = {
    "lab": "open the course in JupyterLab",
    "list": "the exercises: points, outcome, what is next",
    "check": "judge your code of an exercise",
    "watch": "judge it at each save",
    "score": "the second task of an exercise: your code against par",
    "replay": "a failing schedule again, as sentences and as a page",
    "hint": "the next hint of an exercise",
    "solution": "its solution, once you have passed (or give up)",
    "reset": "put the stub back; your file is kept under a dated name",
    "serve": "an engine of the kit on a real socket, for your own clients",
}


_MODULES = {"list": "listing"}  # a module `list` here would stand before the builtin


class Verbs(click.Group):
    """The verbs, known by name before any is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"kit.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, 1)
            guess = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(VERBS)}."
            raise click.UsageError(f"kit has no verb {args[0]!r}. {guess}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            ctx.color = False
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(
                "\nInterrupted: what ran for you has ended; a check that was under way is not recorded.", err=True
            )
            ctx.exit(130)
        except Exception as error:
            from kit.cli.errors import explain

            explained = explain(error)
            if explained is error:
                raise
            raise explained from error


@click.group(cls=Verbs, subcommand_metavar="VERB [ARGS]...", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="elasticache-kit", message="kit %(version)s")
def cli() -> None:
    """Learn caching by running it. `kit VERB --help` says more about a verb."""


def main() -> None:
    """The `kit` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show a sign gets another one, never a traceback
            stream.reconfigure(errors="replace")
    cli(prog_name="kit")
