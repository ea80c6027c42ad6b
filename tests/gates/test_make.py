"""`make` and `.ci/run`: what they run, in which order, and that the first failure is the last thing that runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What a make hands down to the make that its recipes call: these tests run below `make test` too.
OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on PATH")
ORDER = ["ruff", "ruff", "mypy", "lint-imports", "pytest", "node", "pytest", "pytest"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The real Makefile over tools that only say that they were called, or fail where told to."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "kit").mkdir()
    (tmp_path / "tests" / "planted.test.js").touch()
    tool = '#!/bin/sh\necho "$(basename "$0") $*" >>calls\n! [ "$(basename "$0")" = "$FAILS" ]\n'
    for name in ("install.sh", "bin/ruff", "bin/mypy", "bin/lint-imports", "bin/pytest", "bin/node", "bin/kit"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(tool)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def _make(clone: Path, *arguments: str, **environment: str) -> tuple[int, list[str], str]:
    """Exit code, tools called, and what was printed."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "KIT_REQUIRE_REAL", *OF_MAKE)}
    variables = {"PATH": f"{clone / 'bin'}:{os.environ['PATH']}", "FAILS": "", **environment}
    ran = subprocess.run(
        ["make", "BIN=bin", *arguments], cwd=clone, env={**kept, **variables}, capture_output=True, text=True
    )
    calls = (clone / "calls").read_text().splitlines() if (clone / "calls").exists() else []
    return ran.returncode, calls, ran.stdout + ran.stderr


def test_make_alone_lists_each_verb_in_a_line() -> None:
    kept = {name: value for name, value in os.environ.items() if name not in OF_MAKE}
    ran = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, env=kept)
    assert ran.returncode == 0
    listed = re.findall(r"^make ([a-z-]+) +\S.*$", ran.stdout, re.M)
    assert len(listed) == len(ran.stdout.splitlines())
    assert {"install", "lab", "test", "notebooks", "bench", "lint"} <= set(listed)


@pytest.mark.parametrize("parallel", [(), ("-j4",)])
def test_make_test_runs_every_gate_in_order(clone: Path, parallel: tuple[str, ...]) -> None:
    code, calls, printed = _make(clone, *parallel, "test")
    assert code == 0, printed
    assert [call.split()[0] for call in calls] == ["install.sh", *ORDER]
    headings = re.findall(r"^== (.*) ==$", printed, re.M)
    assert headings == [
        "ruff", "mypy", "import-linter", "pytest", "node --test", "nbval", "browser", "all tests passed",
    ]  # fmt: skip


@pytest.mark.parametrize("tool", sorted(set(ORDER)))
def test_the_first_failure_ends_it(clone: Path, tool: str) -> None:
    code, calls, printed = _make(clone, "test", FAILS=tool)
    assert code != 0
    assert calls[-1].split()[0] == tool
    assert [call.split()[0] for call in calls].count(tool) == 1
    assert "all tests passed" not in printed


@pytest.mark.parametrize(
    ("environment", "passes"),
    [({}, True), ({"CI": "true"}, False), ({"KIT_REQUIRE_REAL": "1"}, False), ({"CI": "false"}, True)],
)
def test_a_missing_node_is_a_named_skip_or_where_demanded_a_failure(
    clone: Path, environment: dict[str, str], passes: bool
) -> None:
    tools = clone / "tools"
    tools.mkdir()
    for name in ("make", "sh", "find", "basename", "mktemp"):
        (tools / name).symlink_to(shutil.which(name) or "")
    code, _, printed = _make(clone, "node-test", PATH=str(tools), **environment)
    assert (code == 0) == passes
    assert "real part missing: node: no `node` on PATH" in printed


def test_lab_hands_its_arguments_on(clone: Path) -> None:
    code, calls, _ = _make(clone, "lab", "ARGS=--no-browser --port 9000")
    assert (code, calls) == (0, ["install.sh ", "kit lab --no-browser --port 9000"])


def test_ci_calls_the_readmes_own_test_command_and_the_workflow_calls_ci_alone() -> None:
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert script[-2:] == ["export CI=true", "make test"]
    assert re.search(r"^make test\b", (ROOT / "README.md").read_text(), re.M)
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text()
    assert re.findall(r"\brun: *(.*)", workflow) == [".ci/run"]
