"""Mutants of a text: five operators, a name each, always the same ones, and nothing of the task's touched."""

from __future__ import annotations

import ast

import pytest

from kit.grading.exercise import ids, load
from kit.grading.mutants import files
from kit.grading.mutation import constants, mutants

TASK = '"""A module."""\nimport json\nBOARD = "SELECT 1"\nTTL = 60\n\n\n'
BODY = '''def read(cache, db):
    """Read it."""
    found = cache.get("board")
    if found is not None and not found.startswith(b"token"):
        return json.loads(found)
    cache.set("board", BOARD, nx=True, ex=TTL)
    return [row for row in db.query(BOARD) if row]
'''


def names(source: str, *given: str) -> list[str]:
    return [one.name for one in mutants(source, given)]


def text(source: str, name: str) -> str:
    return next(one.source for one in mutants(source) if one.name == name)


def test_the_operators_are_the_five_and_each_mutant_says_what_it_did() -> None:
    assert names(TASK + BODY, "BOARD") == [
        "line 4: drop statement TTL = 60",
        "line 4: change 60 to 0",
        "line 4: change 60 to 59",
        "line 4: change 60 to 60000",
        "line 4: change 60 to 61",
        "line 4: change 60 to None",
        'line 9: drop statement found = cache.get("board")',
        "line 9: swap with line 10",
        "line 9: change 'board' to another text",
        'line 9: drop argument "board"',
        "line 10: drop statement if found is not None and not found.startswi…",
        "line 10: swap with line 12",
        "line 10: negate found is not None",
        "line 10: negate found is not None and not found.startswith(…",
        "line 10: change None to False",
        'line 10: negate not found.startswith(b"token")',
        "line 10: change b'token' to another text",
        'line 10: drop argument b"token"',
        "line 11: drop statement return json.loads(found)",
        "line 11: drop argument found",
        'line 12: drop statement cache.set("board", BOARD, nx=True, ex=TTL)',
        "line 12: swap with line 13",
        "line 12: change 'board' to another text",
        'line 12: drop argument "board"',
        "line 12: drop argument BOARD",
        "line 12: drop argument nx",
        "line 12: change True to False",
        "line 12: drop argument ex",
        "line 13: drop statement return [row for row in db.query(BOARD) if r…",
        "line 13: drop argument BOARD",
        "line 13: negate row",
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("line 12: drop argument ex", "    cache.set('board', BOARD, nx=True)"),
        ("line 12: change True to False", "    cache.set('board', BOARD, nx=False, ex=TTL)"),
        ("line 11: drop statement return json.loads(found)", "        pass"),
        ('line 10: negate not found.startswith(b"token")', "    if found is not None and found.startswith(b'token'):"),
        ("line 13: negate row", "    return [row for row in db.query(BOARD) if not row]"),
        ("line 4: change 60 to 60000", "TTL = 60000"),
    ],
)
def test_a_mutant_differs_by_the_step_that_it_names(name: str, line: str) -> None:
    original = ast.unparse(ast.parse(TASK + BODY)).splitlines()
    changed = [one for one in text(TASK + BODY, name).splitlines() if one not in original]
    assert changed == [line]


def test_swapped_neighbours_stand_the_other_way_round() -> None:
    found = text("def f():\n    a()\n    b()\n", "line 2: swap with line 3")
    assert found == "def f():\n    b()\n    a()\n"


def test_docstrings_imports_definitions_and_the_stubs_constants_are_left_alone() -> None:
    for one in mutants(TASK + BODY, ["BOARD", "TTL"]):
        tree = ast.parse(one.source)
        assert ast.get_docstring(tree) == "A module."
        assert "import json\nBOARD = 'SELECT 1'\nTTL = 60\n" in one.source
        assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == ["read"]
        assert '"""Read it."""' in one.source


def test_two_mutants_that_read_alike_are_numbered_and_equal_texts_are_one() -> None:
    found = names("def f():\n    return g(1, 1) or 1\n")
    assert [one for one in found if one.startswith("line 2: change 1 to 2")] == [
        "line 2: change 1 to 2", "line 2: change 1 to 2 (2)", "line 2: change 1 to 2 (3)",
    ]  # fmt: skip
    assert [one for one in found if "drop argument" in one] == ["line 2: drop argument 1"]


def test_a_block_that_loses_its_only_statement_is_still_a_block() -> None:
    source = "def f():\n  try:\n    a()\n  except E:\n    b()\n  else:\n    c()\n  finally:\n    d()\n"
    dropped = [one.source for one in mutants(source) if "drop statement" in one.name]
    assert len(dropped) == 5
    for one in dropped:
        ast.parse(one)


@pytest.mark.parametrize("ident", ids())
def test_the_mutants_of_every_file_are_the_same_each_time_and_named_apart(ident: str) -> None:
    exercise = load(ident)
    given = constants(exercise.stub)
    for file in files(exercise, right=True):
        source = (exercise.folder / file).read_text(encoding="utf-8")
        found = mutants(source, given)
        assert file != "solution.py" or found == mutants(source, given)
        assert len({one.name for one in found}) == len({one.source for one in found}) == len(found) > 5
        for one in found:
            ast.parse(one.source)
            assert one.source != source
