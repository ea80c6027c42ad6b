"""The live picture: drawn alike in both languages, silent about what the bet has not yet opened."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kit.lab import live
from kit.views import plot, series
from kit.views.series import Mark, Point

VIEWS = Path(series.__file__).parent
DATA = live.load()
LAST = len(DATA["stops"]) - 1
TOLD = Point("storm", "board", DATA["stops"].index(60))
MARK = Mark(30, 19.3)

POINTS = [Point(day, grain, stop) for day in series.DAYS for grain in series.GRAINS for stop in (0, 6, 8, LAST)]
STATES = [
    (now, before, mark, width)
    for (now, before), mark, width in itertools.product(
        [(now, None) for now in POINTS] + list(itertools.product(POINTS, POINTS)),
        (None, MARK, Mark(30, 0.0)),
        (620, 1184),
    )
]

NODE = """
import { elements, figures, row, sentence } from "%s";
import { readFileSync } from "node:fs";
const { data, states } = JSON.parse(readFileSync(0, "utf8"));
const drawn = states.map(([now, before, mark, width]) => [
  elements(data, now, before, mark, width), sentence(data, now, before), figures(data, now, before), row(data, now)]);
process.stdout.write(JSON.stringify(drawn));
"""


def _place(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else {"day": point.day, "grain": point.grain, "stop": point.stop}


def _in_node(data: dict[str, Any], states: list[tuple[Point, Point | None, Mark | None, int]]) -> list[Any]:
    script = NODE % f"data:text/javascript,{_quoted((VIEWS / 'live.js').read_text('utf-8'))}"
    given = [
        [_place(now), _place(before), {"ttl": mark.ttl, "wall": mark.wall} if mark else None, width]
        for now, before, mark, width in states
    ]
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps({"data": data, "states": given}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout))


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


@pytest.mark.real("node")
def test_python_and_the_browser_draw_the_same_elements_and_say_the_same() -> None:
    cut, first = series.only(DATA, TOLD)
    for data, states in (
        (DATA, STATES),
        (cut, [(first, None, mark, width) for mark in (None, MARK) for width in (620, 1184)]),
    ):
        for state, (drawn, sentence, figures, row) in zip(states, _in_node(data, states), strict=True):
            now, before, mark, width = state
            assert drawn == plot.elements(data, now, before, mark, width), state
            assert sentence == series.sentence(data, now, before)
            assert figures == series.figures(data, now, before)
            assert row == series.row(data, now)


def test_no_label_of_a_curve_lies_on_another_and_none_leaves_the_picture() -> None:
    for now, before, mark, width in STATES:
        room = plot.box(width)
        drawn = plot.elements(DATA, now, before, mark, width)
        ends = sorted(one["y"] for one in drawn if one["tag"] == "text" and one["class"].startswith("end"))
        assert all(low + 15.9 <= high for low, high in itertools.pairwise(ends))
        for one in drawn:
            if one["tag"] == "text":
                assert 0 <= one["x"] <= width
                assert 0 < one["y"] <= room.height


def test_before_the_bet_the_model_holds_one_stop_and_the_twin_one_row() -> None:
    picture = live.Live(DATA, TOLD)
    state = json.dumps(
        {name: value for name, value in picture.get_state().items() if not name.startswith("_")}, default=str
    )
    assert picture.data["stops"] == [60]
    assert len(re.findall(r"<tr>", live.twin(*series.only(DATA, TOLD)))) == 2  # the head and one row
    hidden = series.share(series.value(DATA, Point("storm", "board", DATA["stops"].index(30)))["wall"])
    assert hidden not in state
    assert hidden not in live.twin(*series.only(DATA, TOLD))


def test_the_reveal_sends_the_series_with_the_learners_mark() -> None:
    picture = live.Live(DATA, TOLD)
    picture.reveal(MARK, DATA["stops"].index(30))
    assert picture.data == DATA
    assert picture.mark == {"ttl": 30, "wall": 19.3}
    assert DATA["stops"][picture.move] == 30


def test_an_empty_bet_leaves_no_mark() -> None:
    picture = live.Live(DATA, TOLD)
    picture.reveal(None)
    assert picture.mark == {}


def test_sentences_speak_of_the_change() -> None:
    board, flight = TOLD, Point("storm", "flight", TOLD.stop)
    assert series.sentence(DATA, board, None) == series.sentence(DATA, board, board)
    assert series.sentence(DATA, flight, board).startswith("41 times the misses; stale walls ")
    assert series.sentence(DATA, Point("storm", "board", LAST), board).startswith("98 % fewer misses; ")


def test_the_stored_image_carries_both_palettes_and_its_own_ground() -> None:
    from base64 import b64decode

    found = re.search(r"base64,([^\"]+)", live.twin(*series.only(DATA, TOLD)))
    assert found
    image = b64decode(found[1]).decode()
    assert "prefers-color-scheme:dark" in image
    assert 'class="ground"' in image
