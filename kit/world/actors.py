"""Actors: plain synchronous code as greenlets, each a process of its own on the world's clock.

One implementation of the four verbs of `request.Actors`; a lesson calls it directly, a judge's child puts it behind
frames. Rules: the submission's module is executed afresh for every actor and schedule; one actor runs at a time; an
abandoned greenlet is never dropped (greenlet would throw into it at garbage collection, in anybody's turn).
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from types import CodeType, FrameType, ModuleType
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from kit.world import clients, hidden, modules
from kit.world.database import Database
from kit.world.modules import Watch
from kit.world.request import Request, plain

_PATIENCE = 50  # requests of code that was told to end and did not
# What was told to end and did not: never dropped, for greenlet would throw into it again, in anybody's turn.
_FOR_EVER: list[greenlet] = []

CLIENT_NAMES = ("cache", "replica", "db")


@dataclass(frozen=True)
class Submission:
    """Code whose functions are called. entries: function → its arguments; client: one of `clients.NAMES`.

    Either `source` is executed for every actor, or `functions` are called as they are (a lesson's own).
    protocol: RESP 2 or 3, where the client speaks it.
    """

    source: str = ""
    filename: str = "submission.py"
    entries: Mapping[str, Sequence[str]] = field(default_factory=dict)
    client: str = "redis"
    protocol: int = 3
    functions: Mapping[str, Callable[..., Any]] | None = None


class Process:
    """What dies together: a module's namespace, clients, threads, a stream of random numbers."""

    __slots__ = ("cache", "db", "dead", "locks", "name", "namespace", "number", "seed", "stream")

    def __init__(self, name: str, number: int, seed: int) -> None:
        self.name, self.number, self.seed = name, number, seed
        self.dead = False
        self.namespace: dict[str, Any] | None = None
        self.cache: Any = None
        self.db: Database | None = None
        self.stream: Random | None = None
        self.locks = 0


@dataclass(slots=True)
class _Thread:
    name: str
    process: Process
    body: greenlet


class LocalActors:
    """The actors of one submission in this process.

    throw: whether abandoned greenlets are thrown into once (in a lesson) or kept for ever (in a child, which leaves by
    `os._exit`); watch: told of each module that the submission imports.
    """

    def __init__(self, submission: Submission, *, throw: bool = True, watch: Watch | None = None) -> None:
        self.submission = submission
        self.kept: list[greenlet] = []
        self.preparing = False
        self._throw = throw
        self._home = threading.get_ident()
        self._now = 0
        self._patience = _PATIENCE
        self._clock = False
        self._seed, self._shared = 0, False
        self._current: _Thread | None = None
        self._threads: dict[str, _Thread] = {}
        self._processes: dict[str, Process] = {}
        self._common: dict[str, Any] | None = None
        self.virtual: dict[str, ModuleType] = modules.build(self)
        if watch is not None:
            for name, module in self.virtual.items():
                watch.add(name, module)
        self._builtins = vars(builtins) | {"__import__": modules.importer(self.virtual, watch)}
        self._code = self._compile(submission)
        hidden.rebind(submission.client, self.virtual, self.inside)
        self._clients = clients.make(submission.client, self, submission.protocol)

    # The four verbs

    def begin(self, seed: int, shared: bool = False) -> None:
        """Forget the last schedule: whoever has not ended is abandoned."""
        for thread in self._threads.values():
            thread.process.dead = True
            if not thread.body.dead:
                self._abandon(thread)
        self._threads.clear()
        self._processes.clear()
        self._seed, self._shared, self._common = seed, shared, None

    def spawn(self, actor: str) -> None:
        """A new process named `actor`; its code runs at its first call."""
        self._processes[actor] = Process(actor, len(self._processes), self._seed)

    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request:
        """Start `function(cache, db, *args)` in the process `actor`, up to its first request."""
        process = self._processes[actor]
        body = greenlet(lambda: self._run(process, function, args))
        self._threads[actor] = thread = _Thread(actor, process, body)
        return self._switch(thread, now)

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        """Give `actor` the outcome of its request; returns its next one."""
        return self._switch(self._threads[actor], now, (status, payload))

    # What the client side asks

    def ask(self, kind: str, *args: Any) -> Any:
        """A request whose outcome is a value. Raises ConnectionRefusedError, TimeoutError or the store's own error."""
        status, payload = self.exchange(kind, *args)
        if status == "ok":
            return payload
        if status == "refused":
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        if status == "raised":
            name, text = payload
            raise getattr(sqlite3, name, RuntimeError)(text)
        raise TimeoutError("timed out") if status == "lost" else BrokenPipeError(errno.EPIPE, "Broken pipe")

    def exchange(self, kind: str, *args: Any) -> tuple[str, Any]:
        """A request and its outcome, status and payload. Raises BrokenPipeError where no actor may ask."""
        thread = self._current
        if thread is None or thread.process.dead or threading.get_ident() != self._home:
            self.left()
            raise BrokenPipeError(errno.EPIPE, "only a process of the world that is alive can reach it")
        request = Request(kind, args, self._line(), self._clock)
        self._clock = False
        outcome: tuple[str, Any] = thread.body.parent.switch(request)
        return outcome

    def left(self) -> None:
        """Asked by code of an abandoned process: some `finally` may ask, what never ends is suspended for good."""
        here = getcurrent()
        if self._current is None and here.parent is not None and threading.get_ident() == self._home:
            self._patience -= 1
            if self._patience < 0:
                here.parent.switch(None)

    def inside(self) -> bool:
        """Whether the code that runs is an actor's."""
        return (
            self._current is not None
            and not self._current.process.dead
            and getcurrent() is self._current.body
            and threading.get_ident() == self._home
        )

    def process(self) -> Process | None:
        """The process that runs; None outside of an actor."""
        return self._current.process if self._current is not None else None

    def now_us(self) -> int:
        self._clock = True
        return self._now

    def stream(self) -> Random:
        process = self._running()
        if process.stream is None:
            process.stream = Random(f"{process.seed}/{process.name}")
        return process.stream

    def process_id(self) -> int:
        return 1_000 + self._running().number

    def thread_name(self) -> str:
        return self._current.name if self._current is not None else ""

    def new_lock(self) -> int:
        process = self._running()
        process.locks += 1
        return process.locks

    def start_thread(self, target: Callable[[], None]) -> str:
        """Ask the world for a name and keep the thread ready: it starts when the world resumes it."""
        process = self._running()
        parent = getcurrent().parent

        def run() -> Request:
            try:
                target()
            except GreenletExit:
                raise
            except BaseException:
                traceback.print_exc()
            return Request("ended", clock=self._take_clock())

        name: str = self.ask("spawn")
        self._threads[name] = _Thread(name, process, greenlet(lambda *_: run(), parent))
        return name

    # Inside

    def _running(self) -> Process:
        process = self.process()
        return process if process is not None else Process("nobody", 0, self._seed)

    def _switch(self, thread: _Thread, now: int, outcome: Any = None) -> Request:
        self._now = now
        self._current = thread
        try:
            request: Request = thread.body.switch(*(() if outcome is None else (outcome,)))
        finally:
            self._current = None
        return request

    def _run(self, process: Process, function: str, args: list[Any]) -> Request:
        """The body of one call: what it answered, or what it raised."""
        try:
            entry = self._entry(process, function)
            answer = entry(*self._arguments(process, function), *args)
            return Request("answer", (plain(answer),), None, self._take_clock())
        except GreenletExit:
            raise
        except BaseException as error:
            return self._raised(error)

    def _raised(self, error: BaseException) -> Request:
        line = None
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename == self.submission.filename:
                line = number
        if isinstance(error, SyntaxError) and error.filename == self.submission.filename:
            line = error.lineno
        try:
            text = str(error)[:2_000]
        except Exception:
            text = ""
        return Request("raised", (type(error).__name__, text), line, self._take_clock())

    def _entry(self, process: Process, function: str) -> Callable[..., Any]:
        if self.submission.functions is not None:
            return self.submission.functions[function]
        if process.namespace is None:
            process.namespace = self._namespace()
        entry = process.namespace.get(function)
        if not callable(entry):
            raise NameError(f"the file defines no function {function}()")
        found: Callable[..., Any] = entry
        return found

    def _namespace(self) -> dict[str, Any]:
        if self._shared and self._common is not None:
            return self._common
        namespace: dict[str, Any] = {"__builtins__": dict(self._builtins), "__name__": "submission"}
        if self._code is not None:
            exec(self._code, namespace)
        self._common = namespace if self._shared else None
        return namespace

    def _arguments(self, process: Process, function: str) -> list[Any]:
        names = self.submission.entries.get(function, ("cache", "db"))
        return [self._client(process, name) for name in names if name in CLIENT_NAMES]

    def _client(self, process: Process, name: str) -> Any:
        if name == "db":
            process.db = process.db or Database(self)
            return process.db
        if process.cache is None:
            if self._clients is None:
                raise TypeError(f"this exercise has no cache, so its functions are not given one: {name!r}")
            self.preparing = True
            try:
                process.cache = self._clients.client(process)
            finally:
                self.preparing = False
        return process.cache

    @staticmethod
    def _compile(submission: Submission) -> CodeType | None:
        if submission.functions is not None:
            return None
        return compile(submission.source, submission.filename, "exec", dont_inherit=True)

    def _line(self) -> int | None:
        """The line of the submission at which the actor stands."""
        filename = self.submission.filename
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename == filename:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def _take_clock(self) -> bool:
        read, self._clock = self._clock, False
        return read

    def _abandon(self, thread: _Thread) -> None:
        """In a lesson: throw once (`finally` runs, its sockets refuse); keep whatever does not end."""
        if self._clients is not None:
            self._clients.forget(thread.process)
        if self._throw and thread.body:
            self._patience = _PATIENCE
            with contextlib.suppress(BaseException):
                thread.body.throw(GreenletExit)
            if not thread.body.dead:
                _FOR_EVER.append(thread.body)
        if not thread.body.dead:
            self.kept.append(thread.body)
