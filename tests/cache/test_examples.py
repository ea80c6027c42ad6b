"""The examples in docstrings run, and the three scripts are those of the installed redis-py."""

from __future__ import annotations

import doctest
import hashlib
import importlib
import pkgutil

import pytest
from redis.lock import Lock

import kit.cache
import kit.wire
from kit.cache.redis.lock_scripts import SCRIPTS

MODULES = [
    module.name
    for package in (kit.cache, kit.wire)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_three_scripts_are_those_of_the_installed_client() -> None:
    texts = (Lock.LUA_RELEASE_SCRIPT, Lock.LUA_EXTEND_SCRIPT, Lock.LUA_REACQUIRE_SCRIPT)
    assert list(SCRIPTS) == [hashlib.sha1(text.encode()).hexdigest().encode() for text in texts]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip() or name in ("kit.wire", "kit.cache.redis")
