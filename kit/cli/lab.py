"""`kit lab`: the course in JupyterLab."""

from __future__ import annotations

import click

from kit.cli import errors
from kit.real.lab import PortTaken, run_lab
from kit.workloads import places


@click.command("lab")
@click.option("--port", type=click.IntRange(1, 65_535), help="Exactly this port; else the first free one from 8888.")
@click.option("--browser/--no-browser", default=True, help="Open a browser, or print the address alone.")
@click.option("--theme", hidden=True, help="Lab's default theme, for tests.")
@click.pass_context
def command(ctx: click.Context, port: int | None, browser: bool, theme: str | None) -> None:
    """Open JupyterLab on your copies of the notebooks, on this machine alone. Ctrl-C ends it."""
    try:
        ctx.exit(run_lab(places.home(), port=port, browser=browser, theme=theme, say=_say))
    except PortTaken as error:
        raise errors.BadUsage(str(error)) from None


def _say(text: str) -> None:
    click.echo(text)
