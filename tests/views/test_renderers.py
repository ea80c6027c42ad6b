"""Both renderers draw the same: core.js in node, svg.py here, element by element and character by character."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import race

from kit.views import svg
from kit.views.frames import recording

CORE = Path(svg.__file__).with_name("core.js")
DRIVER = """
const [file] = process.argv.slice(1);
const { readFileSync } = require("node:fs");
const source = readFileSync(file).toString("base64");
import(`data:text/javascript;base64,${source}`).then((core) => {
  const recordings = JSON.parse(readFileSync(0, "utf8"));
  const frame = (one, picture, step) => {
    const row = step % 3 ? 0 : 30;
    const elements = core.draw(picture, step, row);
    const label = one.sentences[step - 1] || one.title;
    return [elements, core.svg(elements, picture.width, core.height(picture, row), "u", label, `k-${picture.name}`)];
  };
  const steps = (one) => Array.from({ length: one.steps + 1 }, (_, step) => step);
  const frames = (one, picture) => steps(one).map((step) => frame(one, picture, step));
  const drawn = recordings.map((one) => one.pictures.map((picture) => frames(one, picture)));
  process.stdout.write(JSON.stringify(drawn));
});
"""


def drawn_by_node(recordings: list[dict[str, Any]]) -> Any:
    done = subprocess.run(
        ["node", "-e", DRIVER, str(CORE)], input=json.dumps(recordings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def drawn_here(data: dict[str, Any]) -> list[Any]:
    pictures = []
    for picture in data["pictures"]:
        frames = []
        for step in range(data["steps"] + 1):
            row = 0 if step % 3 else 30
            elements = svg.draw(picture, step, row)
            label = data["sentences"][step - 1] if step else data["title"]
            frames.append([
                elements,
                svg.svg(elements, picture["width"], svg.height(picture, row), "u", label, f"k-{picture['name']}"),
            ])  # fmt: skip
        pictures.append(frames)
    return pictures


@pytest.mark.real("node")
def test_both_renderers_draw_the_same(require_real: Callable[[str], None]) -> None:
    require_real("node")
    recordings = [recording(tape, f'<{name}> & "more"') for name, tape in race.all_tapes().items()]
    recordings.append(recording(race.race(), verdict=race.VERDICT, source=race.SUBMISSION))
    for data, there in zip(recordings, drawn_by_node(recordings), strict=True):
        here = json.loads(json.dumps(drawn_here(data)))
        for ours, theirs in zip(here, there, strict=True):
            assert theirs == ours


@pytest.mark.real("node")
def test_a_planted_difference_is_seen(require_real: Callable[[str], None]) -> None:
    require_real("node")
    data = recording(race.race(), "planted")
    (there,) = drawn_by_node([data])
    data["pictures"][0]["spans"][0][1] += 0.5
    assert json.loads(json.dumps(drawn_here(data))) != there
