"""What is installed here, what is kept where, and how one leaves and comes back: the start page's details.

Rules: nothing is started to find out; what a machine does not have is said with what is missing without it; while
notebooks are built no line depends on the machine or the learner, so every machine stores the same.
Source: syllabus.md, lesson 00 ("Set-up card instead of a score").
"""

from __future__ import annotations

from collections.abc import Callable

from kit.grading import exercise, progress
from kit.lab import tables
from kit.lab.places import building
from kit.real.memcached import memcached_binary
from kit.real.supervisor import StartFailed
from kit.real.valkey import valkey_binary
from kit.workloads import places

HEAD = ("what", "here")
_LATER = "looked for when you run this cell"


def rows() -> list[list[str]]:
    """Every line of the card."""
    return [
        ["the engines of the course", "the kit's own models of Valkey 9.1 and memcached 1.6, on a clock of their own"],
        ["a real Valkey", _found(valkey_binary)],
        ["a real memcached", _found(memcached_binary)],
        ["network", "none: no account, nothing leaves this machine"],
        ["data", "336,776 flights of 2013, prepared once"],
        ["your progress", _progress()],
        ["your files", "the folder work/ of your clone: notebooks/ (these pages), exercises/, progress.json, backups/"],
        ["to leave", "File, Shut Down; or Ctrl+C where you typed make lab. What you wrote is saved as you write it"],
        ["to come back", "make lab; this page opens, and the map says where you were"],
    ]


def details() -> str:
    """The card folded: one line that opens."""
    return f"<details><summary>Details: engines, files, progress</summary>{tables.html(HEAD, rows())}</details>"


def _found(binary: Callable[[], object]) -> str:
    if building():
        return _LATER
    try:
        binary()
    except StartFailed:
        return "not here; only cells that say “measured here” miss it"
    return "found; cells that say “measured here” start it and end it again"


def _progress() -> str:
    if building():
        return _LATER
    if damaged := progress.mend():
        return damaged
    known, kept = exercise.ids(), progress.read()["exercises"]
    passed = sum(bool(kept.get(one, {}).get("passed")) for one in known)
    return f"{passed} of {len(known)} exercises passed; kept in {places.home().name}/progress.json"
