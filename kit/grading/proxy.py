"""The judge's side of a child: the four verbs of `Actors`, as frames, under limits of time.

limit_s is CPU time of the child for one step of a call; a silent child is ended after three times as much wall time.
Whatever ends a child (a limit, garbage on the channel, its own exit) becomes a `ChildEnded` with a sentence.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from kit.cache.clock import WallClock
from kit.grading.frames import FrameError, Wire, pack
from kit.real.child import Child, python_command, start_child
from kit.real.limits import Limits
from kit.world.actors import Submission
from kit.world.request import Request

_TICK_S = 0.05
_START_S = 20.0
_KINDS = frozenset(
    [
        "connect",
        "bytes",
        "read",
        "query",
        "execute",
        "begin",
        "commit",
        "rollback",
        "sleep",
        "acquire",
        "release",
        "spawn",
        "join",
        "answer",
        "raised",
        "ended",
    ]
)


class ChildEnded(Exception):
    """The child is gone. outcome: raised or timed_out; line: where the submission was last seen, if known."""

    def __init__(self, outcome: str, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.outcome, self.line = outcome, line


def start(limits: Limits | None = None) -> Child:
    """A child that waits for a submission."""
    return start_child(python_command("kit.grading.child"), env={}, limits=limits)


class ChildActors:
    """Actors of a submission in a child process."""

    def __init__(self, submission: Submission, *, limit_s: float, child: Child | None = None) -> None:
        self.limit_s = limit_s
        self.child = child or start()
        self._wire = Wire(self.child.channel)
        self._waiting = bytearray()
        self._clock = WallClock()
        self._line: int | None = None
        self._loading = True
        fields = {field.name: getattr(submission, field.name) for field in dataclasses.fields(submission)}
        fields["entries"] = {name: list(arguments) for name, arguments in submission.entries.items()}
        self.loaded: Request = self._exchange("load", fields)
        self._loading = False

    def begin(self, seed: int, shared: bool = False) -> None:
        self._waiting += pack("begin", seed, shared)

    def spawn(self, actor: str) -> None:
        self._waiting += pack("spawn", actor)

    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request:
        return self._exchange("call", actor, function, args, now)

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        return self._exchange("resume", actor, status, payload, now)

    def verify(self) -> tuple[str | None, int]:
        """What the submission changed in a module it imported, or None; and how many abandoned actors are kept."""
        changed, kept = self._exchange("verify").args
        return changed, kept

    def end(self) -> None:
        self.child.end()

    def _exchange(self, *frame: Any) -> Request:
        data = bytes(self._waiting) + pack(*frame)
        self._waiting.clear()
        try:
            self._wire.send(data)
            answer = self._receive()
        except FrameError as error:
            raise self._ended("raised", f"your code sent something that is no frame of ours: {error}") from None
        except (EOFError, OSError):
            raise self._ended("raised", self._vanished()) from None
        return self._request(answer)

    def _request(self, answer: list[Any]) -> Request:
        kind, rest = answer[0], answer[1:]
        if kind == "verified" and len(rest) == 2:
            return Request("verified", tuple(rest))
        if len(rest) != 3 or not isinstance(rest[0], list):
            raise self._ended("raised", f"your code sent a frame of its own making ({kind!r})")
        args, line, clock = rest
        self._line = line if isinstance(line, int) else self._line
        if kind == "oversized":
            raise self._ended("raised", f"a value is too large to leave your code: {args[0]}")
        if kind not in _KINDS and not (self._loading and kind == "ready"):
            raise self._ended("raised", f"your code sent a frame of its own making ({kind!r})")
        return Request(kind, tuple(args), line if isinstance(line, int) else None, bool(clock))

    def _receive(self) -> list[Any]:
        """The child's answer, looking at its time whenever it is slow."""
        frame = self._wire.receive(_TICK_S)
        if frame is not None:
            return frame
        begun, cpu = self._clock.monotonic_s(), self.child.cpu_s()
        while frame is None:
            frame = self._wire.receive(_TICK_S)
            wall = self._clock.monotonic_s() - begun
            if frame is None and self._loading and wall < _START_S:
                continue
            if frame is None and self.child.cpu_s() - cpu > self.limit_s:
                raise self._ended("timed_out", f"no answer after {self.limit_s:g} s of computing")
            if frame is None and wall > 3 * self.limit_s:
                raise self._ended(
                    "timed_out", f"no answer after {3 * self.limit_s:g} s: your code waits for something outside"
                )
        return frame

    def _vanished(self) -> str:
        status = self.child.exit_status
        if status is not None and status < 0:
            return f"your code's process was ended by signal {-status}"
        return "your code ended its own process (os._exit?)"

    def _ended(self, outcome: str, text: str) -> ChildEnded:
        self.child.end()
        return ChildEnded(outcome, text, self._line)
