"""An exercise: a folder on disk, read and held to its form.

`exercises/<id>/`: README.md, exercise.toml, stub.py, checks.py, solution.py, wrong/, right/, mistakes.json. An unknown
or a missing key is an error: a typing mistake in a limit must not become a default.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import json
import os
import tomllib
import traceback
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from kit.grading.check import Check, Stage
from kit.world.actors import Submission

ROOT = Path(__file__).resolve().parents[2] / "exercises"
_NAMES = "exercises."  # how the names of check modules begin

_KEYS: dict[str, Any] = {
    "id": str, "title": str, "lesson": str, "order": int, "kind": str, "entries": dict, "client": str, "engines": list,
    "minutes": int, "limit_s": (int, float), "operation_limit": int, "version": int, "hints": list,
}  # fmt: skip
_CHOICES = {
    "kind": {"concurrent", "pure", "specification"},
    "client": {"redis", "memcached", "none"},
}


class ExerciseError(Exception):
    """An exercise that is not there or not well formed; the sentence says which and what was wanted."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. entries: function → its arguments; limit_s: CPU seconds; hints: from a nudge to nearly the code."""

    folder: Path
    id: str
    title: str
    lesson: str
    order: int
    kind: str
    entries: dict[str, list[str]]
    client: str
    engines: list[str]
    minutes: int
    limit_s: float
    operation_limit: int
    version: int
    hints: list[str]

    @property
    def stub(self) -> str:
        return (self.folder / "stub.py").read_text(encoding="utf-8")

    @property
    def solution(self) -> str:
        return (self.folder / "solution.py").read_text(encoding="utf-8")

    @property
    def task(self) -> str:
        """README.md: what the learner is told."""
        return (self.folder / "README.md").read_text(encoding="utf-8")

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """CHECKS of checks.py in grading order, and behind them those of an instructor's pack (`KIT_CHECKS`)."""
        return tuple(one for path, module in self._modules for one in _checks_of(path, module))

    @cached_property
    def stage(self) -> Stage:
        """STAGE of checks.py: rows and processes of its scenes; the common ones where it names none."""
        _, module = self._modules[0]
        stage: Stage = getattr(module, "STAGE", Stage())
        return stage

    @cached_property
    def _modules(self) -> list[tuple[Path, ModuleType]]:
        return [(path, _module(path, self.id)) for path in self._check_files]

    @cached_property
    def digest(self) -> str:
        """Eight hex digits of the check files and those they build on: a token of other scenes is not this one's."""
        found = hashlib.sha256()
        for _, module in self._modules:
            for path in _files_of(module):
                found.update(path.read_bytes())
        return found.hexdigest()[:8]

    @property
    def _check_files(self) -> list[Path]:
        pack = os.environ.get("KIT_CHECKS")
        more = [Path(pack).expanduser() / self.id / "checks.py"] if pack else []
        return [self.folder / "checks.py", *(path for path in more if path.is_file())]

    @cached_property
    def mistakes(self) -> dict[str, dict[str, str]]:
        """Known mistakes by their id: name and hint of a wrong file."""
        path = self.folder / "mistakes.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    @property
    def max_points(self) -> int:
        return sum(check.points for check in self.checks)

    def submission(self, source: str, protocol: int = 3) -> Submission:
        """A learner's text as the actors take it."""
        return Submission(source, f"{self.id}.py", self.entries, self.client, protocol)


def sibling(ident: str) -> Any:
    """The checks.py of another exercise, as a module: a variant for another cache builds on its scenes and rules.

    Bind it at the top of a checks.py, `lazy = sibling("lazy_loading")`: the digest in tokens then covers both files.
    Raises ExerciseError where there is none, or where it is not well formed.
    """
    path = ROOT / ident / "checks.py"
    if not path.is_file():
        raise ExerciseError(f"no exercise {ident!r} has a checks.py to build on")
    return _module(path, ident)


def _files_of(module: ModuleType) -> list[Path]:
    """A file of checks, and those of the siblings that it has bound."""
    siblings = (one for one in vars(module).values() if isinstance(one, ModuleType))
    more = (path for one in siblings if one.__name__.startswith(_NAMES) for path in _files_of(one))
    return [Path(str(module.__file__)), *more]


def _module(path: Path, ident: str) -> ModuleType:
    """A file of checks, executed. Raises ExerciseError where that fails."""
    spec = importlib.util.spec_from_file_location(f"{_NAMES}{ident}.checks", path)
    if spec is None or spec.loader is None:
        raise ExerciseError(f"{path} cannot be read as a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ExerciseError(f"{path} gives no CHECKS: {type(error).__name__}: {error}{_line(path, error)}") from error
    return module


def _line(path: Path, error: Exception) -> str:
    """Where in the file an error of its execution comes from; a syntax error says so itself."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == str(path)]
    return f" (line {frames[-1].lineno})" if frames else ""


def _checks_of(path: Path, module: ModuleType) -> tuple[Check, ...]:
    """CHECKS of one file. Raises ExerciseError where it has none."""
    try:
        return tuple(module.CHECKS)
    except (AttributeError, TypeError) as error:
        raise ExerciseError(f"{path} gives no CHECKS: {type(error).__name__}: {error}") from error


def ids() -> list[str]:
    """All exercises, in the order of lessons."""
    found = [load(path.parent.name) for path in ROOT.glob("*/exercise.toml")]
    return [one.id for one in sorted(found, key=lambda one: (one.lesson, one.order))]


def load(ident: str) -> Exercise:
    """The exercise `ident`. Raises ExerciseError: unknown (with the nearest one), or a file that is not well formed."""
    path = ROOT / ident / "exercise.toml"
    if not ident or "/" in ident or not path.is_file():
        known = sorted(one.parent.name for one in ROOT.glob("*/exercise.toml"))
        near = difflib.get_close_matches(ident, known, 1, 0.4)
        guess = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(known)}."
        raise ExerciseError(f"no exercise is called {ident!r}.{guess}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path} is not TOML: {error}") from None
    _hold_to_form(path, data)
    return Exercise(folder=path.parent, **data)


def _hold_to_form(path: Path, data: dict[str, Any]) -> None:
    unknown, missing = sorted(data.keys() - _KEYS.keys()), sorted(_KEYS.keys() - data.keys())
    if unknown or missing:
        words = [f"unknown: {', '.join(unknown)}"] if unknown else []
        words += [f"missing: {', '.join(missing)}"] if missing else []
        raise ExerciseError(f"{path}: {'; '.join(words)}. The keys are {', '.join(_KEYS)}")
    for key, kind in _KEYS.items():
        if not isinstance(data[key], kind) or isinstance(data[key], bool):
            raise ExerciseError(f"{path}: {key} is {data[key]!r}; wanted is {getattr(kind, '__name__', 'a number')}")
    for key, choices in _CHOICES.items():
        if data[key] not in choices:
            raise ExerciseError(f"{path}: {key} is {data[key]!r}; wanted is one of {', '.join(sorted(choices))}")
    if data["id"] != path.parent.name:
        raise ExerciseError(f"{path}: the id {data['id']!r} is not the folder's name")
