"""Single keys from a terminal, and the same waits without one.

Rules: a key needs no Enter and is not shown; Ctrl-C stays an interrupt; the terminal is put back however it ends.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
from collections.abc import Iterator
from typing import Protocol


class Keyboard(Protocol):
    """there: whether anybody can press a key."""

    there: bool

    def key(self, within_s: float) -> str | None:
        """The next key, small; None if none came in that time; `q` once the terminal has gone."""
        ...

    def drop(self) -> None:
        """Forget what was typed so far."""
        ...


@contextlib.contextmanager
def keyboard() -> Iterator[Keyboard]:
    """The terminal on stdin for the length of the block; without one, only the waiting."""
    if not sys.stdin.isatty():
        yield _Nobody()
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield _Terminal(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


class _Terminal:
    there = True

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def key(self, within_s: float) -> str | None:
        ready, _, _ = select.select([self._descriptor], [], [], within_s)
        if not ready:
            return None
        try:
            pressed = os.read(self._descriptor, 1)
        except OSError:
            return "q"
        return pressed.decode("latin-1").lower() if pressed else "q"

    def drop(self) -> None:
        import termios

        termios.tcflush(self._descriptor, termios.TCIFLUSH)


class _Nobody:
    there = False

    def key(self, within_s: float) -> str | None:
        time.sleep(within_s)
        return None

    def drop(self) -> None:
        pass
