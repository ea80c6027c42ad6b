"""JupyterLab as `make lab` starts it, with a home that is poisoned."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kit.real.lab import PortTaken, choose_port, run_lab
from kit.real.valkey import free_port

pytestmark = pytest.mark.real("jupyter")
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = {"cells": [], "metadata": {"kernelspec": {"name": "python3", "display_name": "x"}}, "nbformat": 4}
_PROGRAM = """
import sys
from pathlib import Path
from kit.real.lab import run_lab
sys.exit(run_lab(Path({home!r}), browser=False, shipped=Path({shipped!r}), say=lambda text: print(text, flush=True)))
"""


class RunningLab:
    def __init__(self, process: subprocess.Popen[str], address: str, poisoned: Path) -> None:
        self.process, self.address, self.poisoned = process, address, poisoned
        _, self.port, self.path, self.token = re.fullmatch(r"http://(.*):(\d+)/(.*)\?token=(\w+)", address).groups()  # type: ignore[union-attr]

    def ask(self, verb: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=30)
        try:
            connection.request(verb, path, json.dumps(body), {"Authorization": f"token {self.token}"})
            answer = connection.getresponse()
            text = answer.read()
            return json.loads(text) if answer.status < 300 else answer.status
        finally:
            connection.close()


def _poison(folder: Path) -> None:
    """A home in which everything that Jupyter or IPython could read is broken or foreign."""
    foreign = {"argv": ["/bin/false"], "display_name": "Foreign", "language": "python"}
    for place in (".local/share/jupyter", "foreign"):
        kernel = folder / place / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        kernel.write_text(json.dumps(foreign))
    for name, text in {
        ".jupyter/jupyter_lab_config.py": "raise SystemExit('the config of another Jupyter was read')",
        ".jupyter/jupyter_server_config.json": "{ broken",
        ".ipython/profile_default/ipython_config.py": "raise SystemExit('the profile of another IPython was read')",
        ".ipython/profile_default/startup/00.py": "raise SystemExit('the startup file of another IPython was read')",
        "python/redis.py": "raise SystemExit('a module of another Python was imported')",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    folder = tmp_path_factory.mktemp("lab")
    poisoned, shipped, home = folder / "poisoned", folder / "shipped", folder / "work"
    shipped.mkdir()
    for name in ("00_start.ipynb", "05_races.ipynb"):
        (shipped / name).write_text(json.dumps({**NOTEBOOK, "nbformat_minor": 5}))
    _poison(poisoned)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(poisoned),
        "PYTHONPATH": str(poisoned / "python"),
        "JUPYTER_PATH": str(poisoned / "foreign"),
        "JUPYTER_CONFIG_DIR": str(poisoned / ".jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(poisoned / ".ipython"),
    }
    before = sorted(poisoned.rglob("*"))
    program = _PROGRAM.format(home=str(home), shipped=str(shipped))
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if "http://" in line:
            break
    found = re.search(r"http://\S+", seen)
    assert found, seen
    yield RunningLab(process, found[0], poisoned)
    started = psutil.Process(process.pid).children(recursive=True)
    assert len(started) >= 3  # keeper, Lab, kernel
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=30)[0]
    assert process.returncode == 0, rest
    assert "JupyterLab has ended" in rest
    assert [left for left in started if left.is_running()] == []
    assert sorted(poisoned.rglob("*")) == before, "Lab or its kernel has written into the home"


def test_it_opens_on_the_start_page_of_the_learners_copies(lab: RunningLab) -> None:
    assert lab.address.startswith("http://127.0.0.1:")
    assert lab.path == "lab/tree/notebooks/00_start.ipynb"
    listed = lab.ask("GET", "/api/contents/notebooks")["content"]
    assert sorted(entry["name"] for entry in listed) == ["00_start.ipynb", "05_races.ipynb"]


def test_a_token_is_demanded(lab: RunningLab) -> None:
    lab_without_token = RunningLab(lab.process, re.sub(r"token=\w+", "token=wrong", lab.address), lab.poisoned)
    assert lab_without_token.ask("GET", "/api/contents") == 403


def test_the_kernel_is_this_interpreter_whatever_the_home_says(lab: RunningLab) -> None:
    specs = lab.ask("GET", "/api/kernelspecs")
    assert specs["default"] == "python3"
    assert specs["kernelspecs"]["python3"]["spec"]["display_name"] == "Python 3 (Elasticache Kit)"
    lab.ask("POST", "/api/kernels", {"name": "python3"})
    (kernel,) = (
        process
        for process in psutil.Process(lab.process.pid).children(recursive=True)
        if "ipykernel_launcher" in process.cmdline()
    )
    assert kernel.cmdline()[0] == sys.executable
    environment = kernel.environ()
    assert "PYTHONPATH" not in environment
    assert environment["KIT_HOME"].endswith("/work")


def test_the_news_toast_and_the_extension_store_are_off(lab: RunningLab) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(lab.port), timeout=30)
    connection.request("GET", f"/lab?token={lab.token}")
    page = connection.getresponse().read().decode()
    connection.close()
    found = re.search(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', page, re.S)
    assert found
    settings = json.loads(found[1])
    assert "@jupyterlab/apputils-extension:announcements" in settings["disabledExtensions"]
    assert settings["extensionManager"]["can_install"] is False


def test_a_busy_port_gives_way_to_the_next_one() -> None:
    first = choose_port(None)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", first))
        busy.listen()
        assert choose_port(None) > first


def test_a_busy_port_that_was_asked_for_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} of this machine is in use. Leave --port out"):
            run_lab(tmp_path / "work", port=port, browser=False)
    assert not (tmp_path / "work").exists()


def test_a_free_port_that_was_asked_for_is_taken() -> None:
    port = free_port()
    assert choose_port(port) == port


def test_a_lab_that_cannot_start_shows_its_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no module named jupyterlab here\nexit 1\n")
    broken.chmod(0o755)
    work = tmp_path / "work"
    program = (
        "import sys; from pathlib import Path; from kit.real import lab\n"
        f"lab.lab_command = lambda home, port: [{str(broken)!r}]\n"
        f"sys.exit(lab.run_lab(Path({str(work)!r}), browser=False, shipped=Path({str(tmp_path / 'none')!r})))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    said = ran.stdout.splitlines()
    assert ran.returncode == 1
    assert said[0].startswith("JupyterLab did not start; the last lines of ")
    assert said[1] == "no module named jupyterlab here"


def test_a_lab_that_is_shut_down_from_its_own_menu_ends_without_a_complaint(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _PROGRAM.format(home=str(tmp_path / "work"), shipped=str(tmp_path / "none"))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    _, port, token = re.fullmatch(r"http://(.*):(\d+)/lab\?token=(\w+)", found[0]).groups()  # type: ignore[union-attr]
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    connection.request("POST", "/api/shutdown", headers={"Authorization": f"token {token}"})
    assert connection.getresponse().status == 200
    connection.close()
    rest = process.communicate(timeout=60)[0]
    assert (process.returncode, "last lines" in rest) == (0, False), rest
