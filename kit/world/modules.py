"""What a submission gets when it imports `time`, `random`, `threading` and their kin: the world's own modules.

Its namespace has its own `__import__`; nothing is patched globally, nobody else sees these modules. Time is the world's
clock; random, uuid, secrets and os.urandom are streams seeded by (seed, actor); `os.getpid` is the actor's.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime as real_datetime
import importlib.util
import logging
import os as real_os
import random as real_random
import secrets as real_secrets
import time as real_time
import uuid as real_uuid
from collections.abc import Callable
from functools import cache
from types import CodeType, ModuleType
from typing import Any, Protocol

from kit.world import locks


class Hub(locks.Threads, Protocol):
    """The actors' side as these modules see it."""

    def stream(self) -> real_random.Random: ...
    def process_id(self) -> int: ...


class Watch(Protocol):
    """Whoever wants to know what a submission imports."""

    def remember(self, name: str) -> None: ...
    def add(self, name: str, module: ModuleType) -> None: ...


def build(hub: Hub) -> dict[str, ModuleType]:
    """The world's modules by name."""
    modules = {
        "time": _time(hub), "datetime": _datetime(hub), "random": _random(hub), "uuid": _uuid(hub),
        "secrets": _secrets(hub), "os": _os(hub), "threading": locks.build(hub),
    }  # fmt: skip
    # Pure Python of the standard library, executed again over the modules above.
    for name in ("queue", "concurrent.futures._base"):
        modules[name] = _again(name, modules)
    modules["concurrent.futures"] = _futures(hub, modules)
    modules["concurrent"] = ModuleType("concurrent")
    modules["concurrent"].futures = modules["concurrent.futures"]  # type: ignore[attr-defined]
    return modules


def importer(
    modules: dict[str, ModuleType], watch: Watch | None = None, *, library: bool = False
) -> Callable[..., ModuleType]:
    """An `__import__` that answers with the world's modules, and with everybody's otherwise.

    watch: told of the others; library: for the standard library's own sources, whose C shortcuts are hidden.
    """

    def import_(
        name: str, globals: Any = None, locals: Any = None, fromlist: tuple[str, ...] = (), level: int = 0
    ) -> ModuleType:
        if level == 0 and name in modules:
            return modules[name] if fromlist or "." not in name else modules[name.partition(".")[0]]
        if library and name == "_queue":
            raise ImportError("the C queue would wait on a real lock")
        module = builtins.__import__(name, globals, locals, fromlist, level)
        if watch is not None and level == 0:
            watch.remember(name)
        return module

    return import_


def _copy(source: ModuleType, **changed: Any) -> ModuleType:
    module = ModuleType(source.__name__, source.__doc__)
    module.__dict__.update({key: value for key, value in vars(source).items() if not key.startswith("__")})
    module.__dict__.update(changed)
    return module


def _time(hub: Hub) -> ModuleType:
    def sleep(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        hub.ask("sleep", round(seconds * 1_000_000))

    def now_ns() -> int:
        return hub.now_us() * 1_000

    def now() -> float:
        return hub.now_us() / 1_000_000

    def gmtime(seconds: float | None = None) -> real_time.struct_time:
        return real_time.gmtime(now() if seconds is None else seconds)

    def strftime(form: str, moment: Any = None) -> str:
        return real_time.strftime(form, gmtime() if moment is None else moment)

    clocks = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
    changed: dict[str, Any] = dict.fromkeys(clocks, now) | {f"{name}_ns": now_ns for name in clocks}
    changed |= {
        "sleep": sleep, "gmtime": gmtime, "localtime": gmtime, "strftime": strftime, "clock_gettime": lambda _: now(),
        "clock_gettime_ns": lambda _: now_ns(), "ctime": lambda seconds=None: real_time.asctime(gmtime(seconds)),
    }  # fmt: skip
    return _copy(real_time, **changed)


def _datetime(hub: Hub) -> ModuleType:
    utc = real_datetime.UTC

    class datetime(real_datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            moment = cls.fromtimestamp(hub.now_us() / 1_000_000, tz or utc)
            return moment if tz else moment.replace(tzinfo=None)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now()

        today = utcnow

    class date(real_datetime.date):
        @classmethod
        def today(cls) -> Any:
            moment = datetime.now()
            return cls(moment.year, moment.month, moment.day)

    return _copy(real_datetime, datetime=datetime, date=date)


def _random(hub: Hub) -> ModuleType:
    class Random(real_random.Random):
        def __init__(self, x: Any = None) -> None:
            super().__init__(hub.stream().getrandbits(64) if x is None else x)

    class SystemRandom(Random):
        def seed(self, *args: Any, **kwargs: Any) -> None:
            real_random.Random.seed(self, hub.stream().getrandbits(64))

    def bound(name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: getattr(hub.stream(), name)(*args, **kwargs)

    methods = {name: bound(name) for name in real_random.__all__ if hasattr(real_random.Random, name)}
    return _copy(real_random, Random=Random, SystemRandom=SystemRandom, **methods)


def _uuid(hub: Hub) -> ModuleType:
    def of_version(version: int) -> real_uuid.UUID:
        return real_uuid.UUID(int=hub.stream().getrandbits(128), version=version)

    return _copy(
        real_uuid, uuid1=lambda *_, **__: of_version(1), uuid4=lambda: of_version(4),
        getnode=lambda: hub.stream().getrandbits(48),
    )  # fmt: skip


def _secrets(hub: Hub) -> ModuleType:
    def token_bytes(count: int | None = None) -> bytes:
        return hub.stream().randbytes(32 if count is None else count)

    def token_urlsafe(count: int | None = None) -> str:
        import base64

        return base64.urlsafe_b64encode(token_bytes(count)).rstrip(b"=").decode()

    return _copy(
        real_secrets, token_bytes=token_bytes, token_hex=lambda count=None: token_bytes(count).hex(),
        token_urlsafe=token_urlsafe, randbelow=lambda limit: hub.stream().randrange(limit),
        randbits=lambda bits: hub.stream().getrandbits(bits), choice=lambda items: hub.stream().choice(items),
    )  # fmt: skip


def _os(hub: Hub) -> ModuleType:
    module = _copy(real_os, urandom=lambda count: hub.stream().randbytes(count), getpid=lambda: hub.process_id())
    # concurrent.futures would register its lock to be held around a fork.
    module.__dict__.pop("register_at_fork", None)
    return module


@cache
def _code(name: str) -> CodeType:
    """A standard module's code, read once: a child may read no files later."""
    spec = importlib.util.find_spec(name)
    assert spec is not None, f"the standard library has no {name}"
    code: CodeType = spec.loader.get_code(name)  # type: ignore[union-attr]
    return code


def _again(name: str, modules: dict[str, ModuleType]) -> ModuleType:
    """A standard module of pure Python, executed once more over the world's modules."""
    module = ModuleType(name)
    module.__dict__["__builtins__"] = vars(builtins) | {"__import__": importer(modules, library=True)}
    module.__dict__["__package__"] = name.rpartition(".")[0]
    exec(_code(name), module.__dict__)
    return module


def _futures(hub: Hub, modules: dict[str, ModuleType]) -> ModuleType:
    module = ModuleType("concurrent.futures", "Futures over the world's threads.")
    base = modules["concurrent.futures._base"]
    # `as_completed` and `wait` keep futures in sets and sort them by id: neither may be the order of addresses.
    base.Future.__hash__ = lambda self: self._condition._lock._id
    base.__dict__["id"] = hash
    # A worker that is abandoned would say so, on the terminal of a lesson.
    base.__dict__["LOGGER"] = logging.Logger("concurrent.futures", logging.CRITICAL + 1)
    names = (
        "Future", "Executor", "TimeoutError", "CancelledError", "wait", "as_completed",
        "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED",
    )  # fmt: skip
    module.__dict__.update({name: getattr(base, name) for name in names})
    # The pool imports `_base` from this package, so it must be there first: the real one waits on real locks.
    module.__dict__["_base"] = base
    thread = _again("concurrent.futures.thread", modules | {"concurrent.futures": module})
    # The module's own state is shared by all processes here: it must neither exclude nor count.
    thread.__dict__["_global_shutdown_lock"] = contextlib.nullcontext()
    thread.ThreadPoolExecutor._counter = staticmethod(hub.new_lock)
    modules["concurrent.futures.thread"] = thread
    module.__dict__.update(ThreadPoolExecutor=thread.ThreadPoolExecutor, thread=thread)
    return module
