"""The learner's own seed: drawn once and kept beside the progress, so that two learners meet two storms.

Rules: the first one stays; where nothing can be written the course's own seed serves, so that a score can be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from kit.grading import progress

COURSE = 29  # the seed of the lessons' pictures
MOST = 65_536


def drawn() -> int:
    """A seed that nobody chose."""
    return int.from_bytes(os.urandom(2), "big")


def of_the_learner(draw: Callable[[], int] = drawn) -> int:
    """The learner's seed, from 0 to 65,535; it is drawn and kept where there is none."""
    if (kept := _fit(progress.read())) is not None:
        return kept

    def keep(data: dict[str, Any]) -> None:
        if _fit(data) is None:
            data["seed"] = draw()

    progress.change_whole(keep)
    kept = _fit(progress.read())
    return COURSE if kept is None else kept


def _fit(data: dict[str, Any]) -> int | None:
    found = data.get("seed")
    return found if type(found) is int and 0 <= found < MOST else None
