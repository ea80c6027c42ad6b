"""What a learner has done: one JSON file, written whole or not at all.

A file that cannot be read is put aside with a date, never overwritten; a disk that cannot be written is a sentence and
loses nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.cache.clock import WallClock
from kit.workloads import places

Entry = dict[str, Any]


def path() -> Path:
    return places.home() / "progress.json"


def read() -> dict[str, Any]:
    """Everything recorded, `{"exercises": {id: entry}}`. A damaged file counts as empty and is put aside."""
    file = path()
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(data, dict) and isinstance(data.get("exercises"), dict):
            return data
    except FileNotFoundError:
        return {"exercises": {}}
    except (OSError, ValueError):
        pass
    with contextlib.suppress(OSError):
        file.replace(file.with_name(f"progress.{stamp()}.damaged.json"))
    return {"exercises": {}}


def entry(exercise: str) -> Entry:
    """What is known of one exercise."""
    return dict(read()["exercises"].get(exercise, {}))


def change(exercise: str, update: Callable[[Entry], None]) -> str | None:
    """Change one entry. Returns None, or a sentence that says why it could not be kept."""
    try:
        with _alone():
            data = read()
            update(data["exercises"].setdefault(exercise, {}))
            write_whole(path(), json.dumps(data, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        return f"your progress could not be kept ({error.strerror or error}); the verdict stands all the same"
    return None


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a reader finds the old text or the new one, never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def stamp() -> str:
    """A date for the name of a copy: `2026-11-25_09-30-00`."""
    return datetime.fromtimestamp(WallClock().now_us() / 1_000_000, UTC).strftime("%Y-%m-%d_%H-%M-%S")


@contextlib.contextmanager
def _alone() -> Any:
    """Two of us at once (a Lab and a shell) take turns."""
    places.home().mkdir(parents=True, exist_ok=True)
    with open(places.home() / ".progress.lock", "a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield
