"""The run that all differential tests share, and the table of what it met."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import counted
import pytest
from played import Played, play, real_servers
from program import program

ROUNDS = 26
SEED = int(os.environ.get("KIT_DIFFERENTIAL_SEED", "20130308"))
TABLE = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def real_ports(require_real: Callable[[str], None]) -> Iterator[dict[str, int]]:
    """Ports of three real servers: plain, locked, lua."""
    require_real("valkey")
    with real_servers() as ports:
        yield ports


@pytest.fixture(scope="session")
def played(real_ports: dict[str, int], request: pytest.FixtureRequest) -> list[Played]:
    """More than ten thousand commands with what the real servers answered."""
    run = play(program(SEED, ROUNDS), real_ports)
    request.config.stash[TABLE] = counted.table(counted.count(run))
    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if table := config.stash.get(TABLE, ""):
        terminalreporter.section(f"commands, options and errors beside a real Valkey (seed {SEED})")
        terminalreporter.write_line(table)
