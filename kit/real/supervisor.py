"""Starts every process of ours (servers, a learner's code, Lab) so that none outlives us.

Rules: each process has a keeper of its own (`keeper.py`) in a session of its own, so Ctrl-C reaches us alone and we
end the keeper; the keeper holds one end of a socket pair and we the other, so a SIGKILL to us leaves nothing.
No process of ours inherits a pipe of ours, and stdin is empty.
Source: engines.md's orphans that held a notebook open for ever; design.md, "Processes".
Leaves out: Windows, which has neither fork nor socket pairs of this kind (WSL has).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kit.real import keeper
from kit.real.limits import Limits

_END_WITHIN_S = 10.0


class StartFailed(OSError):
    """A process of ours could not be started; the text says which and what the system said."""


class Supervised:
    """One process and everything it starts. Use as a context manager, or call `end()`."""

    def __init__(self, keeper_process: subprocess.Popen[bytes], control: socket.socket, pid: int) -> None:
        self.pid = pid
        self.exit_status: int | None = None
        self._keeper = keeper_process
        self._control = control
        self._last_output = b""

    def alive(self) -> bool:
        """Whether the process itself still runs."""
        while self.exit_status is None and self._readable():
            self._note(keeper_message(self._control))
        return self.exit_status is None

    def output(self) -> bytes:
        """The last 64 KiB of what it printed; empty unless started with `output="tail"`."""
        if self._control.fileno() >= 0:
            with contextlib.suppress(OSError):
                keeper.send(self._control, "output")
                self._until("output")
        return self._last_output

    def end(self) -> None:
        """Kill the process and all its descendants, and return when none is left. May be called twice."""
        if self._control.fileno() < 0:
            return
        self.output()
        with contextlib.suppress(OSError):
            keeper.send(self._control, "end")
            self._until("ended")
        self._control.close()
        try:
            self._keeper.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:  # something hangs in the kernel: at least the keeper goes
            self._keeper.kill()
            self._keeper.wait()
        if self.exit_status is None:
            self.exit_status = -9

    def ask_to_end(self, within_s: float = 5.0) -> None:
        """SIGTERM, some time to obey it, then `end()`: for servers that have something to close."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                self._control.settimeout(within_s)
                while self.exit_status is None:
                    self._note(keeper_message(self._control))
        self.end()

    def wait(self) -> int:
        """Block until the process ends; returns its exit status (negative: the signal)."""
        self._control.settimeout(None)
        while self.exit_status is None:
            self._note(keeper_message(self._control))
        return self.exit_status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _until(self, key: str) -> None:
        self._control.settimeout(_END_WITHIN_S)
        while True:
            message = keeper_message(self._control)
            self._note(message)
            if message is None or key in message:
                return

    def _note(self, message: Mapping[str, Any] | None) -> None:
        if message is None:  # the keeper is gone, and on Linux the process with it
            self.exit_status = self.exit_status if self.exit_status is not None else -9
        elif "exited" in message:
            self.exit_status = message["exited"]
        elif "output" in message:
            self._last_output = message["output"].encode("latin-1")

    def _readable(self) -> bool:
        if self._control.fileno() < 0:
            return False
        self._control.setblocking(False)
        try:
            return self._control.recv(1, socket.MSG_PEEK) is not None
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self._control.settimeout(_END_WITHIN_S)


def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    output: str = "tail",
    cwd: str = "/",
    keep: Sequence[int] = (),
    limits: Limits | None = None,
    subreaper: bool = True,
) -> Supervised:
    """Start `argv` (its first entry a path) with exactly this environment.

    `output`: "tail" keeps the last 64 KiB, anything else is the path of a file.
    `keep`: our descriptors that it inherits under the same numbers; everything else is closed.
    Raises StartFailed when the program cannot be executed.
    """
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, *_keeper_arguments(theirs.fileno(), subreaper)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(theirs.fileno(), *keep),
        start_new_session=True,
        cwd="/",
        env=clean_environment(PYTHONDONTWRITEBYTECODE="1"),
    )
    theirs.close()
    order = {
        "argv": list(argv),
        "env": dict(env),
        "cwd": cwd,
        "limits": None if limits is None else limits.as_json(),
        "output": output,
        "keep": list(keep),
        "subreaper": subreaper,
    }
    ours.settimeout(_END_WITHIN_S)
    try:
        keeper.send(ours, order)
        answer = keeper_message(ours) or {"failed": "the supervisor's process ended at once"}
    except OSError as problem:
        answer = {"failed": str(problem)}
    if "failed" in answer:
        ours.close()
        process.wait()
        raise StartFailed(f"could not start {argv[0]}: {answer['failed']}")
    return Supervised(process, ours, answer["started"])


def keeper_message(control: socket.socket) -> Mapping[str, Any] | None:
    """The keeper's next message; None when the keeper is gone. Raises TimeoutError."""
    try:
        message: Mapping[str, Any] | None = keeper.receive(control)
    except ConnectionError:
        return None
    return message


def _keeper_arguments(control_fd: int, subreaper: bool) -> list[str]:
    """On Linux the keeper needs no site-packages and starts in some 15 ms; elsewhere it needs psutil."""
    isolated = ["-I", "-S"] if subreaper and sys.platform == "linux" else ["-I"]
    root = str(Path(keeper.__file__).resolve().parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); from kit.real.keeper import main; main({control_fd})"
    return [*isolated, "-c", code]


def clean_environment(**extra: str) -> dict[str, str]:
    """A minimal environment: search paths, the language and the folder for temporary files; plus `extra`."""
    # A Python that was built as a shared library may need the library path to start at all.
    names = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {"LANG": "C.UTF-8", **kept, **extra}
