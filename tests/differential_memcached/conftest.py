"""The run that all differential tests of memcached mode share, and the table of what it met."""

from __future__ import annotations

import os
from collections.abc import Callable

import mc_counted
import pytest
from mc_played import Played, play, real_servers
from mc_program import program

ROUNDS = 40
SEED = int(os.environ.get("KIT_DIFFERENTIAL_SEED", "20130308"))
TABLE = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def mc_played(require_real: Callable[[str], None], request: pytest.FixtureRequest) -> list[Played]:
    """More than ten thousand requests with what the real servers answered."""
    require_real("memcached")
    with real_servers() as ports:
        run = play(program(SEED, ROUNDS), ports)
    request.config.stash[TABLE] = mc_counted.table(mc_counted.count(run))
    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if table := config.stash.get(TABLE, ""):
        terminalreporter.section(f"commands, replies and refusals beside a real memcached (seed {SEED})")
        terminalreporter.write_line(table)
