"""A real memcached on loopback, for differential tests and `--engine memcached`.

Rules: those of `launched`; the system's own binary, from PATH; started with `-o no_modern`, as ElastiCache starts its
nodes, without UDP.
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
from collections.abc import Iterator, Sequence
from pathlib import Path

from kit.real.launched import HOST, Launched, Recipe, launch
from kit.real.supervisor import StartFailed

_MISSING = "no `memcached` on PATH (Debian: apt-get install memcached; macOS: brew install memcached)"


class Memcached(Launched):
    """A running memcached."""

    __slots__ = ()


@contextlib.contextmanager
def running_memcached(options: Sequence[str] = ()) -> Iterator[Memcached]:
    """A server for the length of a `with` block. `options` are further words of its command line."""
    memcached = start_memcached(options)
    try:
        yield memcached
    finally:
        memcached.stop()


def start_memcached(options: Sequence[str] = ()) -> Memcached:
    """Start a server and wait until it answers `stats`.

    Raises StartFailed with the server's last lines, or where this system has no binary.
    """
    binary = memcached_binary()

    def command(port: int, folder: Path) -> list[str]:
        return [binary, "-l", HOST, "-p", str(port), "-U", "0", "-o", "no_modern", *_as_root(), *options]

    return launch(Memcached, Recipe("memcached", command, b"stats\r\n", _version))


def memcached_binary() -> str:
    """Raises StartFailed where this system has none."""
    found = shutil.which("memcached")
    if found is None:
        raise StartFailed(_MISSING)
    return found


def _as_root() -> list[str]:
    # Started by root, memcached wants to be told whom to become; root itself keeps the log file writable.
    return ["-u", "root"] if os.geteuid() == 0 else []


def _version(answer: bytes, printed: str, pid: int) -> str | None:
    """As in "1.6.18", from the answer to `stats`, which names its process; empty where it wants a login first."""
    if answer.startswith(b"CLIENT_ERROR unauthenticated"):
        return ""
    figures = dict(line.split(b" ")[1:3] for line in answer.split(b"\r\n") if line.count(b" ") == 2)
    return figures.get(b"version", b"").decode() if figures.get(b"pid") == b"%d" % pid else None
