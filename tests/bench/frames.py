"""The interval between frames while a player is scrubbed in the browser, as a multiple of the idle page's.

The page is the one that `kit replay` writes, around a tape that was really played; the system's Chromium without a
window draws it; in every frame the range is moved by one step, so each frame is a new picture.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from kit.grading.exercise import load
from kit.views.page import page
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors
from kit.world.call import Call, call
from kit.world.choice import Alternative, Chooser, Point
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Op, Tape
from kit.world.world import World
from tests.bench.paired import Broken, Line, paired
from tests.bench.references import missing
from tests.bench.schedules import EXERCISE, textbook
from tests.conftest import chromium_path

LENGTHS = (40, 400)  # steps
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_READS = 80
_INTERVALS = """
([frames, scrub]) => new Promise((done) => {
  const range = document.querySelector('[data-part="range"]');
  const [times, most] = [[], Number(range.max)];
  let step = 1, way = 1;
  function frame(now) {
    times.push(now);
    if (times.length > frames) return done(times.slice(1).map((time, at) => time - times[at]));
    if (scrub) {
      if (step + way < 1 || step + way > most) way = -way;
      range.value = String((step += way));
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }
    requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
})
"""


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The lines of frames."""
    browser = chromium_path()
    why = missing("playwright") or ("" if browser else "Chromium is not installed")
    if why:
        yield from (Line(f"scrubbing {steps} steps", None, beside=why) for steps in LENGTHS)
        return
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kit-bench-")))
        driver = stack.enter_context(sync_playwright())
        chromium = driver.chromium.launch(executable_path=browser, args=list(_FLAGS))
        stack.callback(chromium.close)
        for steps in LENGTHS:
            file = folder / f"{steps}.html"
            file.write_text(page(tape(steps), f"{steps} steps"), encoding="utf-8")
            sheet = chromium.new_page(viewport={"width": 1280, "height": 900})
            sheet.goto(file.as_uri())
            assert int(sheet.locator('[data-part="range"]').get_attribute("max") or 0) == steps
            line = _line(steps, sheet, rounds, 60 if quick else 120)
            if sheet.locator('[data-part="step"]').inner_text() == f"step 1 of {steps}":
                raise Broken("the player did not follow its range")
            yield line
            sheet.close()


def _line(steps: int, sheet: Any, rounds: int, frames: int) -> Line:
    middles: list[float] = []

    def side(scrub: bool) -> float:
        intervals = sheet.evaluate(_INTERVALS, [frames, scrub])
        if scrub:
            middles.append(median(intervals))
        return _p95(intervals)

    found = paired({"idle": lambda: side(False), "scrubbed": lambda: side(True)}, rounds)
    beside = f"p50 {median(middles):.1f} ms; idle p95 {found.cost('idle'):.1f} ms"
    return Line(
        f"scrubbing {steps} steps, p95", found.ratio("scrubbed", "idle"), "× the idle page", 17, None, beside,
        amount=found.cost("scrubbed"), of="ms",
    )  # fmt: skip


def _p95(intervals: list[float]) -> float:
    return quantiles(intervals, n=20)[-1]


def tape(steps: int) -> Tape:
    """A tape of so many steps: two readers and a writer of one board in an order drawn once, cut to length."""
    exercise = load(EXERCISE)
    actors = LocalActors(exercise.submission(textbook(exercise)))
    rng = Random(8)
    reads = [call("get_board", "JFK")] * _READS
    posts = [call("post_delay", 2, 1 + number) for number in range(_READS)]

    def two_readers_and_a_writer(world: Script) -> None:
        world.truth("JFK", "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id", airport="JFK")
        calls: dict[str, list[Call]] = {"Reader 1": reads, "Reader 2": reads, "Writer": posts}
        world.explore(calls)

    whole = World(actors, Image(COMMON, AIRPORTS)).run(two_readers_and_a_writer, _orders(rng)).tape
    operations = 0
    for length, op in enumerate(whole, 1):
        operations += op.peer != "scene" and not op.setup
        if 2 * operations == steps:
            return whole.prefix(length)
    raise ValueError(f"the run has {2 * operations} steps; wanted are {steps}")


def _orders(rng: Random) -> Chooser:
    """Chooses among `run` and `switch` alone: no leap, expiry, fault or death."""

    def choose(alternatives: Sequence[Alternative], ops: Sequence[Op], points: Sequence[Point]) -> int:
        turns = [at for at, one in enumerate(alternatives) if one.kind in ("run", "switch")]
        return rng.choice(turns) if turns else 0

    return choose
