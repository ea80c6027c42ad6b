"""The desk: verdicts for a notebook, judged in a process of its own, with a child that stands ready.

The judge's process answers one JSON line a question and writes a JSON line of news now and then; stopping a check ends
that process and everything it started.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from kit.grading import exercise, judge
from kit.grading.apart import pair
from kit.real.child import python_command
from kit.real.supervisor import Supervised, clean_environment, start

Progress = Callable[[dict[str, Any]], None]


class Stopped(Exception):
    """The check was stopped, or its process ended without a verdict."""


class Desk:
    """Asks for verdicts. One check at a time; `stop` may be called from another thread."""

    def __init__(self) -> None:
        self._process: Supervised | None = None
        self._channel: socket.socket | None = None

    def warm(self) -> None:
        """Start the judge's process, so that the first verdict is as quick as the next."""
        if self._process is None or not self._process.alive():
            ours, theirs = socket.socketpair()
            with theirs:
                env = clean_environment(
                    KIT_CHANNEL_FD=str(theirs.fileno()),
                    **{name: os.environ[name] for name in ("KIT_HOME", "KIT_DATA", "KIT_CHECKS") if name in os.environ},
                )
                self._process = start(python_command("kit.grading.service"), env=env, keep=[theirs.fileno()])
            self._channel = ours

    def check(
        self, ident: str, source: str, *, seed: int = 0, previous: str | None = None, progress: Progress | None = None
    ) -> dict[str, Any]:
        """The object of `--json`. Raises Stopped, ExerciseError (before anything starts)."""
        exercise.load(ident)
        self.warm()
        assert self._channel is not None
        question = {"exercise": ident, "source": source, "seed": seed, "previous": previous}
        try:
            self._channel.sendall(json.dumps(question).encode() + b"\n")
            for line in self._channel.makefile("r", encoding="utf-8"):
                news: dict[str, Any] = json.loads(line)
                if "outcome" in news:
                    return news
                if progress is not None:
                    progress(news)
        except (OSError, ValueError):
            pass
        self.stop()
        raise Stopped("the check was stopped before it had a verdict")

    def stop(self) -> None:
        """End the judge's process, whatever it does; the next check starts another."""
        process, self._process = self._process, None
        channel, self._channel = self._channel, None
        if process is not None:
            process.end()
        if channel is not None:
            with suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            channel.close()


def main() -> None:
    """Serve the desk at the other end of KIT_CHANNEL_FD until it hangs up."""
    channel = socket.socket(fileno=int(os.environ.pop("KIT_CHANNEL_FD")))
    ready = pair()
    with suppress(OSError):
        for line in channel.makefile("r", encoding="utf-8"):
            question = json.loads(line)

            def tell(news: dict[str, Any]) -> None:
                channel.sendall(json.dumps(news).encode() + b"\n")

            verdict = judge.check(
                exercise.load(question["exercise"]), question["source"], seed=question["seed"],
                previous=question["previous"], watch=tell, children=ready,
            )  # fmt: skip
            tell(verdict)
            ready = pair()
    for child in ready:
        child.end()
