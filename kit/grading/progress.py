"""What a learner has done: one JSON file, written whole or not at all.

Rules: readers take no lock and change nothing; writers take turns, read again under the lock and replace it whole;
a file that is not ours is put aside under a new dated name, never overwritten, and that is said; a file or disk that
cannot be read or written is a sentence, and nothing is written over it; nor over the file of a newer kit.
An entry: points (best so far), outcome (of the last verdict), passed (ever), attempts, trace (token of the last public
failure that still stands), hints (shown), gave_up, right (digest of the text that passed last), score (best of the
second task), and what a notebook's cell remembers. Beside the exercises stands the learner's own `seed`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.cache.clock import WallClock
from kit.workloads import places

Entry = dict[str, Any]

FORMAT = 1  # a file without `format` is of this one

_TYPES = {
    "points": int, "outcome": str, "passed": bool, "attempts": int, "trace": str, "hints": int, "gave_up": bool,
    "right": str, "score": int, "first_score": int,
}  # fmt: skip
_NO_ATTEMPT = ("not_attempted", "fault")


class Damaged(ValueError):
    """The file is there and is not what we write."""


class Newer(ValueError):
    """The file is of a format that a later kit writes; the sentence says which came and what to do."""


def path() -> Path:
    return places.home() / "progress.json"


def read() -> dict[str, Any]:
    """Everything recorded, `{"exercises": {id: entry}}`; what cannot be read, is damaged or newer counts as empty."""
    try:
        return _load()
    except (OSError, Damaged, Newer):
        return {"exercises": {}}


def entry(exercise: str) -> Entry:
    """What is known of one exercise."""
    return dict(read()["exercises"].get(exercise, {}))


def change(exercise: str, update: Callable[[Entry], None]) -> str | None:
    """Change one entry. Returns None, or a sentence: why it could not be kept, or what was put aside first."""
    return change_whole(lambda data: update(data["exercises"].setdefault(exercise, {})))


def change_whole(update: Callable[[dict[str, Any]], None]) -> str | None:
    """Change everything recorded at once. Returns as `change`."""
    aside = None
    try:
        with alone():
            aside = _put_aside()
            data = _load()
            update(data)
            write_whole(path(), json.dumps(data, indent=1, sort_keys=True) + "\n")
    except (OSError, Newer) as error:
        words = _words(error) if isinstance(error, OSError) else str(error)
        problem = f"your progress could not be kept ({words}); all else stands"
        return f"{aside}; {problem}" if aside else problem
    return aside


def record(verdict: dict[str, Any], source: str | bytes | None = None) -> str | None:
    """Keep a verdict of the learner's own file, but for a real server's and a fault of ours. Returns as `change`.

    source: the text that was judged; the kit serves with it later, as long as the file says exactly that.
    """
    if verdict["engine"] != "model" or verdict["outcome"] == "fault":
        return None

    def update(entry: Entry) -> None:
        entry["points"] = max(entry.get("points", 0), verdict["points"])
        entry["outcome"] = verdict["outcome"]
        entry["passed"] = entry.get("passed", False) or verdict["outcome"] == "correct"
        entry["attempts"] = entry.get("attempts", 0) + (verdict["outcome"] not in _NO_ATTEMPT)
        if source is not None and verdict["outcome"] == "correct":
            entry["right"] = text_digest(source)
        if verdict["trace"] and verdict["outcome"] != "not_attempted":
            entry["trace"] = verdict["trace"]
        elif verdict["outcome"] == "correct" or (verdict["previous"] or {}).get("passes"):
            entry.pop("trace", None)  # code that does not even load leaves it: it says nothing about that schedule

    return change(verdict["exercise"], update)


def text_digest(source: str | bytes) -> str:
    """Sixteen hex digits of a submission's text."""
    return hashlib.sha256(source.encode() if isinstance(source, str) else source).hexdigest()[:16]


def mend() -> str | None:
    """Put a damaged file aside. Returns None, or a sentence: what was put aside, or that the file cannot be read."""
    try:
        _load()
    except Damaged:
        try:
            with alone():
                return _put_aside()
        except OSError as error:
            return f"{path()} is damaged and could not be put aside ({_words(error)}); it counts as empty"
    except OSError as error:
        return f"{path()} cannot be read ({_words(error)}); it counts as empty and is left as it is"
    except Newer as error:
        return f"{error}; it counts as empty and is left as it is"
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


def set_aside(file: Path, folder: Path, suffix: str = ".py") -> Path:
    """Move a file to a new dated name in `folder`; returns the name. Nothing that stands there is overwritten.

    Raises OSError; the file is then where it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem, number = f"{file.stem}.{stamp()}", 1
    while True:
        name = folder / f"{stem}{f'.{number}' if number > 1 else ''}{suffix}"
        try:
            name.touch(exist_ok=False)  # ours from here on, whoever else looks for a name in this second
            break
        except FileExistsError:
            number += 1
    try:
        return file.replace(name)
    except OSError:
        name.unlink()
        raise


def stamp() -> str:
    """A date for the name of a copy: `2026-11-25_09-30-00`."""
    return datetime.fromtimestamp(WallClock().now_us() / 1_000_000, UTC).strftime("%Y-%m-%d_%H-%M-%S")


def _load() -> dict[str, Any]:
    """The file's content. Raises OSError, Damaged, Newer."""
    try:
        text = path().read_bytes()
    except FileNotFoundError:
        return {"exercises": {}}
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Damaged(str(error)) from None
    written = data.get("format", FORMAT) if isinstance(data, dict) else FORMAT
    if type(written) is int and written > FORMAT:
        raise Newer(f"progress.json is of format {written} and this kit knows {FORMAT}: update the kit")
    entries = data.get("exercises") if isinstance(data, dict) else None
    if not isinstance(entries, dict) or not all(map(_is_entry, entries.values())):
        raise Damaged("not a record of exercises")
    return dict(data)


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and all(
        type(value[name]) is kind for name, kind in _TYPES.items() if name in value
    )  # fmt: skip


def _put_aside() -> str | None:
    """Under the lock: move a damaged file away, if it still is one. Returns the sentence about it."""
    try:
        _load()
    except Damaged:
        name = set_aside(path(), places.home(), ".damaged.json")
        return f"progress.json was damaged; it is kept as {name}, and your progress begins anew"
    return None


@contextlib.contextmanager
def alone(folder: Path | None = None) -> Iterator[None]:
    """Two of us at once (a Lab and a shell) take turns. folder: KIT_HOME. Raises OSError."""
    folder = folder or places.home()
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".progress.lock", "a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield


def _words(error: OSError) -> str:
    return error.strerror or str(error)
