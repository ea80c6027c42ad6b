"""Processes of ours end with us, however we end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from hostile import CLOCK, marked

from kit.real.supervisor import StartFailed, start

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests read /proc")


def _until(holds: object, within_s: float = 10) -> bool:
    end = CLOCK.monotonic_s() + within_s
    while CLOCK.monotonic_s() < end:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("subreaper", [True, False])
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_survives_a_parent_that_was_killed(ending: int, subreaper: bool) -> None:
    mark = uuid.uuid4().hex
    program = (
        f"import sys; sys.path[:] = {[str(ROOT), *sys.path]!r}\n"
        "import time\n"
        "from kit.real.supervisor import start\n"
        f"shell = 'sleep 1000 & setsid sleep 1000 & sleep 1000'\n"
        f"env = {{'PATH': '/usr/bin:/bin', 'KIT_TEST_MARK': {mark!r}}}\n"
        f"kept = start(['/bin/sh', '-c', shell], env=env, subreaper={subreaper})\n"
        "print('up', flush=True); time.sleep(1000)\n"
    )
    # The parent is itself marked only by what it starts.
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        assert _until(lambda: len(marked(mark)) == 4), marked(mark)
        parent.send_signal(ending)
    assert _until(lambda: marked(mark) == []), marked(mark)


def test_the_keeper_goes_too() -> None:
    supervised = start(["/bin/sh", "-c", "sleep 1000"], env={"PATH": "/usr/bin:/bin"})
    keeper = int(Path(f"/proc/{supervised.pid}/stat").read_text().rpartition(")")[2].split()[1])
    assert keeper != os.getpid()
    supervised.end()
    assert not Path(f"/proc/{keeper}").exists()
    assert not supervised.alive()


def test_a_process_whose_keeper_is_killed_ends() -> None:
    supervised = start(["/bin/sleep", "1000"], env={})
    keeper = int(Path(f"/proc/{supervised.pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(keeper, signal.SIGKILL)
    assert _until(lambda: not Path(f"/proc/{supervised.pid}").exists() or not supervised.alive())
    assert not supervised.alive()
    supervised.end()


def test_an_exit_status_arrives_with_the_last_output() -> None:
    with start(["/bin/sh", "-c", "echo one; echo two >&2; exit 7"], env={}) as supervised:
        assert supervised.wait() == 7
        assert supervised.output() == b"one\ntwo\n"


def test_a_process_has_exactly_the_environment_it_was_given() -> None:
    with start(["/usr/bin/env"], env={"ONE": "1"}) as supervised:
        assert supervised.wait() == 0
        assert supervised.output() == b"ONE=1\n"


def test_a_process_may_print_to_a_file(tmp_path: Path) -> None:
    with start(["/bin/sh", "-c", "echo here"], env={}, output=str(tmp_path / "log")) as supervised:
        supervised.wait()
    assert (tmp_path / "log").read_text() == "here\n"


def test_a_folder_is_not_a_program() -> None:
    with pytest.raises(StartFailed, match="could not start /tmp: "):
        start(["/tmp"], env={})
