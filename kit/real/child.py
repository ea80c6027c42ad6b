"""A limited process for a learner's code, and the judge's end of the channel to it.

Rules: the child inherits one end of a socket pair (its number in KIT_CHANNEL_FD), an empty stdin and a pipe that its
keeper drains, nothing else; its environment is made here, with PYTHONHASHSEED=0; its limits hold before it runs; at
`end()` it and everything it started is gone. A verdict rests on nothing that it prints and not on its exit status.
Source: contracts.md, "Judge and child"; clock_getcpuclockid(3).
Leaves out: the frames on the channel, which are grading's.

>>> with start_child(python_command("kit.grading.child"), env={}, limits=Limits()) as child:     # doctest: +SKIP
...     child.channel.sendall(b"...")
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from kit.real.limits import Limits
from kit.real.supervisor import Supervised, clean_environment, start

_ALWAYS = {
    "PYTHONHASHSEED": "0",  # the order of a set of strings is part of a recording
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",  # a process that is killed has printed what it printed
    "HOME": "/nonexistent",
}


class Child:
    """The judge's view of one child."""

    def __init__(self, process: Supervised, channel: socket.socket) -> None:
        self.channel = channel
        self.pid = process.pid
        self._process = process
        self._cpu_s = 0.0

    def cpu_s(self) -> float:
        """CPU seconds that the child has used, with its ended and reaped descendants; stands still once it ended.

        Descendants that still run are not counted: the judge's wall-time limit holds for them.
        """
        if self.alive():
            self._cpu_s = max(self._cpu_s, _cpu_s_of(self.pid))
        return self._cpu_s

    def output(self) -> bytes:
        """The last 64 KiB that the child printed, stdout and stderr as they came."""
        return self._process.output()

    def alive(self) -> bool:
        """Whether the child itself runs (a stopped one does)."""
        return self._process.alive()

    @property
    def exit_status(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        self._process.alive()
        return self._process.exit_status

    def end(self) -> None:
        """Kill the child and every descendant; `output()` still answers afterwards. May be called twice."""
        self._process.end()
        self.channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def start_child(
    argv: Sequence[str], *, env: Mapping[str, str], limits: Limits | None = None, subreaper: bool = True
) -> Child:
    """Start `argv` under `limits` (default: `Limits()`); `env` is added to a minimal environment.

    Raises StartFailed when the program cannot be executed.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        own = {**_ALWAYS, "KIT_CHANNEL_FD": str(theirs.fileno())}
        try:
            process = start(
                argv,
                env=clean_environment(**{**env, **own}),
                keep=[theirs.fileno()],
                limits=Limits() if limits is None else limits,
                subreaper=subreaper,
            )
        except OSError:
            ours.close()
            raise
    return Child(process, ours)


def python_command(module: str, *arguments: str) -> list[str]:
    """A command that calls `main()` of `module` in this interpreter, with our import path and no user site.

    Not `-I`: that ignores PYTHONHASHSEED too. Site is left out, which saves its start-up time; of what it brings only
    `exit` and `quit` are put back.
    """
    import kit

    home = str(Path(kit.__file__).resolve().parent.parent)
    path = [home, *(entry for entry in sys.path if entry and entry != home)]
    code = f"import site, sys; site.setquit(); sys.path[:] = {path!r}; from {module} import main; main()"
    return [sys.executable, "-s", "-S", "-P", "-B", "-c", code, *arguments]


def _cpu_s_of(pid: int) -> float:
    if sys.platform != "linux":
        import psutil

        try:
            return float(sum(psutil.Process(pid).cpu_times()[:4]))
        except psutil.Error:
            return 0.0
    try:
        # The clock of another process: its id complemented, shifted, and the kind (2: scheduler). In nanoseconds.
        own = time.clock_gettime((~pid << 3) | 2)
        with open(f"/proc/{pid}/stat", "rb") as record:
            fields = record.read().rpartition(b")")[2].split()
        return own + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0
