"""`kit watch [ID]`: judge the learner's file at each save, with keys for the rest.

Rules: a save counts once the file has stood still for a moment (an editor may write it in two steps, or write another
and rename it); what is saved during a check is checked after it, what is typed during one is dropped; without a
terminal it watches all the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import click

from kit.cache.clock import Clock, WallClock
from kit.cli import errors, hint, listing, reset, shelf, terminal
from kit.cli.check import made, show
from kit.cli.judging import Order, judged
from kit.cli.keyboard import Keyboard, keyboard
from kit.grading import progress, work
from kit.grading.apart import pair
from kit.grading.exercise import Exercise
from kit.grading.work import WorkError
from kit.real.child import Child

POLL_S = 0.1
SETTLED_US = 150_000
KEYS = "n next · r run · h hint · l list · x reset · q quit"


@click.command("watch")
@click.argument("ident", metavar="[ID]", required=False)
def command(ident: str | None) -> None:
    """Judge your code of the exercise ID (default: the next one) each time you save it. Keys: n next, r run, h hint,
    l list, x reset, q quit; Ctrl-C ends it too."""
    if problem := progress.mend():
        terminal.note(problem)
    exercise = errors.exercise(ident) if ident else shelf.next_one()
    if exercise is None:
        click.echo(listing.the_end())
        return
    with contextlib.closing(Bench()) as bench, keyboard() as keys:
        Watch(exercise, bench, keys, WallClock()).run()


class Verbs(Protocol):
    """What a watch does with an exercise."""

    def check(self, exercise: Exercise) -> None: ...
    def hint(self, exercise: Exercise) -> None: ...
    def list(self) -> None: ...
    def reset(self, exercise: Exercise) -> None: ...
    def following(self, exercise: Exercise) -> Exercise | None: ...


class Watch:
    """The loop. It ends at `q`, or when the keyboard has gone."""

    def __init__(
        self, exercise: Exercise, verbs: Verbs, keys: Keyboard, clock: Clock, say: Callable[[str], None] = click.echo
    ) -> None:
        self._verbs, self._keys, self._clock, self._say = verbs, keys, clock, say
        self._exercise = exercise
        self._judged = self._seen = signature(work.path(exercise))
        self._since_us = 0
        self._does: dict[str, Callable[[], None]] = {
            "n": self._next, "r": self._check, "h": self._hint, "l": self._list, "x": self._reset,
        }  # fmt: skip

    def run(self) -> None:
        """Check once, then at each save and at each key."""
        self._check()
        while (key := self._keys.key(POLL_S)) != "q":
            if key in self._does:
                self._does[key]()
            elif self._saved():
                self._check()

    def _saved(self) -> bool:
        """Whether the file differs from the one last judged, is there, and has stood still."""
        now = signature(work.path(self._exercise))
        if now != self._seen:
            self._seen, self._since_us = now, self._clock.now_us()
        settled = self._clock.now_us() - self._since_us >= SETTLED_US
        return now is not None and now != self._judged and settled

    def _check(self) -> None:
        self._refused(lambda: made(self._exercise))
        self._judged = self._seen = signature(work.path(self._exercise))
        self._refused(lambda: self._verbs.check(self._exercise))
        self._keys.drop()
        self._bar()

    def _next(self) -> None:
        following = self._verbs.following(self._exercise)
        if following is None:
            self._say(listing.the_end() if shelf.next_one() is None else "No other one is left; this one is.")
            return
        self._exercise = following
        self._check()

    def _hint(self) -> None:
        self._verbs.hint(self._exercise)
        self._bar()

    def _list(self) -> None:
        self._verbs.list()
        self._bar()

    def _reset(self) -> None:
        self._refused(lambda: self._verbs.reset(self._exercise))
        self._judged = self._seen = signature(work.path(self._exercise))
        self._bar()

    def _refused(self, does: Callable[[], None]) -> None:
        """Do it; a file that is refused is a sentence here, for the next save may mend it."""
        try:
            does()
        except WorkError as error:
            terminal.note(str(error))

    def _bar(self) -> None:
        file = terminal.place(work.path(self._exercise))
        keys = KEYS if self._keys.there else "Ctrl-C ends it"
        self._say(f"Watching {file} · {keys}\n")


class Bench:
    """The verbs as they are, with a child that stands ready for the next save."""

    def __init__(self) -> None:
        self._spare: tuple[Child, Child] | None = None

    def check(self, exercise: Exercise) -> None:
        order = Order(exercise, work.read(work.path(exercise)))
        spare, self._spare = self._spare, None
        show(order, judged(order, spare), work.path(exercise))
        self._spare = pair()

    def hint(self, exercise: Exercise) -> None:
        for line in hint.shown(exercise, terminal.width()):
            click.echo(line)

    def list(self) -> None:
        for line in listing.table(terminal.width()):
            click.echo(line)

    def reset(self, exercise: Exercise) -> None:
        click.echo(reset.done(exercise))

    def following(self, exercise: Exercise) -> Exercise | None:
        return shelf.next_one(exercise.id)

    def close(self) -> None:
        for child in self._spare or ():
            child.end()
        self._spare = None


def signature(file: Path) -> tuple[int, int, int] | None:
    """What differs after a save; None while nothing stands there. Links are not followed: one in the file's place is
    a change."""
    try:
        status = file.lstat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
