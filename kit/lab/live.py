"""The living live picture: sliders in the browser over a series that the kernel sends once its bet is answered.

Rules: before that the model's state holds one stop, the one the lesson has told already; the series is a data file made
beforehand (`kit/lab/data/`), so a slider never waits for the kernel; the bet is drawn as a mark and stays.
Leaves out: what is drawn (`kit/views/series.py`, `live.js`).
"""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kit.lab.mount import mount, read, script
from kit.views import plot, series, theme
from kit.views.series import Data, Mark, Point

CSS = ("card.css", "live.css", "plot.css")
TWIN_WIDTH = 720
SERIES = Path(__file__).with_name("lesson_05.json")
TITLE, SUBTITLE = "One TTL, three prices", "NYC flights 2013, a look every ten minutes (modelled)"
# Of the seeds 0 to 300 the one whose shares lie nearest to the means that the syllabus quotes (38.6, 26.0, 25.3 %).
SEED = 29
# Closer together around five minutes, where the schedules' own step is to be seen.
TTLS_S = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 299, 300, 420, 600, 900, 1200, 1800, 2700, 3600)
LOCKED = "Answer the first bet, and the curves are drawn. Until then the picture holds only what the lesson has told."


class Live(anywidget.AnyWidget):
    """Misses and staleness against the TTL. move: the stop it goes to by itself once revealed, -1: none."""

    _esm = script("controls.js", "live.js") + Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = "".join(map(read, ("theme.css", *CSS)))
    title = traitlets.Unicode(TITLE).tag(sync=True)
    subtitle = traitlets.Unicode(SUBTITLE).tag(sync=True)
    locked = traitlets.Unicode(LOCKED).tag(sync=True)
    start = traitlets.Dict().tag(sync=True)
    move = traitlets.Int(-1).tag(sync=True)
    mark = traitlets.Dict().tag(sync=True)  # empty: no bet to draw
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, data: Data, start: Point) -> None:
        self._whole, self._start = data, start
        cut, first = series.only(data, start)
        super().__init__(start=_place(first), data=cut)

    def __repr__(self) -> str:
        return "Live()"

    def reveal(self, mark: Mark | None, move: int = -1) -> None:
        """Send the whole series and the learner's mark; the picture then goes to stop `move` by itself."""
        with self.hold_sync():
            self.start, self.move = _place(self._start), move
            self.mark = {"ttl": mark.ttl, "wall": mark.wall} if mark else {}
            self.data = self._whole


def load(path: Path = SERIES) -> Data:
    """The series of lesson 05 as the picture takes it: whole seconds, shares with one decimal.

    The file is made of `kit.workloads.flights.live.series`; `python -m kit.lab.build` makes it anew.
    """
    made = json.loads(path.read_text("utf-8"))["series"]
    stops = [round(ttl) for ttl in made["storm"]["board"]["ttl_s"]]
    days = {day: _day(grains) for day, grains in made.items()}
    return {"stops": stops, "days": days}


def show(widget: Live, data: Data, start: Point) -> None:
    """The stored twin (one point, one row), then the living picture."""
    cut, first = series.only(data, start)
    words = series.sentence(cut, first, None)
    mount(widget, twin(cut, first), f"{words}\n{' · '.join(series.row(cut, first))}", CSS)


def twin(data: Data, now: Point) -> str:
    """The picture of one state as an image with its sentence and its row of the table."""
    both = f"svg{{{theme.variables(theme.LIGHT)}--kit-ui:{theme.PLAIN_UI_FONT}}}"
    both += f"@media (prefers-color-scheme:dark){{svg{{{theme.variables(theme.DARK)}}}}}"
    drawing = plot.svg(plot.elements(data, now, None, None, TWIN_WIDTH), TWIN_WIDTH, both + read("plot.css"))
    words = series.sentence(data, now, None)
    image = b64encode(drawing.encode()).decode()
    head = ("Day", "Key for each", "TTL", "Misses", "Walls stale", "Phones stale")
    alternative = escape(f"{TITLE}. {words}", quote=True)
    return (
        f'<section class="kit-card"><div class="kit-head"><h4>{TITLE}</h4> <span class="kit-sub">{SUBTITLE}</span>'
        f'</div><p class="kit-say">{escape(words)}</p><div class="kit-live-view"><img alt="{alternative}" '
        f'width="{TWIN_WIDTH}" src="data:image/svg+xml;base64,{image}"></div>'
        f'<table class="kit-table"><thead><tr>{_cells("th", head)}</tr></thead>'
        f"<tbody><tr>{_cells('td', series.row(data, now))}</tr></tbody></table>"
        f'<p class="kit-live-locked">{LOCKED}</p></section>'
    )


def _day(grains: dict[str, dict[str, Any]]) -> dict[str, Any]:
    counted = {name: grains["board"][name] for name in ("looks", "changes")}
    return {**counted, "grains": {grain: _lists(one) for grain, one in grains.items()}}


def _lists(one: dict[str, Any]) -> dict[str, list[float]]:
    return {
        "misses": one["misses"],
        "wall": [round(amount, 1) for amount in one["wall"]],
        "phone": [round(amount, 1) for amount in one["phone"]],
    }


def _cells(tag: str, words: Any) -> str:
    return "".join(f"<{tag}>{escape(word)}</{tag}>" for word in words)


def _place(point: Point) -> dict[str, Any]:
    return {"day": point.day, "grain": point.grain, "stop": point.stop}
