"""`kit replay TOKEN`: a failing schedule again, as numbered sentences and as a page with the player; or a recording.

Rules: the sentences are the player's own; the page asks nothing of any network; of a long recording, as `kit serve
--tape` writes it, the first operations are told, and it is said how many.
"""

from __future__ import annotations

import ast
import hashlib
from itertools import islice
from pathlib import Path
from typing import Any

import click

from kit.cli import errors, terminal
from kit.grading import progress, work
from kit.grading.replay import Replay, replay
from kit.grading.token import Token, parse
from kit.views.narration import lines
from kit.views.page import page
from kit.workloads import places
from kit.world.tape import Tape

MOST_TOLD = 2_000  # operations of a recording; the player takes twice as many steps


@click.command("replay")
@click.argument("token", metavar="TOKEN")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="Play this file instead of the one that was kept."
)
@click.option("--text", is_flag=True, help="Print the sentences; write no page.")
def command(token: str, file: Path | None, text: bool) -> None:
    """Play the schedule of TOKEN again: a sentence a step, and a page in KIT_HOME/traces to step through.

    TOKEN may be the file of a recording instead, as `kit serve --tape` writes it.
    """
    if Path(token).is_file():
        _recording(Path(token), text=text)
        return
    name = parse(token)
    errors.exercise(name.exercise)
    source = _text(file) if file else None
    with terminal.Status() as status:
        status.show("Playing the schedule again.")
        found = replay(token, source=source)
    columns = terminal.width()
    for line in terminal.wrapped(f"{found.exercise.title}: {found.check.title}", columns):
        click.echo(click.style(line, bold=True))
    click.echo()
    for line in lines(found.tape):
        click.echo(line)
    click.echo()
    for line in terminal.wrapped(found.message or "The rule holds in this schedule.", columns):
        click.echo(line)
    if not text:
        _write(name, found)


def _recording(file: Path, *, text: bool) -> None:
    try:
        with file.open(encoding="ascii") as recorded:
            head = list(islice(recorded, 1 + MOST_TOLD))
            more = next(recorded, None) is not None
        tape = Tape.loads("".join(head))
    except OSError as error:
        raise errors.BadUsage(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise errors.BadUsage(f"{file} is no recording ({error}); kit serve --tape FILE writes one") from None
    for line in lines(tape):
        click.echo(line)
    if more:
        terminal.note(f"told are the first {len(tape):,} operations; the file holds more")
    if not text:
        digest = hashlib.sha256(tape.dumps().encode()).hexdigest()[:10]
        _keep(places.home() / "traces" / f"{file.stem}.{digest}.html", page(tape, file.name))


def _text(file: Path) -> str:
    try:
        source = work.read(file).decode()
        ast.parse(source)
    except SyntaxError as error:
        raise errors.Failed(f"{file}, line {error.lineno}: SyntaxError: {error.msg}") from None
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is 0x{error.object[error.start]:02x}"
        raise errors.BadUsage(f"{file} is not UTF-8 text: {found}") from None
    return source


def _write(name: Token, found: Replay) -> None:
    file = places.home() / "traces" / _name(name, found.source)
    failure = _failure(str(name), found)
    title = "" if failure else f"{found.exercise.title}: {found.check.title}"  # a failing page has its own
    _keep(file, page(found.tape, title, verdict=failure, source=found.source))


def _keep(file: Path, html: str) -> None:
    try:
        progress.write_whole(file, html)
    except OSError as error:
        terminal.note(f"the page could not be written to {file}: {error.strerror or error}")
    else:
        click.echo(f"As a page to step through: {terminal.place(file)}")


def _name(name: Token, source: str) -> str:
    """One file a schedule and submission; the choices as a digest, for a list may be longer than a file's name."""
    digest = hashlib.sha256(f"{name}\n{source}".encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{name.exercise}.{name.check}.{digest}.html"


def _failure(token: str, found: Replay) -> dict[str, Any] | None:
    """The failing form's part of a verdict; None where the rule holds. Which level it was of, a token does not know."""
    if found.message is None:
        return None
    check = {
        "id": found.check.id,
        "title": found.check.title,
        "passed": False,
        "message": found.message,
        "trace": token,
    }
    return {"exercise": found.exercise.id, "checks": [check], "trace": token}
