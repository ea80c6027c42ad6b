"""The judge's side of a child: the four verbs of `Actors`, as frames, under limits of time.

limit_s is CPU time of the child for one call, of which steps of a few milliseconds are not counted; a silent child is
ended after three times as much wall time. Whatever ends a child (a limit, garbage on the channel, its own exit) becomes
a `ChildEnded` with a sentence: nothing that it sends can be taken for a fault of ours.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

from kit.cache.clock import WallClock
from kit.grading.frames import FrameError, Wire, pack
from kit.real.child import Child, python_command, start_child
from kit.real.limits import Limits
from kit.world.actors import Submission
from kit.world.request import Request

_TICK_S = 0.05
_QUICK_S = 0.005
_START_S = 20.0
_LAST_BREATH_S = 1.0


def _whole_number(value: object) -> bool:
    return isinstance(value, int) and value >= 0


def _moment(value: object) -> bool:
    return value is None or _whole_number(value)


def _is(*kinds: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kinds)


def _params(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(name, str) for name in value)


# What a request may carry: one test for each of its arguments.
_FORMS: dict[str, tuple[Callable[[object], bool], ...]] = {
    "connect": (_is(bool),), "bytes": (_whole_number, _is(bytes)), "read": (_whole_number, _moment),
    "query": (_is(str), _params), "execute": (_is(str), _params), "begin": (), "commit": (), "rollback": (),
    "sleep": (_whole_number,), "acquire": (_whole_number, _is(bool), _moment), "release": (_whole_number,),
    "spawn": (), "join": (_is(str), _moment), "answer": (_is(object),), "raised": (_is(str), _is(str)), "ended": (),
}  # fmt: skip


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
        self._spent: dict[str, float] = {}  # CPU seconds of each actor's call
        self._cpu_seen = 0.0
        fields = {field.name: getattr(submission, field.name) for field in dataclasses.fields(submission)}
        fields["entries"] = {name: list(arguments) for name, arguments in submission.entries.items()}
        self.loaded: Request = self._exchange("load", fields)
        self._loading = False
        self._cpu_seen = self.child.cpu_s()

    def begin(self, seed: int, shared: bool = False) -> None:
        self._spent.clear()
        self._waiting += pack("begin", seed, shared)

    def spawn(self, actor: str) -> None:
        self._waiting += pack("spawn", actor)

    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request:
        self._spent[actor] = 0.0
        return self._exchange("call", actor, function, args, now)

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        return self._exchange("resume", actor, status, payload, now)

    def verify(self) -> tuple[str | None, int]:
        """What the submission changed in a module it imported, or None; and how many abandoned actors are kept."""
        changed, kept = self._exchange("verify", "").args
        return changed, kept

    def end(self) -> None:
        self.child.end()

    def _exchange(self, verb: str, about: Any, *rest: Any) -> Request:
        """One frame and its answer; about: the actor, or the submission that is loaded."""
        actor = about if isinstance(about, str) else ""
        try:
            data = bytes(self._waiting) + pack(verb, about, *rest)
        except FrameError as error:
            raise self._ended("raised", f"more than can be handed to your code at once: {error}") from None
        self._waiting.clear()
        try:
            self._wire.send(data, _START_S if self._loading else 3 * self.limit_s)
            answer = self._receive(actor)
        except FrameError as error:
            raise self._ended("raised", f"your code sent something that is no frame of ours: {error}") from None
        except TimeoutError:
            raise self._ended("timed_out", "your code does not listen any more") from None
        except (EOFError, OSError):
            raise self._ended("raised", self._vanished()) from None
        return self._request(verb, actor, answer)

    def _request(self, verb: str, actor: str, answer: list[Any]) -> Request:
        """A frame as a request, if it is one that this verb and this actor may be answered with."""
        kind, rest = answer[0], answer[1:]
        if verb == "verify":
            if kind == "verified" and len(rest) == 2 and _is(str, type(None))(rest[0]) and _whole_number(rest[1]):
                return Request("verified", tuple(rest))
            raise self._foreign(kind)
        if len(rest) != 3 or not isinstance(rest[0], list):
            raise self._foreign(kind)
        args, line, clock = rest
        self._line = line if isinstance(line, int) else self._line
        if kind == "oversized":
            raise self._ended("raised", f"a value is too large to leave your code: {' '.join(map(str, args))}")
        if self._loading:
            allowed = kind in ("ready", "raised")
        else:  # a thread ends without an answer, a call with one
            allowed = kind in _FORMS and ("/" in actor or kind != "ended")
            allowed = allowed and ("/" not in actor or kind not in ("answer", "raised"))
        form = _FORMS.get(kind, ())
        if not allowed or len(args) != len(form) or not all(test(one) for test, one in zip(form, args, strict=True)):
            raise self._foreign(kind)
        return Request(kind, tuple(args), line if isinstance(line, int) else None, bool(clock))

    def _receive(self, actor: str) -> list[Any]:
        """The child's answer, looking at its time whenever it is slow."""
        begun = self._clock.monotonic_s()
        frame = self._wire.receive(_TICK_S)
        wall = self._clock.monotonic_s() - begun
        if frame is not None and (wall < _QUICK_S or self._loading):
            return frame
        counted = 0.0
        while True:
            # The CPU's clock was last read some quick steps ago, which are not this one's.
            cpu = self.child.cpu_s()
            used = min(cpu - self._cpu_seen, wall - counted)
            self._cpu_seen, counted = cpu, wall
            self._spent[actor] = self._spent.get(actor, 0.0) + used
            if not (self._loading and wall < _START_S):
                self._hold_to_limits(actor, wall)
            if frame is not None:
                return frame
            frame = self._wire.receive(_TICK_S)
            wall = self._clock.monotonic_s() - begun

    def _hold_to_limits(self, actor: str, wall: float) -> None:
        spent = self._spent.get(actor, 0.0)
        if spent > self.limit_s:
            raise self._ended("timed_out", f"no answer after {self.limit_s:g} s of computing")
        if wall > 3 * self.limit_s:
            why = "goes on computing" if spent > self.limit_s / 4 else "waits for something outside"
            raise self._ended("timed_out", f"no answer after {3 * self.limit_s:g} s: your code {why}")

    def _vanished(self) -> str:
        """Why the channel has an end; the process itself may take a moment longer."""
        begun = self._clock.monotonic_s()
        while (status := self.child.exit_status) is None and self._clock.monotonic_s() - begun < _LAST_BREATH_S:
            time.sleep(0.005)
        if status is None:
            return "your code closed the channel to the judge"
        if status < 0:
            return f"your code's process was ended by signal {-status}"
        return "your code ended its own process (os._exit?)"

    def _foreign(self, kind: str) -> ChildEnded:
        return self._ended("raised", f"your code sent a frame of its own making ({kind[:40]!r})")

    def _ended(self, outcome: str, text: str) -> ChildEnded:
        self.child.end()
        return ChildEnded(outcome, text, self._line)
