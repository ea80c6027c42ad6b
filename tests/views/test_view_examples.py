"""The examples in the docstrings of views are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import kit.views

MODULES = [one.name for one in pkgutil.iter_modules(kit.views.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_view_come_out_as_they_stand(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"kit.views.{name}")).failed == 0
