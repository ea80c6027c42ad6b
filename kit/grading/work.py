"""The learner's file of an exercise: made from the stub, read as bytes, put back with a dated copy.

Rules: nothing of the learner's is overwritten or lost; a submission is a plain file of its own: a folder, a symbolic
link, a pipe or a device is refused with a sentence, and so is what is too large to be anybody's answer.
Source: the kit's contracts, "Files and places".
Leaves out: the file that a notebook's cell writes (`kit/lab/submission.py`).
"""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from kit.grading.exercise import Exercise
from kit.grading.progress import set_aside, write_whole
from kit.workloads import places

MOST_BYTES = 1024 * 1024


class WorkError(Exception):
    """A file that cannot be judged, made or put back; the sentence says which, why and what to do."""


def path(exercise: Exercise) -> Path:
    """Where the learner's file of an exercise stands."""
    return places.home() / "exercises" / f"{exercise.id}.py"


def prepare(exercise: Exercise) -> bool:
    """Make the learner's file from the stub if nothing stands there. Returns whether it was made. Raises WorkError."""
    file = path(exercise)
    if os.path.lexists(file):
        return False
    stub = exercise.stub
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "x", encoding="utf-8") as out:
            out.write(stub)
    except FileExistsError:
        return False
    except OSError as error:
        raise WorkError(
            f"{file} could not be made: {_words(error)}. Is KIT_HOME a folder that you may write?"
        ) from None
    return True


def read(file: Path) -> bytes:
    """A submission's bytes, without a byte order mark. Raises WorkError for what is no plain, readable file."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise WorkError(_refusal(file, error)) from None
    try:
        if (refusal := _unfit(file, os.fstat(handle))) is not None:
            raise WorkError(refusal)
        with open(handle, "rb", closefd=False) as source:
            return source.read(MOST_BYTES + 1).removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise WorkError(f"{file} cannot be read: {_words(error)}") from None
    finally:
        os.close(handle)


def reset(exercise: Exercise) -> Path | None:
    """Put the stub back. Returns the dated copy of what stood there; None where only the stub did. Raises WorkError."""
    if prepare(exercise):
        return None
    file = path(exercise)
    if read(file) == exercise.stub.encode():
        return None
    try:
        # Moved, not copied: what an editor saves at this very moment is in the copy too.
        copy = set_aside(file, places.home() / "backups")
        write_whole(file, exercise.stub)
    except OSError as error:
        raise WorkError(f"{file} could not be put back to the stub: {_words(error)}") from None
    return copy


def _unfit(file: Path, status: os.stat_result) -> str | None:
    if stat.S_ISDIR(status.st_mode):
        return f"{file} is a folder; name the Python file with your functions"
    if not stat.S_ISREG(status.st_mode):
        return f"{file} is a pipe, socket or device; name the Python file with your functions"
    if status.st_size > MOST_BYTES:
        return f"{file} has {status.st_size:,} bytes; a submission has at most {MOST_BYTES:,}"
    return None


def _refusal(file: Path, error: OSError) -> str:
    if file.is_symlink():
        return f"{file} is a symbolic link; name the file itself"
    if isinstance(error, FileNotFoundError):
        return f"there is no file {file}"
    return f"{file} cannot be read: {_words(error)}"


def _words(error: OSError) -> str:
    return error.strerror or str(error)
