"""Where a learner's files and the prepared data live.

Rules: `KIT_HOME` is where learning writes, by default `work/` beside the installed package, wherever one stands;
`KIT_DATA` holds what is prepared once, by default `data/` inside it. Both are read at each call, so that a test may set
them. Nothing here creates a folder.
"""

from __future__ import annotations

import os
from pathlib import Path

_CLONE = Path(__file__).resolve().parents[2]


def home() -> Path:
    """The learner's folder: exercises, notebooks, progress, traces, backups."""
    return _from_environment("KIT_HOME") or _CLONE / "work"


def data() -> Path:
    """The folder of prepared data (the archive), shared by everything that runs on this machine."""
    return _from_environment("KIT_DATA") or home() / "data"


def _from_environment(name: str) -> Path | None:
    """The variable's folder as an absolute path; an empty variable counts as unset, as in a shell."""
    value = os.environ.get(name, "")
    return Path(value).expanduser().absolute() if value else None
