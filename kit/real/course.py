"""The learner's own copies of the notebooks: made on first use, never overwritten without a dated copy.

Rules: a copy is made whole (written beside, then renamed); a shipped notebook that has not changed since it was copied
is left alone, whatever the learner did to theirs; one that has changed replaces the learner's, and what the learner
had changed goes to `backups/` first. What was shipped when is kept as digests in `notebooks/.shipped.json`.
Source: design.md, decision 12.
Leaves out: merging. An updated lesson is a new lesson, and the learner's answers stand in the dated copy.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from kit.cache.clock import Clock

START_PAGES = ("00*.ipynb", "*.ipynb")  # the first that is there opens first
_RECORD = ".shipped.json"


def bring_up_to_date(shipped: Path, home: Path, clock: Clock) -> list[str]:
    """Copy what is new from the folder `shipped` into `home/notebooks`. Returns a sentence for each thing done."""
    folder = home / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    known, said = _read_record(folder), []
    for source in sorted(shipped.glob("*.ipynb")):
        target, digest = folder / source.name, _digest(source)
        if not target.exists():
            said.append(f"new: {source.name}")
        elif known.get(source.name) == digest or _digest(target) == digest:
            known[source.name] = digest
            continue
        elif known.get(source.name) == _digest(target):
            said.append(f"updated: {source.name}")
        else:
            kept = keep_a_copy(target, home, clock)
            said.append(f"updated: {source.name}; yours is kept as {kept.relative_to(home)}")
        _copy_whole(source, target)
        known[source.name] = digest
    _write_whole(folder / _RECORD, json.dumps(known, indent=1, sort_keys=True))
    return said


def keep_a_copy(path: Path, home: Path, clock: Clock) -> Path:
    """Copy `path` to `home/backups/NAME.DATE.SUFFIX`, under a name that is not taken. Returns where."""
    backups = home / "backups"
    backups.mkdir(parents=True, exist_ok=True)
    date = datetime.fromtimestamp(clock.now_us() / 1e6).strftime("%Y-%m-%d_%H-%M-%S")
    kept = backups / f"{path.stem}.{date}{path.suffix}"
    count = 1
    while kept.exists():
        count += 1
        kept = backups / f"{path.stem}.{date}.{count}{path.suffix}"
    _copy_whole(path, kept)
    return kept


def start_page(folder: Path) -> str | None:
    """The name of the notebook that opens first; None in an empty folder."""
    for pattern in START_PAGES:
        if names := sorted(path.name for path in folder.glob(pattern)):
            return names[0]
    return None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_record(folder: Path) -> dict[str, str]:
    """What was shipped as each copy; a lost or broken record only means that more dated copies are kept."""
    with contextlib.suppress(OSError, ValueError):
        record = json.loads((folder / _RECORD).read_text())
        if isinstance(record, dict):
            return record
    return {}


def _copy_whole(source: Path, target: Path) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, beside)
    beside.replace(target)


def _write_whole(target: Path, text: str) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_text(text)
    beside.replace(target)
