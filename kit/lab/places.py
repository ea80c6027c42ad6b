"""Whether a notebook is being built, and where the clone stands.

Rules: under `KIT_BUILD=1` (the notebook build and nbval) nothing that differs between two runs may reach an output: no
living widget, no progress bar, no date. The learner's folder is `kit.workloads.places.home()`.
"""

from __future__ import annotations

import os
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
BUILD = "KIT_BUILD"


def building() -> bool:
    """True while notebooks are built or compared: show stored pictures, start nothing that moves."""
    return os.environ.get(BUILD) == "1"
