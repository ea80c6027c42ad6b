"""`kit serve`: an engine of the kit on a real socket, for real clients.

Rules: a password comes from a file, never from the command line or the environment, which others can read; the log is
on stderr, has no key, no value and no password in it, and never holds the server up.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kit.cache.clock import WallClock
from kit.cache.memcached.engine import Engine as MemcachedEngine
from kit.cache.redis.engine import Engine as RedisEngine
from kit.cli import errors, terminal
from kit.cli.tape_file import TapeFile
from kit.real.address import AddressRefused, listen
from kit.real.client import Allowance
from kit.real.dialogue import Room
from kit.real.memcached_room import MemcachedRoom
from kit.real.redis_room import RedisRoom
from kit.real.server import serve
from kit.wire.memcache_login import Login

LONGEST_PASSWORD = 16_384
"""Bytes: a client that has not logged in may send no longer argument, and no longer login."""
_UNITS = {"": 1, "b": 1, "k": 1_000, "kb": 1_024, "m": 1_000_000, "mb": 1_024**2, "g": 1_000_000_000, "gb": 1_024**3}


def size(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """Bytes as in a server's settings: `64mb` is 64 × 1,024², `64m` 64,000,000."""
    match = re.fullmatch(r"([0-9]{1,15})([a-z]{0,2})", value.lower())
    if match is None or match[2] not in _UNITS:
        raise click.BadParameter(f"{value!r} is no size: a number of bytes, or one with k, kb, m, mb, g or gb.")
    return int(match[1]) * _UNITS[match[2]]


@click.command("serve")
@click.option("--mode", type=click.Choice(["redis", "memcached"]), required=True, help="Which engine serves.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Anything but loopback needs a password.")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Exactly this port; else a free one.")
@click.option(
    "--maxmemory", callback=size, default="64mb", metavar="SIZE", show_default=True, help="For items; 0 is no limit."
)
@click.option("--maxclients", type=click.IntRange(1), default=10_000, show_default=True, help="More are refused.")
@click.option(
    "--unread-limit", callback=size, default="256mb", metavar="SIZE", show_default=True,
    help="More replies than that are not kept for a client; one that reads none is dropped.",
)  # fmt: skip
@click.option(
    "--requirepass-file", type=click.Path(path_type=Path),
    help="A file whose one line is the password; in memcached mode user:password.",
)  # fmt: skip
@click.option(
    "--tape", type=click.Path(path_type=Path), help="Record each command here: the new file holds all keys and values."
)
def command(
    mode: str, host: str, port: int, maxmemory: int, maxclients: int, unread_limit: int,
    requirepass_file: Path | None, tape: Path | None,
) -> None:  # fmt: skip
    """Serve an engine of the kit to real clients, until Ctrl-C or SIGTERM.

    Prints the address, then logs on stderr: clients, never keys or values. Nothing is kept on disk but the --tape.
    """
    password = None if requirepass_file is None else read_password(requirepass_file)
    login = None if password is None or mode == "redis" else as_login(password)
    log = Log()
    clock = WallClock()
    with contextlib.ExitStack() as ending:
        try:
            door = ending.enter_context(listen(host, port, guarded=password is not None))
        except AddressRefused as problem:
            raise errors.BadUsage(str(problem)) from None
        record = None if tape is None else ending.enter_context(contextlib.closing(_begin(tape, clock, log))).record
        room: Room
        if mode == "redis":
            room = RedisRoom(RedisEngine(clock, maxmemory=maxmemory, password=password), record)
        else:
            room = MemcachedRoom(MemcachedEngine(clock, maxmemory=maxmemory), record, login)
        ending.callback(_leave_quietly)
        serve(door, room, allowance=Allowance(maxclients, unread_limit), say=click.echo, log=log)


def read_password(path: Path) -> bytes:
    """The password in a file: its one line, without the end of the line. Raises BadUsage, never with its text."""
    try:
        with path.open("rb") as file:
            read = file.read(LONGEST_PASSWORD + 3)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as problem:
        raise errors.BadUsage(f"{path} cannot be read: {problem.strerror}.") from None
    password = read.removesuffix(b"\n").removesuffix(b"\r")
    if not password:
        raise errors.BadUsage(f"{path} is empty; its one line must be the password.")
    if b"\n" in password or b"\0" in password:
        raise errors.BadUsage(f"{path} has more than one line of text; its one line must be the password.")
    if len(password) > LONGEST_PASSWORD:
        raise errors.BadUsage(f"{path} is longer than {LONGEST_PASSWORD:,} bytes: no client could send that.")
    if mode & 0o077:
        terminal.note(f"others on this machine may read {path}; `chmod 600` it")
    return password


def as_login(line: bytes) -> Login:
    """Who must connect to memcached mode: `user:password`. Raises BadUsage, never with its text."""
    user, colon, password = line.partition(b":")
    if not (user and colon and password):
        raise errors.BadUsage("the line of --requirepass-file must be user:password in memcached mode.")
    if b" " in line:
        raise errors.BadUsage("user and password have no space in memcached mode: a login is `user password`.")
    return Login(user, password)


def _leave_quietly() -> None:
    """Lines that nobody will read any more are dropped: else the interpreter's own last flush ends us with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _begin(path: Path, clock: WallClock, log: Log) -> TapeFile:
    try:
        return TapeFile(path, clock, log)
    except FileExistsError:
        raise errors.BadUsage(f"{path} is there already, and a file holds one tape; name a new one.") from None
    except OSError as problem:
        raise errors.BadUsage(f"{path} cannot be written: {problem.strerror}.") from None


class Log:
    """Lines on stderr, each behind the time of day in UTC. A reader that does not keep up loses lines, and is told."""

    def __init__(self) -> None:
        self._clock = WallClock()
        self._lost = 0

    def __call__(self, text: str) -> None:
        if not _has_room(sys.stderr):
            self._lost += 1
            return
        if self._lost:
            lost, self._lost = self._lost, 0
            self(f"{lost:,} lines were lost: nobody read them")
        moment = datetime.fromtimestamp(self._clock.now_us() / 1_000_000, UTC)
        with contextlib.suppress(OSError):  # whoever read the log has left: the server goes on
            click.echo(f"{moment:%H:%M:%S}.{moment.microsecond // 1_000:03} {terminal.plain(text)}", err=True)


def _has_room(stream: Any) -> bool:
    """Whether a line can be written without waiting: a pipe that is writable has room for 4 KiB."""
    try:
        return bool(select.select([], [stream], [], 0)[1])
    except (OSError, ValueError):  # no descriptor behind it, or one that cannot be waited for
        return True
