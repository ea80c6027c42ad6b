"""What is peculiar to a terminal: its width, its colours, a line that is written over.

Rules: a colour never stands without a word or a sign that says the same; text that others wrote (a learner's code, an
exception) is shown without control characters; without a terminal nothing is written over.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from pathlib import Path
from typing import Any, Self

import click

NARROWEST, WIDEST = 40, 100

# The kit's word for a colour (kit/views/verdict.py) → the terminal's.
COLOURS = {"hit": "green", "bad": "red", "miss": "yellow", "flow": "magenta", "none": None}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def width() -> int:
    """Columns to fill: the terminal's (or $COLUMNS), within reason."""
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def plain(text: str) -> str:
    """Foreign text without control characters: none of it may steer the terminal. Lines and tabs stay."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.expandtabs(4))


def wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    """Lines of at most `columns`, each behind `indent`; paragraphs stay apart, a long word is broken, and an indented
    line is code: it stays as it is."""
    found: list[str] = []
    for paragraph in plain(text).splitlines() or [""]:
        if paragraph.startswith("    "):
            found.append(indent + paragraph)
        else:
            found += textwrap.wrap(paragraph, columns, initial_indent=indent, subsequent_indent=indent) or [""]
    return found


def place(path: Path) -> str:
    """A path as one would type it here: relative below the current folder, else whole."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def note(text: str) -> None:
    """A sentence beside the result: on stderr, its first letter large, with a full stop."""
    sentence = text[:1].upper() + text[1:]
    click.echo(sentence if sentence.endswith((".", "?", ":")) else f"{sentence}.", err=True)


class Status:
    """One line on stderr that is written over while something runs; on anything but a terminal nothing is written."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.clear()

    def news(self, news: dict[str, Any]) -> None:
        """What the judge tells as the search goes on."""
        self.show(f"Your code runs: “{news['title']}”, schedule {news['schedule']:,}")

    def show(self, text: str) -> None:
        if self._terminal:
            room = shutil.get_terminal_size().columns - 1
            text = text if len(text) <= room else text[: room - 1] + "…"
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False
