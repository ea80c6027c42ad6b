"""A gate that never closes is none: one planted fault for each turns it red, and without the fault it is green.

Altered notebook outputs, wrong replies and wrong colours are planted beside the tests of those gates.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def _run(command: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "KIT_REQUIRE_REAL", "PYTHONPATH")}
    settled = {"COLUMNS": "200", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    return subprocess.run(command, cwd=cwd, env={**kept, **settled}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "kit", folder / "kit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("module", "planted", "broken"),
    [
        ("kit/cache/clock.py", "", ""),
        ("kit/cache/clock.py", "import kit.world.tape", "Imports go down only"),
        ("kit/views/words.py", "import IPython", "Jupyter lives in kit.lab alone"),
        ("kit/strategies/protocols.py", "import socket", "Sockets and subprocesses live in kit.real"),
        ("kit/cache/effects.py", "import random", "The cache package is the standard library and itself"),
    ],
)
def test_an_import_that_goes_up_is_refused(clone: Path, module: str, planted: str, broken: str) -> None:
    text = (clone / module).read_text()
    (clone / module).write_text(f"{text}\n{planted}\n")
    try:
        ran = _run([str(BIN / "lint-imports"), "--no-cache"], clone, PYTHONPATH=str(clone))
    finally:
        (clone / module).write_text(text)
    assert (ran.returncode == 0) == (planted == ""), ran.stdout + ran.stderr
    assert not broken or any(broken in line and "BROKEN" in line for line in ran.stdout.splitlines()), ran.stdout


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("", ""),
        ("import time\n\nSTARTED = time.time()\n", "TID251"),
        ("import os\n", "F401"),
        ("WORD = 'quoted'\n", "format"),
    ],
)
def test_a_second_clock_or_an_unused_import_is_refused(tmp_path: Path, planted: str, rule: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "planted.py").write_text(planted)
    checked = _run([str(BIN / "ruff"), "check", "--no-cache", "--output-format=concise", "."], tmp_path)
    formatted = _run([str(BIN / "ruff"), "format", "--no-cache", "--check", "."], tmp_path)
    assert (formatted.returncode == 0) == (rule != "format"), formatted.stdout
    assert (checked.returncode == 0) == (rule in ("", "format")), checked.stdout
    assert rule in checked.stdout + "format"


@pytest.mark.parametrize("planted", ["", "def untyped(x):\n    return x\n", 'COUNT: int = "three"\n'])
def test_a_missing_or_wrong_type_is_refused(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, planted: str
) -> None:
    (tmp_path / "planted.py").write_text(planted)
    config, cache = str(ROOT / "pyproject.toml"), str(tmp_path_factory.getbasetemp() / "mypy")
    ran = _run([str(BIN / "mypy"), "--config-file", config, "--cache-dir", cache, "planted.py"], tmp_path)
    assert (ran.returncode == 0) == (planted == ""), ran.stdout


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of one test that needs node, under the kit's own conftest and settings, on a PATH without node."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "test_planted.py").write_text(
        "import pytest\n"
        "@pytest.mark.real('node')\n"
        "def test_by_mark(): pass\n"
        "def test_by_fixture(require_real): require_real('node')\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [
        ({}, "2 skipped"),
        ({"CI": "false", "KIT_REQUIRE_REAL": "0"}, "2 skipped"),
        ({"CI": "true"}, "2 errors"),
        ({"KIT_REQUIRE_REAL": "1"}, "2 errors"),
    ],
)
def test_a_missing_real_part_is_a_named_skip_or_where_demanded_a_failure(
    suite: Path, environment: dict[str, str], outcome: str
) -> None:
    ran = _run([str(BIN / "pytest"), "-q", "."], suite, PATH="/nonexistent", **environment)
    assert "real part missing: node: no `node` on PATH" in ran.stdout
    failed = "1 failed, 1 error" if outcome == "2 errors" else outcome
    assert failed in ran.stdout.splitlines()[-1], ran.stdout
    assert (ran.returncode == 0) == (outcome == "2 skipped")


def test_a_warning_is_a_failure(suite: Path) -> None:
    (suite / "test_planted.py").write_text("import warnings\ndef test_it(): warnings.warn('planted', UserWarning)\n")
    ran = _run([str(BIN / "pytest"), "-q", "."], suite)
    assert ran.returncode == 1
    assert "UserWarning: planted" in ran.stdout
