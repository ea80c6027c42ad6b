"""The supervisor's process: it stands between us and one process of ours, and outlives neither.

Rules: it starts the process and drains what that prints; when the process ends, when it is told to, or when the pipe
from its own parent reaches its end (the parent was killed, however), it ends every descendant and then itself.
It speaks only to its parent: frames of four bytes of length and JSON. Standard library only, started without site.
Source: socketpair(2), signalfd's older form `signal.set_wakeup_fd`, prctl(2).
Leaves out: restarts. A process of ours that ends has ended.

    parent → keeper   {argv, env, cwd, limits, output, keep, subreaper} once, then "output" or "end"
    keeper → parent   {started: pid} or {failed: text}, {output: text}, {exited: status}, {ended: true}
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
from typing import Any

from kit.cache.clock import WallClock
from kit.real.limits import apply_limits
from kit.real.process_tree import Tree, die_with_parent, tree_of_this_process

KEPT_OUTPUT = 64 << 10
_CALMED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C is the parent's to answer
_RESTORED = (*_CALMED, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD)  # else exec would hand our settings on


def send(channel: socket.socket, message: Any) -> None:
    body = json.dumps(message).encode()
    channel.sendall(struct.pack(">I", len(body)) + body)


def receive(channel: socket.socket) -> Any | None:
    """The next message; None at the end of the pipe."""
    head = _exactly(channel, 4)
    body = head and _exactly(channel, struct.unpack(">I", head)[0])
    return json.loads(body) if body else None


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    parts = b""
    while len(parts) < size:
        part = channel.recv(size - len(parts))
        if not part:
            return None
        parts += part
    return parts


class Output:
    """The last bytes that the process printed, drained whether anyone reads them or not."""

    def __init__(self, read_end: int | None) -> None:
        self._read_end = read_end
        self._kept = bytearray()
        if read_end is not None:
            os.set_blocking(read_end, False)
            _widen(read_end)

    @property
    def sources(self) -> list[int]:
        return [] if self._read_end is None else [self._read_end]

    def drain(self, rounds: int = 64) -> None:
        """Take what is there; `rounds` bounds it, so that an endless printer cannot hold the keeper."""
        for _ in range(rounds):
            if self._read_end is None:
                return
            try:
                chunk = os.read(self._read_end, 1 << 20)
            except BlockingIOError:
                return
            if not chunk:
                os.close(self._read_end)
                self._read_end = None
            self._kept += chunk[-KEPT_OUTPUT:]
            del self._kept[:-KEPT_OUTPUT]

    def text(self) -> str:
        return self._kept.decode("latin-1")


def _widen(pipe: int) -> None:
    """A longer pipe, where the system has it: a gigabyte printed then costs fewer changes of process."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)


class Keeper:
    """One process, its tree and its output."""

    def __init__(self, control: socket.socket, order: dict[str, Any]) -> None:
        self._control = control
        self._parent = os.getppid()
        self._tree: Tree = tree_of_this_process(subreaper=order["subreaper"])
        self._alarm = _wake_at_child_ends()
        self._pid, read_end = _start({**order, "env": {**order["env"], **self._tree.mark}})
        self._output = Output(read_end)

    def keep(self) -> None:
        """Serve until told to end, or until the parent is gone."""
        send(self._control, {"started": self._pid})
        clock, looked_s = WallClock(), 0.0
        while os.getppid() == self._parent:
            sources = [self._control.fileno(), self._alarm, *self._output.sources]
            ready, _, _ = select.select(sources, [], [], self._tree.look_every_s)
            if clock.monotonic_s() - looked_s >= self._tree.look_every_s:  # a look costs more than a drain
                self._tree.look()
                looked_s = clock.monotonic_s()
            if self._alarm in ready:
                os.read(self._alarm, 4096)
                self._note_ends()
            self._output.drain()
            if self._control.fileno() in ready and not self._obey(receive(self._control)):
                return

    def end(self) -> None:
        self._tree.end()
        self._output.drain()

    def _obey(self, message: Any | None) -> bool:
        if message == "output":
            send(self._control, {"output": self._output.text()})
            return True
        return False

    def _note_ends(self) -> None:
        """Reap whoever ended. With the process itself, what it started ends: nobody is left to answer for it."""
        for pid, status in iter(_ended_child, None):
            if pid == self._pid:
                self.end()
                send(self._control, {"exited": os.waitstatus_to_exitcode(status)})


def _ended_child() -> tuple[int, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _wake_at_child_ends() -> int:
    """A pipe that becomes readable when a child ends: select then needs no time-out for it."""
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return read_end


def _start(order: dict[str, Any]) -> tuple[int, int | None]:
    """Fork and exec. Returns the process id and, where the output is kept, the pipe's read end.

    Raises OSError with the system's words when the program cannot be executed.
    """
    failed_read, failed_write = os.pipe()  # closed by a successful exec
    read_end, write_end = os.pipe() if order["output"] == "tail" else (None, None)
    pid = os.fork()
    if pid == 0:
        try:
            die_with_parent()
            os.setsid()  # a signal to its whole group must not reach the keeper
            for number in _RESTORED:
                signal.signal(number, signal.SIG_DFL)
            _connect_output(order["output"], write_end)
            for fd in order["keep"]:
                os.set_inheritable(fd, True)
            os.chdir(order["cwd"])
            if order["limits"] is not None:
                apply_limits(order["limits"])
            os.execve(order["argv"][0], order["argv"], order["env"])
        except BaseException as problem:
            os.write(failed_write, str(problem).encode())
        os._exit(127)
    for fd in (failed_write, write_end, *order["keep"]):
        if fd is not None:
            os.close(fd)  # an end held here would keep the other end from seeing the process end
    with os.fdopen(failed_read, "rb") as failed:
        if text := failed.read().decode(errors="replace"):
            os.waitpid(pid, 0)
            raise OSError(text)
    return pid, read_end


def _connect_output(output: str, write_end: int | None) -> None:
    if write_end is None:
        write_end = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(write_end, 1)
    os.dup2(write_end, 2)


def main(control_fd: int) -> None:
    os.set_inheritable(control_fd, False)
    for number in _CALMED:
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    order = receive(control)
    if order is None:
        return
    try:
        keeper = Keeper(control, order)
    except OSError as problem:
        send(control, {"failed": str(problem)})
        return
    try:
        keeper.keep()
    except ConnectionError:
        pass  # the parent is gone: the same as the end of the pipe
    finally:
        keeper.end()
    with contextlib.suppress(OSError):
        send(control, {"ended": True})
