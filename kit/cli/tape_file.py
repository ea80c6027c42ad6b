"""A tape that is written while it grows: `kit serve --tape FILE`.

Rules: a file holds one tape, so one that is there already is refused; it is made for its owner alone, since it holds
keys and values; a line is whole and in the file before its reply leaves; where the disk refuses one, the tape ends
before it, by a sentence, and the server goes on. Times are µs since the tape began: the command's bytes came at
`t_sent`, its reply was ready at `t_received`; service never goes back, whatever the machine's clock does.
Leaves out: rotation.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from kit.cache.clock import Clock
from kit.real.dialogue import Served
from kit.world.tape import Op, Tape, line


class TapeFile:
    """Raises OSError where the file cannot be made, FileExistsError where it is there."""

    def __init__(self, path: Path, clock: Clock, say: Callable[[str], None]) -> None:
        self._say = say
        self._seq = self._size = self._last = 0
        self._began = clock.now_us()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._file: int | None = os.open(path, flags, 0o600)
        self._append(Tape("serve", 0, (), True, ()).dumps())

    def record(self, served: Served) -> None:
        """Append one command."""
        if self._file is None:
            return
        done = max(self._last, served.served_us - self._began)
        sent = max(0, min(done, served.arrived_us - self._began))
        received = max(done, served.answered_us - self._began)
        actor = f"client {served.client}" if served.client else "world"
        op = Op(
            self._seq, actor, "cache", served.name, served.keys, served.write, served.request, served.reply,
            served.effects, False, sent, done, received, None,
        )  # fmt: skip
        self._append(line(op))
        self._seq += 1
        self._last = done

    def close(self) -> None:
        """End the tape."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _append(self, text: str) -> None:
        if self._file is None:
            return
        data = text.encode("ascii")
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            self._size += len(data)
        except OSError as problem:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)  # the part of the line that fitted
            self.close()
            self._say(f"the tape ends here, after {self._seq:,} records: {problem.strerror}")
