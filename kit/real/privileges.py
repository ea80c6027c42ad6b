"""The last step before foreign code: a learner's child gives away what it will not need.

Rules, in this order: a fork loses the judge's channel (a grandchild must not speak for its parent); writing files is
refused with a sentence; as root the process takes a user id that nobody has, so that `RLIMIT_NPROC` binds it and no
file is its own; where it cannot, starting processes is refused by an audit hook, which is care and not a wall.
What was imported stays usable: an interpreter below a folder that only root may enter (root's own home, say) is
reached through descriptors opened before the drop.
Source: credentials(7), proc(5) on /proc/self/fd, user_namespaces(7), Linux man-pages 6.03; Python's audit events table.
Leaves out: seccomp, landlock. The verdict never rests on what the child says of itself, so care is enough.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.real.process_tree import die_with_parent, no_new_privileges

_PROCESS_EVENTS = frozenset(
    {"os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen"}
)
_FILE_EVENTS = frozenset(
    {"os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Privileges:
    """What the child may still do. `wall`: the kernel holds it, not an audit hook."""

    uid: int
    wall: bool
    note: str


def drop_privileges(channel_fd: int | None = None) -> Privileges:
    """Call once, in the child, after its imports and before it runs foreign code. Cannot be undone."""
    if channel_fd is not None:
        os.register_at_fork(after_in_child=lambda: _close(channel_fd))
    if os.geteuid() != 0:
        kept = Privileges(os.geteuid(), True, "an ordinary user: the kernel bounds its processes")
    else:
        kept = _become_nobody()
    no_new_privileges()
    sys.addaudithook(_refusals(processes=not kept.wall))
    return kept


def _become_nobody() -> Privileges:
    try:
        if sys.platform != "linux":
            raise OSError("user ids are given up on Linux only")
        uid = _unused_uid()
        _keep_imports_reachable()
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as problem:
        note = f"still root ({problem}): starting a process is refused by an audit hook, which is care, not a wall"
        return Privileges(os.geteuid(), False, note)
    die_with_parent()  # the change of user id has cleared it
    return Privileges(uid, True, f"user id {uid}, which nobody else has")


def _unused_uid() -> int:
    """An id of this process alone, so that the count of one child's processes is not another's.

    Raises OSError where the user namespace maps too few ids.
    """
    for base, size in ((1_000_000_000, 1 << 22), (20_000, 40_000)):
        uid = base + os.getpid() % size
        if _is_mapped(uid):
            return uid
    raise OSError("no unused user id is mapped here")


def _is_mapped(uid: int) -> bool:
    try:
        with open("/proc/self/uid_map") as table:
            ranges = [tuple(map(int, line.split())) for line in table]
    except FileNotFoundError:
        return True  # no user namespaces on this system
    return any(inside <= uid < inside + count for inside, _, count in ranges)


def _keep_imports_reachable() -> None:
    """Rewrite each import path that an ordinary user could not enter to /proc/self/fd/N.

    Raises OSError where even that does not help: the files themselves are for root only.
    """
    ways = _Ways()
    sys.path[:] = [ways.through(path) for path in sys.path]
    for module in list(sys.modules.values()):
        places = getattr(module, "__path__", None)
        if isinstance(places, list):
            places[:] = [ways.through(place) for place in places]
    sys.path_importer_cache.clear()


class _Ways:
    """Paths as an ordinary user reaches them, one open descriptor for each folder in need of it."""

    def __init__(self) -> None:
        self._opened: dict[str, str] = {}

    def through(self, path: str) -> str:
        if not os.path.isdir(path) or _everyone_may_enter(os.path.dirname(os.path.abspath(path))):
            return path
        for folder, way in self._opened.items():
            if path.startswith(folder + "/"):
                return way + path[len(folder) :]
        if not _mode_allows(path, stat.S_IROTH | stat.S_IXOTH):
            raise PermissionError(f"{path} can be read by root only")
        # O_PATH: a place to go on from, not a right to read; the folder's own mode still decides.
        way = f"/proc/self/fd/{os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)}"
        self._opened[path] = way
        return way


def _everyone_may_enter(folder: str) -> bool:
    while True:
        if not _mode_allows(folder, stat.S_IXOTH):
            return False
        parent = os.path.dirname(folder)
        if parent == folder:
            return True
        folder = parent


def _mode_allows(path: str, bits: int) -> bool:
    return os.stat(path).st_mode & bits == bits


def _refusals(*, processes: bool) -> Callable[[str, tuple[Any, ...]], None]:
    """The audit hook. It sees every event of the interpreter, so the common case is two look-ups."""
    refused = _FILE_EVENTS | (_PROCESS_EVENTS if processes else frozenset())

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int) and path != os.devnull:
                raise PermissionError(f"your code may not write files while it is checked: {path!r}")
        elif event in refused:
            what = "start processes" if event in _PROCESS_EVENTS else "change files"
            raise PermissionError(f"your code may not {what} while it is checked ({event})")

    return hook


def _close(fd: int) -> None:
    with contextlib.suppress(OSError):  # the submission may have closed it itself
        os.close(fd)
