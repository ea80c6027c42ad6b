"""The learner's file of an exercise, written by a cell: `KIT_HOME/exercises/<id>.py`.

Rules: nothing of the learner's is lost: if the file is not what this cell last wrote and not the stub, a dated copy is
kept before it is written, and the sentence about it is shown with the verdict; a write is whole or not at all.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from kit.grading import progress
from kit.grading.exercise import Exercise
from kit.workloads import places


def path(exercise: Exercise) -> Path:
    """Where the learner's file of an exercise stands."""
    return places.home() / "exercises" / f"{exercise.id}.py"


def write(exercise: Exercise, body: str) -> str:
    """Write the cell's text into the file. Returns a sentence if a copy was kept, else ''."""
    file, note = path(exercise), ""
    if file.is_file():
        old = file.read_bytes()
        if old not in (body.encode(), exercise.stub.encode()) and _digest(old) != progress.entry(exercise.id).get(
            "cell"
        ):
            note = _keep(exercise, old)
    progress.write_whole(file, body)
    progress.change(exercise.id, lambda entry: entry.__setitem__("cell", _digest(body.encode())))
    return note


def _keep(exercise: Exercise, old: bytes) -> str:
    copy = places.home() / "backups" / f"{exercise.id}.{progress.stamp()}.py"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(old)
    where = copy.relative_to(places.home())
    return f"exercises/{exercise.id}.py had changed since this cell last wrote it; that version is kept as {where}."


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
