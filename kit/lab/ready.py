"""The first line of a lesson: what was prepared, and that all is there.

Rules: the year's data is prepared once for all lessons, with progress on screen; while notebooks are built only the
last sentence is shown, so every machine stores the same.
"""

from __future__ import annotations

from html import escape
from typing import Any

from kit.lab.mount import mount, page
from kit.lab.places import building
from kit.workloads.flights import archive

CSS = ("card.css",)


def show(sentence: str, details: str = "") -> None:
    """Prepare the archive if it is not there, then say `sentence`. details: HTML that is folded below it."""
    if archive.path().exists() or building():
        archive.ensure()
        mount(None, _line("✓", sentence) + details, sentence, CSS)
        return
    handle = mount(None, _line("…", "Preparing the flights of 2013, once for all lessons."), "Preparing.", CSS)
    archive.ensure(progress=lambda done, rows: _update(handle, "…", f"The flights of 2013: {done:,} of {rows:,} rows."))
    _update(handle, "✓", sentence, details)


def _update(handle: Any, glyph: str, sentence: str, details: str = "") -> None:
    if handle is not None:
        handle.update(page(_line(glyph, sentence) + details, sentence, CSS), raw=True)


def _line(glyph: str, sentence: str) -> str:
    return f'<p class="kit-ready"><span aria-hidden="true">{glyph}</span> {escape(sentence)}</p>'
