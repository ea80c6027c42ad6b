"""`make install` on machines that lack something: a sentence that says what to do, and nothing half done.

The Pythons here are shell scripts that answer as such machines' Pythons do; the real install is what `.ci/run` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "cat", "cmp", "grep", "head", "rm", "mkdir")
# What the script asks a Python: its version, whether it is new enough, whether venv is there, to make one, and pip.
PYTHON = """#!/bin/sh
echo "$0 $*" >>"$LOG"
case "$*" in
    *--version*) echo "Python {version}" ;;
    *version_info*11*) exit {old} ;;
    *venv,\\ ensurepip*) exit {no_venv} ;;
    *version_info*1]*) echo python3.12-venv ;;
    *sys.version\\)*) echo "{version} (main)" ;;
    *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    *"pip config"*) echo "$CONFIGURED" ;;
    *"pip install"*) exit {no_network} ;;
esac
"""


class Machine:
    def __init__(self, folder: Path) -> None:
        self.clone, self.bin, self.log = folder / "clone", folder / "bin", folder / "log"
        self.clone.mkdir()
        self.bin.mkdir()
        for name in ("install.sh", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.clone)
        for tool in (*TOOLS, "cp"):
            (self.bin / tool).symlink_to(shutil.which(tool) or "")

    def python(self, name: str, version: str, *, old: int = 0, no_venv: int = 0, no_network: int = 0) -> None:
        text = PYTHON.format(version=version, old=old, no_venv=no_venv, no_network=no_network)
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def install(self, **environment: str) -> tuple[int, str]:
        self.log.write_text("")
        ran = subprocess.run(
            ["sh", str(self.clone / "install.sh")],
            env={"PATH": str(self.bin), "LOG": str(self.log), "CONFIGURED": "", **environment},
            cwd="/",
            capture_output=True,
            text=True,
        )
        return ran.returncode, ran.stdout + ran.stderr

    def installs(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if "pip install" in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_python_it_says_which_to_install(machine: Machine) -> None:
    code, said = machine.install()
    assert code == 1
    assert said.startswith("make install: no Python found. Install Python 3.11 or newer (Debian 12")


def test_with_an_old_python_it_names_its_version_and_the_way_out(machine: Machine) -> None:
    machine.python("python3", "3.8.10", old=1)
    code, said = machine.install()
    assert code == 1
    assert "too old: Python 3.8.10, and the kit needs 3.11 or newer" in said
    assert "make install PYTHON=/path/to/python3.13" in said


def test_without_the_venv_module_it_names_the_package(machine: Machine) -> None:
    machine.python("python3", "3.12.3", no_venv=1)
    code, said = machine.install()
    assert code == 1
    assert "Python 3.12.3 has no venv module" in said
    assert "sudo apt install python3.12-venv" in said
    assert not (machine.clone / ".venv").exists()


def test_a_python_that_was_named_and_does_not_fit_is_told(machine: Machine) -> None:
    machine.python("python3", "3.12.3")
    code, said = machine.install(PYTHON="/no/such/python")
    assert code == 1
    assert "PYTHON=/no/such/python is not a Python 3.11 or newer that starts" in said


def test_the_newest_fitting_python_is_taken_past_an_old_one(machine: Machine) -> None:
    machine.python("python3", "3.9.2", old=1)
    machine.python("python3.12", "3.12.3")
    code, said = machine.install()
    assert code == 0, said
    assert "making .venv with Python 3.12.3" in said
    assert "About one to three minutes" in said


def test_every_package_is_held_to_its_hash_and_a_second_call_does_nothing(machine: Machine) -> None:
    machine.python("python3", "3.12.3")
    assert machine.install()[0] == 0
    first, second = machine.installs()
    assert "--require-hashes -r requirements.lock" in first
    assert "--no-deps --no-build-isolation --no-index --editable ." in second
    assert machine.install() == (0, "")
    assert machine.installs() == []


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_followed(machine: Machine, changed: str) -> None:
    machine.python("python3", "3.12.3")
    machine.install()
    with (machine.clone / changed).open("a") as lock:
        lock.write("# changed\n")
    code, said = machine.install()
    assert (code, len(machine.installs())) == (0, 2)
    assert "requirements.lock has changed" in said
    assert machine.install() == (0, "")


def test_a_moved_clone_is_installed_anew(machine: Machine, tmp_path: Path) -> None:
    machine.python("python3", "3.12.3")
    machine.install()
    machine.clone = machine.clone.rename(tmp_path / "moved")
    code, said = machine.install()
    assert code == 0
    assert "making .venv" in said


def test_a_python_that_has_left_is_replaced(machine: Machine) -> None:
    machine.python("python3", "3.12.3")
    machine.install()
    (machine.clone / ".venv" / "bin" / "python").unlink()
    code, said = machine.install()
    assert code == 0
    assert "making .venv" in said


def test_a_failed_install_says_so_and_is_tried_again(machine: Machine) -> None:
    machine.python("python3", "3.12.3", no_network=1)
    code, said = machine.install()
    assert code == 1
    assert "the packages could not be installed" in said
    machine.python("python3", "3.12.3")
    shutil.copy(machine.bin / "python3", machine.clone / ".venv" / "bin" / "python")
    assert machine.install()[0] == 0


@pytest.mark.parametrize(
    ("configured", "installer"), [("", "uv"), ("global.index-url='x'", "pip"), (":env:.find-links='x'", "pip")]
)
def test_uv_is_used_only_where_no_index_is_configured_for_pip(
    machine: Machine, configured: str, installer: str
) -> None:
    machine.python("python3", "3.12.3")
    (machine.bin / "uv").write_text('#!/bin/sh\necho "uv $*" >>"$LOG"\n')
    (machine.bin / "uv").chmod(0o755)
    assert machine.install(CONFIGURED=configured)[0] == 0
    assert ("uv pip install" in machine.installs()[0]) == (installer == "uv")


def test_the_lock_names_no_address_and_no_local_path() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert not any(line.startswith(("--", "/", ".")) for line in lock.splitlines())
    assert os.sep + "home" not in lock
