"""Whether a submission changed a module that it imported: state kept there would outlive a process.

Rules: module attributes are compared by identity, and those of its classes; a module that became an attribute by being
imported is no change, nor is a private one that the library fills in later. Against intent this is no protection:
all actors of a child are one process.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_MISSING = object()


class Untouched:
    """Remembers the modules of every package that a submission imports, at the moment it does."""

    def __init__(self) -> None:
        self._packages: set[str] = set()
        self._modules: dict[str, tuple[ModuleType, dict[str, Any]]] = {}
        self._classes: dict[str, tuple[type, dict[str, Any]]] = {}

    def remember(self, name: str) -> None:
        """Take down the package of `name` as it is now; a second time is a look-up only."""
        package = name.partition(".")[0]
        if package in self._packages:
            return
        self._packages.add(package)
        for found, module in list(sys.modules.items()):
            if found.partition(".")[0] == package and isinstance(module, ModuleType):
                self.add(found, module)

    def add(self, name: str, module: ModuleType) -> None:
        """Take down one module, and the classes that it defines."""
        self._modules[name] = (module, dict(vars(module)))
        for key, value in list(vars(module).items()):
            if isinstance(value, type) and (
                value.__module__ in (name, module.__name__) or value.__module__.startswith("kit.world.")
            ):
                self._classes[f"{name}.{key}"] = (value, dict(vars(value)))

    def changed(self) -> str | None:
        """The first name that is not what it was (`redis.client.Redis.seen`); None if all is as it was."""
        for name, (owner, before) in (*self._modules.items(), *self._classes.items()):
            now = dict(vars(owner))
            if now != before and (key := _first_change(before, now)) is not None:
                return f"{name}.{key}"
        return None


def _first_change(before: dict[str, Any], now: dict[str, Any]) -> str | None:
    for key in now.keys() | before.keys():
        new, old = now.get(key, _MISSING), before.get(key, _MISSING)
        if new is old or key.startswith("__") or isinstance(new, ModuleType):
            continue
        if old is None or (key.startswith("_") and old is not _MISSING):
            continue  # a place that was kept free, or a private name: the library's own lazy start
        return key
    return None
