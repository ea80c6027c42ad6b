"""A Runtime of real threads: what a strategy runs on outside a world.

Rules: the time comes from the `Clock` given, the generator from the caller; threads are daemons, so a strategy that
never ends does not keep the process. Leaves out: a pool; each task is a thread.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from kit.cache.clock import Clock
from kit.strategies.protocols import Lock

T = TypeVar("T")


class ThreadTask(Generic[T]):
    """A thread and, once it ended, its outcome: a value, or what was raised."""

    def __init__(self, function: Callable[..., T], args: tuple[Any, ...]) -> None:
        self._value: list[T] = []
        self._raised: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(function, args), daemon=True)
        self._thread.start()

    def result(self, timeout: float | None = None) -> T:
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(f"the task has not ended after {timeout} s")
        if self._raised is not None:
            raise self._raised
        return self._value[0]

    def done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self, function: Callable[..., T], args: tuple[Any, ...]) -> None:
        try:
            self._value.append(function(*args))
        except BaseException as error:  # also SystemExit: it belongs to whoever asks for the result
            self._raised = error


class ThreadRuntime:
    """Threads, the clock given, and a generator given (seed it for a run that can be repeated)."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self.random = rng

    def now(self) -> float:
        return self._clock.now_us() / 1_000_000

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def spawn(self, function: Callable[..., T], *args: Any) -> ThreadTask[T]:
        return ThreadTask(function, args)

    def lock(self) -> Lock:
        return threading.Lock()
