"""The command line as processes of its own: imports, signals, terminals."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from small_course import ENDLESS, REAL, RIGHT, WRONG, Write, command, environment

HEAVY = ("redis", "pandas", "numpy", "IPython", "ipywidgets", "jupyterlab", "anywidget", "greenlet", "sqlite3")
_WITHIN_S = 60.0


def test_import_and_help_load_nothing_heavy_and_list_no_client(kit_home: Path) -> None:
    code = (
        "import sys\n"
        f"for name in {HEAVY!r}: sys.modules[name] = None\n"
        "import kit.cli\n"
        "sys.argv = ['kit', '--help']\n"
        "kit.cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "judge it at each save" in done.stdout
    code = code.replace(repr(HEAVY), repr(HEAVY[:-2])).replace("--help", "list")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert REAL in done.stdout


def test_the_textbook_from_the_shell_prints_one_object_and_its_replay_the_race(kit_home: Path) -> None:
    file = kit_home / "exercises" / f"{REAL}.py"
    file.parent.mkdir()
    file.write_text("import os\nprint('noise')\nos.write(1, b'noise')\n" + (WRONG / "11_textbook.py").read_text())
    done = subprocess.run([*command(), "check", REAL, "--json"], capture_output=True, text=True, env=environment())
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert "noise" in found["output"]
    assert (found["outcome"], found["public"], found["checks"][4]["level"]) == ("wrong", {"passed": 4, "total": 5}, 1)
    assert found["trace"].endswith(".0-0-1")
    assert found["mistake"]["name"].startswith("Commit, then delete")
    kept = json.loads((kit_home / "progress.json").read_text())["exercises"][REAL]
    assert (kept["points"], kept["trace"]) == (found["points"], found["trace"])
    again = subprocess.run([*command(), "replay", found["trace"]], capture_output=True, text=True, env=environment())
    assert (again.returncode, again.stderr) == (0, "")
    assert "11  Reader 1 puts version 1 back. The cache is now wrong." in again.stdout


@pytest.mark.real("valkey")
def test_a_real_server_judges_and_nothing_is_recorded(kit_home: Path) -> None:
    file = kit_home / "exercises" / f"{REAL}.py"
    file.parent.mkdir()
    file.write_text((WRONG / "11_textbook.py").read_text())
    argv = [*command(), "check", REAL, "--json", "--engine", "valkey"]
    done = subprocess.run(argv, capture_output=True, text=True, env=environment())
    found = json.loads(done.stdout)
    assert (done.returncode, found["engine"], found["outcome"]) == (1, "valkey", "wrong")
    assert not (kit_home / "progress.json").exists()


def test_an_interrupt_is_130_records_nothing_and_leaves_no_process(course: Path, mine: Write, kit_home: Path) -> None:
    mine(ENDLESS)
    toml = course / "first" / "exercise.toml"
    toml.write_text(toml.read_text().replace("limit_s = 0.5", "limit_s = 60"))
    with _running([*command(course), "check", "first", "--json"]) as process:
        started = _descendants(process, 2)  # a keeper and the learner's code
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=_WITHIN_S)
    assert (process.returncode, out) == (130, "")
    assert "Interrupted: what ran for you has ended; a check that was under way is not recorded." in err
    _, alive = psutil.wait_procs(started, timeout=_WITHIN_S)
    assert alive == []
    assert not (kit_home / "progress.json").exists()


def test_without_a_terminal_watch_watches_and_an_interrupt_ends_it(course: Path, mine: Write, kit_home: Path) -> None:
    mine(ENDLESS)
    with _running([*command(course), "watch", "first"]) as process:
        assert process.stdout is not None
        _lines_until(process, "Watching")
        mine(RIGHT)
        assert any(line.startswith("✓ Correct") for line in _lines_until(process, "Watching"))
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=_WITHIN_S)
    assert process.returncode == 130
    assert psutil.wait_procs(started, timeout=_WITHIN_S)[1] == []
    assert json.loads((kit_home / "progress.json").read_text())["exercises"]["first"]["passed"] is True


def test_in_a_terminal_watch_has_keys_a_progress_line_and_puts_the_terminal_back(course: Path, mine: Write) -> None:
    pty = pytest.importorskip("pty")
    termios = pytest.importorskip("termios")
    mine("def get_board(cache, db, airport):\n    return []\n")
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        [*command(course), "watch", "first"], stdin=theirs, stdout=theirs, stderr=theirs,
        env=environment(TERM="xterm", COLUMNS="100"), start_new_session=True,
    )  # fmt: skip
    try:
        shown = _screen_until(ours, b"q quit")
        assert b"\x1b[31m" in shown
        assert b"\r\x1b[KYour code breaks a rule; playing the shortest trace again.\r\x1b[K" in shown
        assert not termios.tcgetattr(theirs)[3] & termios.ICANON
        os.write(ours, b"h")
        assert b"Hint 1 of 2" in _screen_until(ours, b"q quit")
        os.write(ours, b"Q")
        assert process.wait(_WITHIN_S) == 0
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


@contextlib.contextmanager
def _running(argv: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
        env=environment(PYTHONUNBUFFERED="1"), start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _descendants(process: subprocess.Popen[str], count: int) -> list[psutil.Process]:
    """The process's descendants, once there are so many and the last of them computes."""
    until = time.monotonic() + _WITHIN_S  # noqa: TID251 - a test's own patience
    found: list[psutil.Process] = []
    while time.monotonic() < until:  # noqa: TID251
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            raise AssertionError(f"it ended with {process.returncode}: {process.communicate()}")
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(process.pid).children(recursive=True)
            if len(found) >= count and found[-1].cpu_times().user > 0.5:
                return found
    raise AssertionError(f"only {found} after {_WITHIN_S} s")


def _lines_until(process: subprocess.Popen[str], word: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError(f"ended without {word!r}: {lines}, {process.stderr and process.stderr.read()}")


def _screen_until(terminal: int, word: bytes) -> bytes:
    shown = b""
    while word not in shown:
        ready, _, _ = select.select([terminal], [], [], _WITHIN_S)
        assert ready, f"no {word!r} in {shown!r}"
        shown += os.read(terminal, 65_536)
    return shown
