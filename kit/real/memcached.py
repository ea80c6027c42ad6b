"""A real memcached on loopback, for differential tests and `--engine memcached`.

Rules: the system's own binary, from PATH; started with `-o no_modern`, as ElastiCache starts its nodes; it binds to
127.0.0.1 at a free TCP port, without UDP; prints to a file in a folder of its own (the last lines stand in the error
message) and ends with us.
Source: engines.md, "memcached" (Debian's 1.6.18, tried 2026-11-24); parameter `no_modern` of ElastiCache's group
default.memcached1.6.
Leaves out: TLS and SASL, which Debian compiles in.

>>> with running_memcached() as memcached:                                              # doctest: +SKIP
...     memcached.port
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.cache.clock import WallClock
from kit.real.supervisor import StartFailed, Supervised, clean_environment, start
from kit.real.valkey import free_port

_ATTEMPTS = 3  # another process may take the free port between our look and the server's bind
_START_WITHIN_S = 10.0
_MISSING = "no `memcached` on PATH (Debian: apt-get install memcached; macOS: brew install memcached)"


@dataclass(slots=True)
class Memcached:
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
        return _last_lines(self.folder / "memcached.log", lines)

    def stop(self) -> None:
        self._process.end()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running_memcached(options: Sequence[str] = ()) -> Iterator[Memcached]:
    """A server for the length of a `with` block. `options` are further words of its command line."""
    memcached = start_memcached(options)
    try:
        yield memcached
    finally:
        memcached.stop()


def start_memcached(options: Sequence[str] = ()) -> Memcached:
    """Start a server and wait until it answers `version`.

    Raises StartFailed with the server's last lines, or where this system has no binary.
    """
    binary = memcached_binary()
    problem = ""
    for _ in range(_ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix="kit-memcached-"))
        port = free_port()
        command = [binary, "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-o", "no_modern", *_as_root(), *options]
        process = start(command, env=clean_environment(), output=str(folder / "memcached.log"), cwd=str(folder))
        version = _answered_version(process, port)
        if version:
            return Memcached("127.0.0.1", port, folder, version, process)
        process.end()
        problem = _last_lines(folder / "memcached.log", 10)
        shutil.rmtree(folder, ignore_errors=True)
    raise StartFailed(f"memcached did not answer within {_START_WITHIN_S:.0f} s; its last lines:\n{problem}")


def memcached_binary() -> str:
    """Raises StartFailed where this system has none."""
    found = shutil.which("memcached")
    if found is None:
        raise StartFailed(_MISSING)
    return found


def _as_root() -> list[str]:
    # Started by root, memcached wants to be told whom to become; root itself keeps the log file writable.
    return ["-u", "root"] if os.geteuid() == 0 else []


def _answered_version(process: Supervised, port: int) -> str:
    """The version, as in "1.6.18"; empty if the server ended or stayed silent."""
    clock = WallClock()
    until = clock.monotonic_s() + _START_WITHIN_S
    while process.alive() and clock.monotonic_s() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as plain:
            plain.sendall(b"version\r\n")
            answer = plain.recv(64)
            if answer.startswith(b"VERSION ") and process.alive():
                return answer.split()[1].decode()
        time.sleep(0.005)
    return ""


def _last_lines(path: Path, lines: int) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""
