"""Plain tables of a lesson: what the hook tells, and what is counted on a tape.

Rules: every figure is computed from the archive, the series or a tape, never typed in; a table is HTML and aligned
text, so nbval compares it and a page without styles can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from kit.grading import exercise, in_service
from kit.lab import scenes
from kit.lab.live import SEED
from kit.lab.mount import mount
from kit.views import series
from kit.views.series import Data, Point
from kit.views.staleness import Stale, staleness
from kit.workloads.flights import archive, image, rule, window
from kit.workloads.scene_rows import Row
from kit.world.image import clock_time

# The two minutes in which that copy lived and ended.
WINDOW_MIN = (8 * 60 + 45, 8 * 60 + 47)
Rows = Sequence[Sequence[str]]
# LaGuardia, the departures of nine o'clock: a copy that was filled at 08:45:25, looked at 55 s later.
AIRPORT, FROM_MIN, TO_MIN = "LGA", 9 * 60, 10 * 60
FILLED_US, LOOKED_US = (8 * 3600 + 45 * 60 + 25) * 1_000_000, (8 * 3600 + 46 * 60 + 20) * 1_000_000


def show(head: Sequence[str], rows: Rows, caption: str = "") -> None:
    """Show a table with a sentence below it."""
    mount(None, html(head, rows, caption), text(head, rows, caption), ("card.css",))


def html(head: Sequence[str], rows: Rows, caption: str = "") -> str:
    """The table as HTML."""
    titles = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    below = f'<p class="kit-sub">{escape(caption)}</p>' if caption else ""
    table = f'<table class="kit-table"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'
    return f'<section class="kit-card">{table}{below}</section>'


def text(head: Sequence[str], rows: Rows, caption: str = "") -> str:
    """The table as aligned text."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    return "\n".join([*(line.rstrip() for line in lines), *([caption] if caption else [])])


def two_days(data: Data, ttl_s: int = 60) -> tuple[list[str], list[list[str]]]:
    """The storm beside its twin: looks, changes, misses, and both kinds of stale looks at that TTL."""
    stop = data["stops"].index(ttl_s)
    values = {day: series.value(data, Point(day, "board", stop)) for day in series.DAYS}
    counted = {day: data["days"][day] for day in series.DAYS}
    rows = [
        ["looks at a board", *(series.count(counted[day]["looks"]) for day in series.DAYS)],
        ["changes of a flight", *(series.count(counted[day]["changes"]) for day in series.DAYS)],
        [f"misses, TTL {series.span(ttl_s)}", *(series.count(values[day]["misses"]) for day in series.DAYS)],
        ["looks at a wall with a wrong row", *(series.share(values[day]["wall"]) for day in series.DAYS)],
        ["looks at one's own row, wrong", *(series.share(values[day]["phone"]) for day in series.DAYS)],
    ]
    return ["three airport boards", *series.DAYS.values()], rows


def wall_against_database() -> tuple[list[str], list[list[str]], str]:
    """The rows of the hook's wall that the database no longer holds, and a sentence about all of them."""
    with_archive = archive.open_archive(archive.ensure().parent)
    day = rule.day_of(with_archive, rule.STORM, SEED)
    wall, truth = ([row for row in image.image_at(day, at, AIRPORT) if _listed(row)] for at in (FILLED_US, LOOKED_US))
    differ = [(old, new) for old, new in zip(wall, truth, strict=True) if old != new]
    rows = [[clock_time(old.sched), old.label, old.dest, said(old), said(new)] for old, new in differ]
    head = ["planned", "flight", "to", "the wall says", "the database says"]
    age_s = (LOOKED_US - FILLED_US) // 1_000_000
    return head, rows, f"{len(differ)} of {len(wall)} rows are wrong; the copy is {age_s} s old."


def seconds_stale() -> tuple[list[str], list[list[str]], str]:
    """For each commit of two minutes at LaGuardia: how long, and how often, the old board was still answered.

    The boards are served by the learner's `get_board` once it has passed, and the changes go past it.
    """
    with_archive = archive.open_archive(archive.ensure().parent)
    minutes = window.window(with_archive, rule.STORM, AIRPORT, *WINDOW_MIN, SEED)
    served = in_service.serve(exercise.load("lazy_loading"), minutes, posts=False)
    left, deleted = staleness(served.tape), staleness(scenes.storm(minutes, "textbook"))
    rows = [[_at(one), one.label, f"{one.seconds:.1f} s", str(one.answers)] for one in left]
    longest = max(one.seconds for one in left)
    end = f"With commit, then delete, the same minutes end with {sum(one.answers for one in deleted)} old answers."
    head = ["commit", "flight", "old board still shown for", "old answers"]
    start = f"{len(minutes.looks):,} looks, TTL at most {scenes.TTL_S} s, modelled; the longest: {longest:.1f} s."
    return head, rows, f"{start} {end} {served.label}"


def _at(one: Stale) -> str:
    seconds = WINDOW_MIN[0] * 60 + one.committed_us // 1_000_000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def said(row: Row) -> str:
    """A flight's delay as a board words it."""
    if row.delay == rule.CANCELLED:
        return "cancelled"
    return f"leaves {clock_time(row.sched + row.delay)}" if row.delay else "on time"


def _listed(row: Row) -> bool:
    return FROM_MIN <= row.sched < TO_MIN


def prepare(progress: Any = None) -> None:
    """Build the archive if it is not there (about five seconds, once)."""
    archive.ensure(progress=progress)
