"""The notebooks: built from their sources, executed, compared, and readable from top to bottom."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.lab import build, live
from kit.lab.bets import BETS
from kit.lab.places import CLONE
from kit.views import series
from kit.views.series import Point

SOURCES = sorted(build.SOURCES.glob("*.py"))
EACH = pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
START = build.SOURCES / "00_start_here.py"
LESSON = build.SOURCES / "05_keeping_it_true.py"


def stored(source: Path) -> Any:
    return nbformat.read(build.target(source), as_version=4)  # type: ignore[no-untyped-call]


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_measured(cell: Any) -> bool:
    return "measured" in cell.metadata.get("tags", [])


def is_exercise(cell: Any) -> bool:
    return "exercise" in cell.metadata.get("tags", [])


def tree(cell: Any) -> ast.Module:
    """The cell as Python; a cell magic's body never runs in the kernel and defines nothing there."""
    return ast.parse("" if cell.source.startswith("%%") else cell.source)


@pytest.mark.real("jupyter")
@pytest.mark.slow
@EACH
def test_building_again_changes_no_byte(source: Path) -> None:
    assert build.build(source) == build.target(source).read_text("utf-8"), (
        f"run `make notebooks`: {source.name} differs"
    )


@EACH
def test_every_code_cell_was_executed_and_shows_what_it_shows(source: Path) -> None:
    for cell in code_cells(stored(source)):
        if is_measured(cell):
            assert not cell.outputs
            assert cell.execution_count is None
            assert "nbval-skip" in cell.metadata.tags
            continue
        assert cell.execution_count is not None
        shows = is_exercise(cell) or (tree(cell).body and isinstance(tree(cell).body[-1], ast.Expr))
        assert bool(cell.outputs) == bool(shows), cell.source
        assert all(output.output_type == "display_data" for output in cell.outputs), "an error or a stream was stored"


@EACH
def test_a_notebook_stores_nothing_that_differs_between_machines(source: Path) -> None:
    notebook = json.loads(build.target(source).read_text("utf-8"))
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    text = json.dumps(notebook)
    assert "widget-view" not in text
    assert str(CLONE) not in text
    assert not re.search(r"0x[0-9a-f]{6,}", text)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])


@EACH
def test_a_cells_id_comes_from_its_content(source: Path) -> None:
    first, second = build.compose(source), build.compose(source)
    assert [cell.id for cell in first.cells] == [cell.id for cell in second.cells]
    assert [cell.id for cell in first.cells] == [cell.id for cell in stored(source).cells]


@EACH
def test_a_cell_defines_a_name_once_and_reads_nothing_from_below(source: Path) -> None:
    defined: set[str] = set(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)
    for cell in code_cells(stored(source)):
        nodes = list(ast.walk(tree(cell)))
        imported = [one for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for one in node.names]
        fresh = [one.asname or one.name for one in imported]
        fresh += [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        assert not defined & set(fresh), f"defined twice: {defined & set(fresh)}"
        defined |= set(fresh)
        read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        assert read <= defined, f"read before it is defined: {read - defined}"


@EACH
def test_a_sentence_stands_before_every_code_cell_and_cells_are_short(source: Path) -> None:
    cells = stored(source).cells
    for before, cell in zip([None, *cells], cells, strict=False):
        if cell.cell_type == "code":
            assert before is not None
            assert before.cell_type == "markdown", cell.source
            assert before.source.rstrip()[-1] in ".?:)", before.source
            assert is_exercise(cell) or cell.source.count("\n") < 10


@EACH
def test_links_lead_somewhere_and_nothing_is_shouted(source: Path) -> None:
    for cell in stored(source).cells:
        if cell.cell_type == "markdown":
            for link in re.findall(r"\]\(([^)]+)\)", cell.source):
                page, _, heading = link.partition("#")
                assert (CLONE / "notebooks" / page).exists(), link
                there = source.parent / f"{Path(page).stem}.py" if page else source
                assert not heading or f"## {heading.replace('-', ' ')}" in there.read_text("utf-8"), link
            for path in re.findall(r"`(exercises/[\w./]+)`", cell.source):
                assert (CLONE / path).exists(), path
            assert "!" not in cell.source


def test_the_exercise_cell_is_the_stub() -> None:
    (cell,) = [cell for cell in code_cells(stored(LESSON)) if is_exercise(cell)]
    magic, body = cell.source.split("\n", 1)
    stub = CLONE / "exercises" / magic.split()[1] / "stub.py"
    assert body == stub.read_text("utf-8").rstrip("\n")


def test_the_page_holds_no_answer_to_a_bet() -> None:
    text = build.target(LESSON).read_text("utf-8")
    stop = live.load()["stops"].index(30)
    answer = series.share(series.value(live.load(), Point("storm", "board", stop))["wall"])
    assert answer not in text


@EACH
def test_no_page_holds_a_why_of_any_bet(source: Path) -> None:
    text = build.target(source).read_text("utf-8")
    for bet in BETS.values():
        for why in bet.answer.whys:
            assert json.dumps(why, ensure_ascii=False)[1:40] not in text


def test_the_start_page_tells_neither_which_day_changes_more_nor_when_most_wait() -> None:
    text = build.target(START).read_text("utf-8")
    assert not [
        figure for figure in ("5,793", "1,565", "17:10", "34,461", "9,374") if figure in text.replace("At 17:10.", "")
    ]


def test_the_figures_of_bets_and_prose_are_those_of_the_data() -> None:
    data, text = live.load(), LESSON.read_text("utf-8")
    at = {ttl: series.value(data, Point("storm", "board", data["stops"].index(ttl))) for ttl in (30, 60)}
    fine = series.value(data, Point("storm", "flight", data["stops"].index(60)))
    halve = BETS["halve_the_ttl"]
    assert f"From {at[60]['wall']:.1f} to {at[30]['wall']:.1f} %." in halve.answer.whys[1]
    assert f"{at[60]['wall']:.1f} %" in halve.question.note
    assert halve.guesses == (round(at[60]["wall"] / 2, 1), round(at[60]["wall"] * 2 / 3, 1), 0.0)
    assert f"this picture is seed {live.SEED})" in text
    for ttl in (299, 300):
        share = series.value(data, Point("storm", "board", data["stops"].index(ttl)))["wall"]
        assert f"{share:.1f} %" in text
    assert 36 < fine["misses"] / at[60]["misses"] < 45  # "some forty times as often"
    assert abs(fine["phone"] - at[60]["phone"]) < 0.15  # "the passenger's phone shows no difference"


def _nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-cell-timeout=60"]
    command += ["-c", str(CLONE / "pyproject.toml"), "--rootdir", str(folder), str(folder)]
    hashed = os.environ | {"PYTHONHASHSEED": "0"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=CLONE, env=hashed)


@pytest.mark.real("jupyter")
@pytest.mark.slow
def test_altering_one_stored_output_turns_nbval_red(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((CLONE / "notebooks" / "conftest.py").read_text("utf-8"))
    copy = tmp_path / "start.ipynb"
    whole = build.target(START).read_text("utf-8")
    copy.write_text(whole)
    green = _nbval(tmp_path)
    assert green.returncode == 0, green.stdout[-3_000:]
    assert "Begin with lesson 00" in whole
    copy.write_text(whole.replace("Begin with lesson 00", "Begin with lesson 06"))
    red = _nbval(tmp_path)
    assert red.returncode == 1, red.stdout[-3_000:]
    assert "1 failed" in red.stdout


@pytest.mark.real("jupyter")
@pytest.mark.real("valkey")
@pytest.mark.slow
def test_the_measured_cells_and_a_solved_copy_run() -> None:
    notebook = build.compose(LESSON)
    (exercise,) = [cell for cell in code_cells(notebook) if is_exercise(cell)]
    magic = exercise.source.split("\n", 1)[0]
    solution = CLONE / "exercises" / magic.split()[1] / "solution.py"
    exercise.source = f"{magic}\n{solution.read_text('utf-8')}"
    build.execute(notebook, skip="")
    verdict = exercise.outputs[0]["data"]["text/plain"]
    assert verdict.startswith("Correct: 20 of 20 points, public 5/5, hidden 4/4."), verdict
    (measured,) = [cell for cell in code_cells(notebook) if is_measured(cell)]
    replies = measured.outputs[0]["data"]["text/plain"]
    assert "-1: no TTL, it lives for ever" in replies, replies


@pytest.mark.real("jupyter")
@pytest.mark.slow
def test_a_solved_copy_of_the_start_page_runs_and_names_no_points() -> None:
    notebook = build.compose(START)
    (exercise,) = [cell for cell in code_cells(notebook) if is_exercise(cell)]
    magic = exercise.source.split("\n", 1)[0]
    solution = CLONE / "exercises" / magic.split()[1] / "solution.py"
    exercise.source = f"{magic}\n{solution.read_text('utf-8')}"
    build.execute(notebook)
    verdict = exercise.outputs[0]["data"]["text/plain"]
    assert verdict.startswith("Correct"), verdict
    assert "0 of 0" not in verdict
