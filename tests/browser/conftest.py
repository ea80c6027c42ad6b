"""JupyterLab by the newcomer's own command, and the system's Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab_page import LabPage
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lab:
    """A running Lab. home: its learner's folder; address: what it printed."""

    home: Path
    address: str


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def start_lab(
    require_real: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Lab]]:
    """Start `kit lab --no-browser` in a new home, with one of Lab's themes."""
    require_real("jupyter")
    running: list[subprocess.Popen[str]] = []

    def started(theme: str) -> Lab:
        home = tmp_path_factory.mktemp(f"home-{theme}")
        named = f"JupyterLab {theme.title()}"
        command = [str(Path(sys.executable).with_name("kit")), "lab", "--no-browser", "--theme", named]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
        process = subprocess.Popen(
            command, env={**environment, "KIT_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        running.append(process)
        said: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"(http://127\.0\.0\.1:\S+)", line):
                return Lab(home, found[1])
        raise AssertionError(f"kit lab ended without an address:\n{''.join(said)}")

    yield started
    for process in running:
        process.send_signal(signal.SIGINT)
    for process in running:
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def visit(
    browser: Browser, start_lab: Callable[[str], Lab]
) -> Iterator[Callable[[tuple[int, int], str], tuple[LabPage, Lab]]]:
    """Open a page of a size on a new Lab of a theme; afterwards nothing may have left the machine or gone wrong."""
    opened: list[LabPage] = []

    def visited(size: tuple[int, int], theme: str) -> tuple[LabPage, Lab]:
        lab = start_lab(theme)
        page = LabPage(browser, lab.address, size, theme)
        opened.append(page)
        return page, lab

    yield visited
    for page in opened:
        strangers, problems = page.strangers(), page.problems
        page.close()
        assert not strangers
        assert not problems
