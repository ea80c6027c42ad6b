"""Everything a process has started, and its end.

Rules: on Linux the keeper is a *subreaper*: a process whose parent has ended is given to it, so each descendant stays
in its tree, whatever `setsid` and double forks did. First all are stopped, so that nothing forks while it is counted,
then all are killed and reaped, until none is left: a fork bomb ends too, because `RLIMIT_NPROC` bounds it.
Elsewhere the tree is looked at every 50 ms; what was once seen in it, or carries its mark in the environment, is
killed at the end: care, not a wall.
Source: prctl(2) PR_SET_CHILD_SUBREAPER, proc(5), Linux man-pages 6.03; psutil 6.
Leaves out: control groups, which an ordinary user cannot make.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from typing import Protocol

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38


def prctl(option: int, value: int) -> bool:
    """One call of prctl(2); False where the system has none or refuses."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)


def die_with_parent() -> None:
    """Ask for SIGKILL when the parent ends. A change of user id clears it: ask again after one."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def no_new_privileges() -> None:
    """No set-uid program gives anything back, here and in every descendant."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


class Tree(Protocol):
    """The descendants of this process."""

    look_every_s: float
    mark: dict[str, str]  # to be put into the environment of what is started

    def look(self) -> None:
        """Note who is there now."""

    def end(self) -> None:
        """Kill and reap every descendant; returns when none is left."""


_MARK = "KIT_KEEPER"


def tree_of_this_process(*, subreaper: bool = True) -> Tree:
    """The strongest tree that the system offers; `subreaper=False` takes the watched one (as on macOS)."""
    if subreaper and prctl(_PR_SET_CHILD_SUBREAPER, 1):
        return AdoptedTree()
    return WatchedTree()


class AdoptedTree:
    """Linux, with this process as subreaper: descendants cannot leave."""

    look_every_s = 1.0  # nothing to see; the keeper looks whether its parent is still there

    def __init__(self) -> None:
        self.mark: dict[str, str] = {}

    def look(self) -> None:
        """Nothing to note: the kernel keeps the tree."""

    def end(self) -> None:
        stopped: set[int] = set()
        while fresh := descendants(os.getpid()) - stopped:
            _signal(fresh, signal.SIGSTOP)
            stopped |= fresh
        while found := descendants(os.getpid()):
            _signal(found, signal.SIGKILL)
            _reap()
            time.sleep(0.001)  # a killed process takes a moment to end


class WatchedTree:
    """Anywhere else: psutil names the descendants, and those once seen are remembered."""

    look_every_s = 0.05

    def __init__(self) -> None:
        import psutil  # only here: the keeper on Linux starts without site-packages

        self._psutil = psutil
        self._me = psutil.Process()
        self._seen: dict[int, psutil.Process] = {}
        self.mark = {_MARK: f"{os.getpid()}.{self._me.create_time()}"}

    def look(self) -> None:
        roots = [self._me, *self._seen.values()]
        for root in roots:
            with contextlib.suppress(self._psutil.Error):
                self._seen.update((found.pid, found) for found in root.children(recursive=True))

    def end(self) -> None:
        for verb in ("suspend", "kill"):
            self.look()
            self._look_for_the_mark()
            for process in list(self._seen.values()):
                with contextlib.suppress(self._psutil.Error):
                    getattr(process, verb)()
        _reap()
        self._psutil.wait_procs(list(self._seen.values()), timeout=0.5)  # whose parent is another, who may be slow

    def _look_for_the_mark(self) -> None:
        """A process that left the tree between two looks still has the environment it was started with."""
        for process in self._psutil.process_iter():
            with contextlib.suppress(self._psutil.Error, OSError):
                if process.environ().get(_MARK) == self.mark[_MARK]:
                    self._seen[process.pid] = process


def descendants(root: int) -> set[int]:
    """Process ids below `root`, from one pass over /proc; ended ones that wait for their parent are among them."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError, ValueError):
            with open(f"/proc/{name}/stat", "rb") as stat:
                # "pid (name) state ppid …": the name may hold spaces and brackets, so read from the last bracket.
                parent = int(stat.read().rpartition(b")")[2].split()[1])
            children.setdefault(parent, []).append(int(name))
    found: set[int] = set()
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting.extend(below)
    return found


def _signal(pids: set[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
