"""`threading` as an actor sees it: locks and threads of the world, so that every wait is a step on the tape.

A real lock held across a switch would stop the whole process, and a real RLock excludes nobody between greenlets of
one thread. Two primitives are asked of the world, `acquire` and `release`; the rest is built on them as the standard
library builds it. Leaves out: Barrier, Timer, excepthook, trace functions.
"""

from __future__ import annotations

import threading as real
from collections import deque
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol


class Threads(Protocol):
    """What this module needs of the actors' side."""

    def ask(self, kind: str, *args: Any) -> Any: ...
    def now_us(self) -> int: ...
    def thread_name(self) -> str: ...
    def new_lock(self) -> int: ...
    def start_thread(self, target: Callable[[], None]) -> str: ...
    def inside(self) -> bool: ...
    def left(self) -> None: ...
    def process(self) -> Any: ...


def _microseconds(timeout: float | None) -> int | None:
    return None if timeout is None or timeout < 0 else round(timeout * 1_000_000)


class _Bound:
    """What the classes of one module share: whom they ask, and the module itself. `build` binds them."""

    _hub: Threads
    _module: Any


class Lock(_Bound):
    def __init__(self) -> None:
        self._id = self._hub.new_lock()
        self._owner: str | None = None
        self._process = self._hub.process()

    def _is_left(self) -> bool:
        """A destructor speaks for a process that is gone, in anybody's turn: nobody can be waiting."""
        if self._hub.inside() and not (self._process is not None and self._process.dead):
            return False
        self._hub.left()
        return True

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._is_left():
            return True
        got: bool = self._hub.ask("acquire", self._id, bool(blocking), _microseconds(timeout) if blocking else 0)
        if got:
            self._owner = self._hub.thread_name()
        return got

    def release(self) -> None:
        if self._is_left():
            return
        if self._owner is None:
            raise RuntimeError("release unlocked lock")
        self._owner = None
        self._hub.ask("release", self._id)

    def locked(self) -> bool:
        return self._owner is not None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class RLock(Lock):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._owner == self._hub.thread_name():
            self._depth += 1
            return True
        if got := super().acquire(blocking, timeout):
            self._depth = 1
        return got

    def release(self) -> None:
        if self._owner != self._hub.thread_name():
            raise RuntimeError("cannot release un-acquired lock")
        self._depth -= 1
        if not self._depth:
            super().release()


class Condition(_Bound):
    def __init__(self, lock: Any = None) -> None:
        self._lock = lock if lock is not None else self._module.RLock()
        self._waiters: deque[Lock] = deque()
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __enter__(self) -> bool:
        return bool(self._lock.__enter__())

    def __exit__(self, *exc: object) -> None:
        self._lock.__exit__(*exc)

    def wait(self, timeout: float | None = None) -> bool:
        depth = getattr(self._lock, "_depth", 1)
        gate = self._module.Lock()
        gate.acquire()
        self._waiters.append(gate)
        if depth > 1:
            self._lock._depth = 1
        self._lock.release()
        got: bool = gate.acquire(True, -1 if timeout is None else max(timeout, 0))
        if not got and gate in self._waiters:
            self._waiters.remove(gate)
        self._lock.acquire()
        if depth > 1:
            self._lock._depth = depth
        return got

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        end = None if timeout is None else self._hub.now_us() + round(timeout * 1_000_000)
        while not (result := predicate()):
            left = None if end is None else (end - self._hub.now_us()) / 1_000_000
            if left is not None and left <= 0:
                return predicate()
            self.wait(left)
        return result

    def notify(self, n: int = 1) -> None:
        for _ in range(min(n, len(self._waiters))):
            self._waiters.popleft().release()

    def notify_all(self) -> None:
        self.notify(len(self._waiters))


class Event(_Bound):
    def __init__(self) -> None:
        self._condition = self._module.Condition(self._module.Lock())
        self._flag = False

    def is_set(self) -> bool:
        return self._flag

    def set(self) -> None:
        with self._condition:
            self._flag = True
            self._condition.notify_all()

    def clear(self) -> None:
        self._flag = False

    def wait(self, timeout: float | None = None) -> bool:
        with self._condition:
            return self._flag or bool(self._condition.wait(timeout)) or self._flag


class Semaphore(_Bound):
    def __init__(self, value: int = 1) -> None:
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._condition = self._module.Condition(self._module.Lock())
        self._value = value

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        with self._condition:
            if not blocking and not self._value:
                return False
            if not self._condition.wait_for(lambda: self._value, timeout):
                return False
            self._value -= 1
            return True

    def release(self, n: int = 1) -> None:
        with self._condition:
            self._value += n
            self._condition.notify(n)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Thread(_Bound):
    def __init__(
        self, group: None = None, target: Callable[..., Any] | None = None, name: str | None = None,
        args: Any = (), kwargs: dict[str, Any] | None = None, *, daemon: bool | None = None,
    ) -> None:  # fmt: skip
        self._target, self._args, self._kwargs = target, tuple(args), dict(kwargs or {})
        self.name, self.daemon, self._actor = name or "Thread", bool(daemon), ""
        self._alive = False
        self._number = self._hub.new_lock()

    def __hash__(self) -> int:
        return self._number  # not its address: a pool joins a set of threads, in the order of their hashes

    @property
    def ident(self) -> int | None:
        return hash(self._actor) if self._actor else None

    def start(self) -> None:
        if self._actor:
            raise RuntimeError("threads can only be started once")
        self._alive = True
        self._actor = self._hub.start_thread(self._bootstrap)

    def _bootstrap(self) -> None:
        try:
            self.run()
        finally:
            self._alive = False

    def run(self) -> None:
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def join(self, timeout: float | None = None) -> None:
        if not self._actor:
            raise RuntimeError("cannot join thread before it is started")
        self._hub.ask("join", self._actor, _microseconds(timeout))

    def is_alive(self) -> bool:
        return self._alive


class Local(_Bound):
    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        try:
            return _own(self)[name]
        except KeyError:
            raise AttributeError(f"'local' object has no attribute {name!r}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        _own(self)[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del _own(self)[name]
        except KeyError:
            raise AttributeError(f"'local' object has no attribute {name!r}") from None


class Current(_Bound):
    """The thread that asks, as `current_thread()` gives it."""

    daemon = False

    def __init__(self) -> None:
        self.name = self._hub.thread_name()
        self.ident = _ident(self._hub)

    def is_alive(self) -> bool:
        return True


class BoundedSemaphore(Semaphore):
    def __init__(self, value: int = 1) -> None:
        super().__init__(value)
        self._most = value

    def release(self, n: int = 1) -> None:
        if self._value + n > self._most:
            raise ValueError("Semaphore released too many times")
        super().release(n)


def _own(local: Local) -> dict[str, Any]:
    """The attributes that the thread which asks has set."""
    of_all: dict[str, dict[str, Any]] = object.__getattribute__(local, "__dict__")
    hub: Threads = object.__getattribute__(local, "_hub")
    return of_all.setdefault(hub.thread_name(), {})


def _ident(hub: Threads) -> int:
    # Not Python's hash of a text: that differs between processes.
    return int.from_bytes(hub.thread_name().encode()[-6:], "big")


_NAMES: dict[str, type[_Bound]] = {
    "Lock": Lock,
    "RLock": RLock,
    "Condition": Condition,
    "Event": Event,
    "Semaphore": Semaphore,
    "BoundedSemaphore": BoundedSemaphore,
    "Thread": Thread,
    "local": Local,
    "current_thread": Current,
    "main_thread": Current,
}


def build(hub: Threads) -> ModuleType:
    """A module named `threading` whose waits go through `hub`."""
    module = ModuleType("threading", "Locks and threads of the world.")
    for name, unbound in _NAMES.items():
        setattr(module, name, type(unbound.__name__, (unbound,), {"_hub": hub, "_module": module}))
    module.__dict__.update(
        get_ident=lambda: _ident(hub), get_native_id=lambda: _ident(hub), TIMEOUT_MAX=real.TIMEOUT_MAX,
        ThreadError=RuntimeError, _register_atexit=lambda *_: None, active_count=lambda: 1,
    )  # fmt: skip
    return module
