"""The learner's file of an exercise, written by a cell: `KIT_HOME/exercises/<id>.py`.

Rules: nothing of the learner's is lost: if the file is not what this cell last wrote and not the stub, a dated copy is
kept before it is written, and the sentence about it is shown with the verdict; a write is whole or not at all.
"""

from __future__ import annotations

import hashlib

from kit.grading import progress
from kit.grading.exercise import Exercise
from kit.grading.work import path
from kit.workloads import places


def write(exercise: Exercise, body: str) -> str:
    """Write the cell's text into the file. Returns a sentence if a copy was kept, else ''. Raises OSError."""
    file, note = path(exercise), ""
    if file.is_file():
        old = _digest(file.read_bytes())
        if old not in (
            _digest(body.encode()),
            _digest(exercise.stub.encode()),
            progress.entry(exercise.id).get("cell"),
        ):
            copy = progress.set_aside(file, places.home() / "backups").relative_to(places.home())
            note = f"exercises/{file.name} had changed since this cell last wrote it; that version is kept as {copy}."
    progress.write_whole(file, body)
    progress.change(exercise.id, lambda entry: entry.__setitem__("cell", _digest(body.encode())))
    return note


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
