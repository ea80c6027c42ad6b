"""The examples in docstrings run."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from kit.workloads import keys, scene_rows
from kit.workloads.flights import rule


@pytest.mark.parametrize("module", [keys, scene_rows, rule], ids=lambda module: module.__name__)
def test_the_examples_of_a_module_give_what_they_show(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
