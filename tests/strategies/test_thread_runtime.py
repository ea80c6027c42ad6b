"""The Runtime of real threads."""

from __future__ import annotations

import random
import threading

import pytest

from kit.cache.clock import ManualClock
from kit.strategies.protocols import Runtime
from kit.strategies.threads import ThreadRuntime


@pytest.fixture
def runtime() -> Runtime:
    return ThreadRuntime(ManualClock(1_500_000), random.Random(7))


def test_now_is_the_given_clock_in_seconds(runtime: Runtime) -> None:
    assert runtime.now() == 1.5


def test_a_task_gives_its_value_again_and_again(runtime: Runtime) -> None:
    task = runtime.spawn(divmod, 7, 2)
    assert task.result() == (3, 1)
    assert task.result() == (3, 1)
    assert task.done()


def test_a_task_raises_what_its_function_raised(runtime: Runtime) -> None:
    with pytest.raises(ZeroDivisionError):
        runtime.spawn(divmod, 1, 0).result()


def test_a_task_that_has_not_ended_says_so(runtime: Runtime) -> None:
    gate = threading.Event()
    task = runtime.spawn(gate.wait)
    with pytest.raises(TimeoutError, match="has not ended"):
        task.result(timeout=0)
    assert not task.done()
    gate.set()
    assert task.result() is True


def test_a_lock_keeps_a_second_task_out(runtime: Runtime) -> None:
    lock = runtime.lock()
    with lock:
        assert runtime.spawn(lock.acquire, False).result() is False
    assert runtime.spawn(lock.acquire, False).result() is True


def test_the_generator_is_the_one_that_was_given(runtime: Runtime) -> None:
    assert runtime.random.randrange(1000) == random.Random(7).randrange(1000)
