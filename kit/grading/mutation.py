"""Mutants of a submission: its text with one small wrong step each, in a fixed order, each with a name.

Rules: five operators: drop a statement, negate a condition, change a constant (a number by 1 either way, a thousand
times, 0, None; a text by a letter; True to False; None to False), swap neighbouring statements, drop an argument. What
is a task's and not the solution's is left alone: docstrings, imports, and constants that the stub gives. A mutant's
name quotes the source, so it is the same under every Python; two that read alike are numbered; two of one text are one.
Source: DeMillo, Lipton, Sayward, "Hints on Test Data Selection", IEEE Computer 11 (1978), 34-41.
Leaves out: arithmetic and comparison operators, exceptions, decorators, several changes at once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

_QUOTED = 44  # letters of the source in a name
_BODIES = ("body", "orelse", "finalbody")
_LETTER = "~"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant. name: `line 14: drop argument ex`; source: the whole text."""

    name: str
    source: str


class _Change(NamedTuple):
    """One step. place: of the node among `ast.walk`; make: does it to that node of a fresh tree."""

    line: int
    column: int
    name: str
    place: int
    make: Callable[[Any], None]


def mutants(source: str, given: Collection[str] = ()) -> list[Mutant]:
    """Every mutant of a text. given: names of the constants that the stub gives. Raises SyntaxError. O(n²)."""
    tree = ast.parse(source)
    alone = _left_alone(tree, given)
    changes = [one for place, node in enumerate(ast.walk(tree)) for one in _changes(source, place, node, alone)]
    found: dict[str, str] = {}  # text → name
    names: set[str] = set()
    unchanged = ast.unparse(tree) + "\n"
    for change in sorted(changes, key=lambda one: one[:4]):
        text = _made(source, change)
        if text in found or text == unchanged:
            continue
        found[text] = name = _apart(change.name, names)
        names.add(name)
    return [Mutant(name, text) for text, name in found.items()]


def constants(source: str) -> list[str]:
    """Names that a module gives a constant."""
    return [
        target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


def _left_alone(tree: ast.Module, given: Collection[str]) -> set[ast.AST]:
    """Nodes that no operator touches: docstrings, imports, definitions at the top, the stub's constants."""
    alone: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            alone.update(ast.walk(node.body[0]))
        if isinstance(node, ast.Import | ast.ImportFrom):
            alone.add(node)
    for node in tree.body:
        names = {one.id for one in getattr(node, "targets", ()) if isinstance(one, ast.Name)}
        if names & set(given):
            alone.update(ast.walk(node))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            alone.add(node)
    return alone


def _made(source: str, change: _Change) -> str:
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        if place == change.place:
            change.make(node)
            break
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _apart(name: str, taken: Collection[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found


# The operators: what each can do to one node


def _changes(source: str, place: int, node: ast.AST, alone: Collection[ast.AST]) -> Iterator[_Change]:
    if node in alone and not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return
    steps = [*_of_bodies(source, node, alone), *_of_conditions(source, node), *_of_arguments(source, node)]
    for what, at, make in (*steps, *_of_constants(node)):
        yield _Change(at.lineno, at.col_offset, f"line {at.lineno}: {what}", place, make)


_Step = tuple[str, Any, Callable[[Any], None]]  # what, the node where it stands, how


def _of_bodies(source: str, node: ast.AST, alone: Collection[ast.AST]) -> Iterator[_Step]:
    """Drop each statement, and swap each with the next one."""
    for name in _BODIES:
        body = getattr(node, name, None)
        for at, one in enumerate(body if isinstance(body, list) else ()):
            if one in alone or isinstance(one, ast.Pass):
                continue
            yield f"drop statement {_quoted(source, one)}", one, partial(_drop, name=name, at=at)
            following = body[at + 1] if body and at + 1 < len(body) else None
            if following is not None and following not in alone:
                yield f"swap with line {following.lineno}", one, partial(_swap, name=name, at=at)


def _drop(node: Any, name: str, at: int) -> None:
    body = getattr(node, name)
    if len(body) == 1 and name != "orelse":
        body[at] = ast.Pass()
    else:
        del body[at]


def _swap(node: Any, name: str, at: int) -> None:
    body = getattr(node, name)
    body[at], body[at + 1] = body[at + 1], body[at]


def _of_conditions(source: str, node: ast.AST) -> Iterator[_Step]:
    """Negate the test of a statement or an expression, and each part of an `and` or an `or`."""
    if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        yield f"negate {_quoted(source, node.test)}", node.test, _negate
    if isinstance(node, ast.BoolOp):
        for at, one in enumerate(node.values):
            yield f"negate {_quoted(source, one)}", one, partial(_negate_part, name="values", at=at)
    if isinstance(node, ast.comprehension):
        for at, one in enumerate(node.ifs):
            yield f"negate {_quoted(source, one)}", one, partial(_negate_part, name="ifs", at=at)


def _negate(node: Any) -> None:
    node.test = _not(node.test)


def _negate_part(node: Any, name: str, at: int) -> None:
    parts = getattr(node, name)
    parts[at] = _not(parts[at])


def _not(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def _of_arguments(source: str, node: ast.AST) -> Iterator[_Step]:
    """Drop each argument of a call."""
    if not isinstance(node, ast.Call):
        return
    for at, one in enumerate(node.args):
        yield f"drop argument {_quoted(source, one)}", one, partial(_drop_argument, name="args", at=at)
    for at, word in enumerate(node.keywords):
        name = word.arg or _quoted(source, word.value)
        yield f"drop argument {name}", word, partial(_drop_argument, name="keywords", at=at)


def _drop_argument(node: Any, name: str, at: int) -> None:
    del getattr(node, name)[at]


def _of_constants(node: ast.AST) -> Iterator[_Step]:
    if isinstance(node, ast.Constant):
        for word, value in _other_values(node.value):
            yield f"change {_short(repr(node.value))} to {word}", node, partial(_change, value=value)


def _change(node: Any, value: object) -> None:
    node.value = value


def _other_values(value: object) -> list[tuple[str, object]]:
    """What stands for a constant instead, with the word for it."""
    if isinstance(value, bool):
        return [(str(not value), not value)]
    if value is None:
        return [("False", False)]  # `is False` is quiet; `is 0` is a warning of Python's
    if isinstance(value, int | float):
        numbers = dict.fromkeys((value + 1, value - 1, value * 1000, 0))
        return [*((str(one), one) for one in numbers if one != value), ("None", None)]
    if isinstance(value, str):
        return [("another text", value + _LETTER)]
    return [("another text", value + _LETTER.encode())] if isinstance(value, bytes) else []


def _quoted(source: str, node: ast.AST) -> str:
    return _short(ast.get_source_segment(source, node) or type(node).__name__)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"
