"""A recording: every position, word and state of the player, computed once, as plain data.

Rules: the SVG writer and `core.js` only draw what stands here; rows are computed once and windowed where they are
drawn, so an operation of a long tape costs two rows and not two pictures; a view is a function of its arguments.
`recording()` is what a Player, a page and a twin are made of; `Picture` is the part of one width.
Source: the kit's looks, "Anatomy", Player; contracts of the kit, "Pictures".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kit.views import table
from kit.views.board import board
from kit.views.failure import failure
from kit.views.labels import label
from kit.views.lanes import (
    BESIDE_CODE,
    CACHE,
    DATABASE,
    MIDDLE,
    NARROW,
    WIDE,
    Geometry,
    Lane,
    half,
    lanes,
    padding,
    stores,
)
from kit.views.metrics import width
from kit.views.narration import Told, narrate
from kit.views.outcome import ALARMS
from kit.views.panels import KEYFRAME, Panels
from kit.views.rows import STORE_EDGE, Row, row
from kit.views.spans import Field, Ribbons, Span, focus
from kit.views.steps import steps
from kit.views.ticks import ticks
from kit.views.words import count
from kit.world.tape import Tape

LONG = 1_000  # steps, above which the middle width is left out
WHOLE = 12  # a tape of so many steps is shown without a window
NOW = 0.6
LEGEND = {"hit": {"hit"}, "miss": {"miss"}, "write": {"write"}, "stale": {"stale"}, "lost": {"lost", "fail"}}
_PAUSE_US = 1_000_000
Data = dict[str, Any]


def recording(
    tape: Tape, title: str = "", *, subtitle: str = "", verdict: Mapping[str, Any] | None = None, source: str = "",
    cast: Tape | None = None, start: int | None = None,
) -> Data:  # fmt: skip
    """The player's data. verdict, source: of a failing exercise; cast: the run whose actors have lanes (a prefix that
    is shown while the learner chooses has the lanes of the whole); start: the step to open on, else the first."""
    told = [entry for entry, _ in narrate(tape, cast)]
    failed = failure(verdict, tape, told, source) if verdict is not None else None
    sizes = (BESIDE_CODE, NARROW) if failed else (WIDE, MIDDLE, NARROW) if len(told) <= LONG else (WIDE, NARROW)
    drawn = _Drawn(tape, told, sizes, cast or tape)
    return {
        "title": title or (failed["title"] if failed else ""),
        "subtitle": subtitle or (failed["subtitle"] if failed else ""),
        "timed": tape.timed,
        "cache": CACHE in stores(cast or tape),
        "steps": len(told),
        "start": start if start is not None else (len(told) if failed else min(1, len(told))),
        "sentences": [entry.sentence for entry in told],
        "alarms": [int(entry.outcome.kind in ALARMS) for entry in told],
        "replies": [int(entry.step.half == "reply") for entry in told],
        "pictures": [drawn.picture(size) for size in sizes],
        "panels": {"keyframe": KEYFRAME, "changes": drawn.panels.steps},
        "table": {"heads": table.heads(tape.timed), "rows": drawn.table},
        "legend": [mark for mark, kinds in LEGEND.items() if any(entry.outcome.kind in kinds for entry in told)],
        "done": _done(told),
        "failure": failed,
    }


def picture(tape: Tape, geometry: Geometry) -> Data:
    """One width alone."""
    told = [entry for entry, _ in narrate(tape)]
    return _Drawn(tape, told, (geometry,), tape).picture(geometry)


class _Drawn:
    """Everything that needs the state at each step, collected in one walk along the tape."""

    def __init__(self, tape: Tape, told: list[Told], sizes: Sequence[Geometry], cast: Tape) -> None:
        self._told, self._timed = told, tape.timed
        self._lanes = {size.name: lanes(cast, size) for size in sizes}
        self._rows: dict[str, list[Row]] = {size.name: [] for size in sizes}
        # While the learner chooses, the picture has the height of the whole run from the start: nothing below it moves.
        self._total = len(told) if cast is tape else max(len(told), len(steps(cast)))
        self._last = max((entry.step.t_us or 0 for entry in told), default=0)
        truth = focus(tape, told)
        self._ribbons = Ribbons(truth)
        self.panels = Panels(truth, board(cast))
        self.table: list[list[str]] = []
        for entry, state in narrate(tape, cast):
            words = label(entry, state)
            for size in sizes:
                self._rows[size.name].append(row(entry, words, self._lanes[size.name], size))
            self._ribbons.follow(entry, state)
            self.panels.follow(entry, state)
            self.table.append(table.row(entry, words, state, self._last if tape.timed else None))

    def picture(self, geometry: Geometry) -> Data:
        """Lanes, heads, rows, spans and ticks of one width; `first` is the first row in sight at each step."""
        columns, rows = self._lanes[geometry.name], self._rows[geometry.name]
        window = self._total if self._total <= WHOLE else geometry.window
        at = {lane.name: lane for lane in columns}
        gap = columns[1].x - columns[0].x
        gutter = _gutter(self._told, self._timed, self._last, geometry.terse)
        return {
            "name": geometry.name,
            "width": geometry.width,
            "head": geometry.head,
            "row": geometry.row,
            "window": max(window, 1),
            "first": windows(rows, window),
            "gutter": geometry.gutter,
            "lanes": [[f"k-lane k-{lane.kind}-lane", lane.x] for lane in columns],
            "heads": [element for lane in columns for element in _head(lane, geometry, gap)],
            "rows": [
                [f"k-{one.kind}", one.line, one.words, *mark, int(pause)]
                for one, mark, pause in zip(rows, gutter, _pauses(self._told, self._timed), strict=True)
            ],
            "spans": [_span(span, at[span.lane], geometry) for span in self._ribbons.spans if span.lane in at],
            "fields": [_field(one, at[CACHE], at[DATABASE], geometry) for one in self._ribbons.fields],
            "ticks": ticks(self._told, geometry.width),
        }


def windows(rows: list[Row], window: int) -> list[int]:
    """The first row in sight at each step: now at 60 %, and no window begins with a reply."""
    found = []
    last = max(len(rows) - window, 0)
    for at in range(len(rows)):
        first = min(max(at - int(NOW * window), 0), last)
        step = 1 if first == last else -1
        while 0 < first < at and not rows[first].head:
            first += step
        found.append(first)
    return found


def _head(lane: Lane, geometry: Geometry, gap: float) -> list[list[Any]]:
    """A lane's pill; a store's has square corners, and an icon where `gap`, the distance of lanes, leaves room."""
    size = width(lane.label, geometry.name_font, bold=True)
    icon = lane.kind == "store" and not geometry.twin and size + 42 <= gap
    wide = half(size + (38 if icon else padding(gap, geometry)))
    left = half(lane.x - wide / 2)
    pill = ["r", "k-pill", left, 2, wide, 28, 6 if lane.kind == "store" else 14]
    if not icon:
        return [pill, ["t", "k-name", lane.x, 20 if geometry.twin else 20.5, "middle", lane.label]]
    x = half(left + 11)
    bars = f"M{x} 12.5h9M{x} 16h9M{x} 19.5h9"
    drum = f"M{x} 12.5a4.5 2 0 1 1 9 0a4.5 2 0 1 1 -9 0v8a4.5 2 0 0 0 9 0v-8"
    mark = ["p", "k-icon", bars if lane.name == CACHE else drum]
    return [pill, mark, ["t", "k-name", half(left + 26), 20.5, "start", lane.label]]


def _gutter(told: list[Told], timed: bool, last_us: int, terse: bool) -> list[list[Any]]:
    """What stands left of each row: its number, or its time where that is new; [text, shown in the past]."""
    if not timed:
        return [[str(entry.step.number), 1] for entry in told]
    found: list[list[Any]] = []
    shown = ""
    for entry in told:
        words = table.clock(entry.step.t_us or 0, last_us)
        words = words.split()[0] if terse else words
        found.append([words, int(words != shown)])
        shown = words
    return found


def _pauses(told: list[Told], timed: bool) -> list[bool]:
    """Rows before which a long virtual pause lies."""
    times = [entry.step.t_us or 0 for entry in told]
    return [timed and at > 0 and times[at] - times[at - 1] >= _PAUSE_US for at in range(len(told))]


def _span(span: Span, lane: Lane, geometry: Geometry) -> list[Any]:
    """[look, x, width, start, end, edge of the words, anchor, words, shown where]."""
    wide = 14 if lane.kind == "store" else 8
    box = [span.look, half(lane.x - wide / 2), wide, span.start, span.end]
    if geometry.twin:
        return [*box, 0, "", [], ""]
    if lane.name == DATABASE:
        return [*box, half(lane.x + 12), "start", [f"v{span.version}"], "top"]
    if lane.kind == "store" or span.look != "k-hatch":
        return [*box, 0, "", [], ""]
    words = [f"v{span.version}", "stale"] if geometry.terse else [f"holds v{span.version}", "now stale"]
    left = lane.kind == "reader"
    return [*box, half(lane.x + (-9 if left else 9)), "end" if left else "start", words, "start"]


def _field(one: Field, cache: Lane, database: Lane, geometry: Geometry) -> list[Any]:
    """[x, width, start, end, x of the words, their box's x and width, words]."""
    left, right = sorted((cache.x, database.x))
    x, wide = half(left + STORE_EDGE - 1), half(right - left - 2 * (STORE_EDGE - 1))
    words = "≠" if geometry.terse else "cache ≠ database"
    box = half(width(words, 12.5, bold=True) + 16)
    if box > wide:
        words, box = "≠", 28
    middle = half((left + right) / 2)
    return [x, wide, one.start, one.end, middle, half(middle - box / 2), box, words]


def _done(told: list[Told]) -> str:
    hits = sum(entry.outcome.kind == "hit" or entry.outcome.word == "stale hit" for entry in told)
    misses = sum(entry.outcome.word in ("miss", "expired") and entry.step.half == "reply" for entry in told)
    tail = f", {count(hits, 'hit')}, {count(misses, 'miss', 'misses')}"
    return f"The recording ends: {count(len(told), 'step')}{tail}."
