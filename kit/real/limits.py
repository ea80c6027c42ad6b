"""What a learner's code may use of the machine.

Rules: limits are set between fork and exec, so the code never runs without them; each is a hard limit; what a system
does not hold (macOS ignores the address space) is left to the judge, which watches CPU and wall time itself.
Source: getrlimit(2), Linux man-pages 6.03. `RLIMIT_NPROC` counts the tasks of a user id and does not bind root:
`privileges.drop_privileges` gives the child a user id of its own.
Leaves out: `RLIMIT_CPU` (whole seconds, and it kills without a sentence).
"""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, the others are counts; None = as the parent has it."""

    memory: int | None = 1 << 30  # address space: 4 GiB asked for is a MemoryError
    file_size: int | None = 0  # no file grows
    processes: int | None = 32  # tasks above those that the user already has
    open_files: int | None = 128

    def as_json(self) -> dict[str, int | None]:
        return asdict(self)


def apply_limits(limits: Mapping[str, int | None]) -> None:
    """Bind the calling process, for good. Called by the keeper between fork and exec."""
    _bind(resource.RLIMIT_CORE, 0)
    _bind(resource.RLIMIT_FSIZE, limits["file_size"])
    _bind(resource.RLIMIT_AS, limits["memory"])
    _bind(resource.RLIMIT_NOFILE, limits["open_files"])
    processes = limits["processes"]
    if processes is not None:
        _bind(resource.RLIMIT_NPROC, processes + _tasks_of_this_user())


def _bind(kind: int, wanted: int | None) -> None:
    """Lower a limit; a system that does not know it, or has a lower one already, keeps what it has."""
    if wanted is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        wanted = hard
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (wanted, wanted))


def _tasks_of_this_user() -> int:
    """Threads that the user runs now: the limit counts them too. Root is not bound and counts none."""
    uid, count = os.getuid(), 0
    if uid == 0 or not os.path.isdir("/proc/self/task"):
        return 0 if uid == 0 else 256
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{name}").st_uid == uid:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count
