"""A real server that somebody else wrote, on loopback: started, waited for, ended with us.

Rules: it binds to 127.0.0.1 at a free port, prints to a file in a folder of its own (the last lines stand in the error
message), counts as started once it answers, and leaves nothing behind.
Leaves out: Unix sockets, servers on other machines.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kit.cache.clock import WallClock
from kit.real.supervisor import StartFailed, Supervised, clean_environment, start

HOST = "127.0.0.1"
START_WITHIN_S = 10.0
_ATTEMPTS = 3  # another process may take the free port between our look and the server's bind
_PAUSE_S = 0.005


@dataclass(slots=True)
class Launched:
    """A running server. `stop()` ends it and removes its folder."""

    host: str
    port: int
    folder: Path
    version: str
    _process: Supervised = field(repr=False)
    _printed: Path = field(repr=False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.alive()

    def log(self, lines: int = 10) -> str:
        """The last lines that the server printed."""
        return last_lines(self._printed, lines)

    def stop(self) -> None:
        self._process.end()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a kind of server is started and asked whether it is there.

    name: of the program, in sentences; command: its words, for a port and a folder; question: what it is sent;
    version: what its answer and what it printed say it is, None = that is no answer of the process with this pid.
    """

    name: str
    command: Callable[[int, Path], Sequence[str]]
    question: bytes
    version: Callable[[bytes, str, int], str | None]


Kind = TypeVar("Kind", bound=Launched)


def launch(kind: type[Kind], recipe: Recipe) -> Kind:
    """Start a server and wait until it answers. Raises StartFailed with its last lines."""
    problem = ""
    for _ in range(_ATTEMPTS):
        folder, port = Path(tempfile.mkdtemp(prefix=f"kit-{recipe.name}-")), free_port()
        printed = folder / f"{recipe.name}.log"
        command = list(recipe.command(port, folder))
        process = start(command, env=clean_environment(), output=str(printed), cwd=str(folder))
        version = _version(recipe, process, port, printed)
        if version is not None:
            return kind(HOST, port, folder, version, process, printed)
        process.end()
        problem = last_lines(printed, 10)
        shutil.rmtree(folder, ignore_errors=True)
    raise StartFailed(f"{recipe.name} did not answer within {START_WITHIN_S:.0f} s; its last lines:\n{problem}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def last_lines(path: Path, lines: int) -> str:
    """The end of a text file, empty where there is none."""
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _version(recipe: Recipe, process: Supervised, port: int, printed: Path) -> str | None:
    """Ask until the server answers; None if it ended or stayed silent."""
    clock = WallClock()
    until = clock.monotonic_s() + START_WITHIN_S
    while process.alive() and clock.monotonic_s() < until:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1) as plain:
            plain.sendall(recipe.question)
            version = recipe.version(plain.recv(4_096), last_lines(printed, 200), process.pid)
            # Another server may have taken the port and answered: ours ends then, but perhaps not at once.
            if version is not None and process.alive():
                return version
        time.sleep(_PAUSE_S)
    return None
