"""The score in a real browser: both themes, two widths, keys, the text to copy, and axe.

The card's script is hosted on a bare page by the five calls that anywidget makes of a model; Lab is not needed for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab_page import AXE, SHOTS
from playwright.sync_api import Browser, Locator, Page

from kit.views import score, score_card
from kit.views.score import Card, Ghost, Measure, Row

Open = Callable[..., Page]
ROOT = Path(__file__).resolve().parents[2] / "kit"
HOST = """
const listeners = {}, state = STATE;
window.sent = [];
const model = {
  get: (name) => state[name], send: (content) => window.sent.push(content),
  on: (event, heard) => (listeners[event] ??= []).push(heard), off: () => {},
};
window.change = (name, value) => { state[name] = value; (listeners[`change:${name}`] ?? []).forEach((one) => one()); };
module.render({ model, el: document.querySelector("main") });
"""
GHOSTS = (Ghost("naive", "no cache"), Ghost("good", "the solution"), Ghost("par", "the SET off the reader's path"))


def card(yours: tuple[float | None, ...] = (30, 7.0, 0.0)) -> Card:
    rows = (
        Row(Measure("queries", "Database queries"), 30, yours[0], {"naive": 1873, "good": 30, "par": 30}),
        Row(
            Measure("p99_ms", "Answer time, p99", "ms", 1, "such a look"),
            6.5,
            yours[1],
            {"naive": 6, "good": 7, "par": 6.5},
        ),
        Row(Measure("over_age", "Boards over 60 s old", "%", 2), 0, yours[2], {"naive": 0, "good": 0, "par": 0}),
    )
    return Card(
        "lazy_loading", "03", "A budget of queries and time", "8 March, LGA 07:00 to 07:30: 1,873 looks, 23 changes",
        rows, GHOSTS, 4711, "kit 0.1.0, lazy_loading 1", "Yours is exercises/lazy_loading.py, as it stands.", "", 92, 1,
    )  # fmt: skip


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page with one card. Afterwards nothing may have been fetched and no error written."""
    problems: list[str] = []
    contexts = []

    def visit(one: Card, *, width: int = 1280, scheme: str = "light", clipboard: bool = True) -> Page:
        css = "".join((ROOT / "views" / name).read_text("utf-8") for name in ("theme.css", "card.css", "score.css"))
        code = (ROOT / "lab" / "score.js").read_text("utf-8").replace("export default", "const module =")
        state = {"html": score_card.html(one, living=True), "share": score.share(one), "playing": False}
        host = HOST.replace("STATE", json.dumps(state).replace("</", "<\\/"))
        file = tmp_path / "score.html"
        file.write_text(
            f"<!doctype html><html lang=en><meta charset=utf-8><title>Score</title><style>{css}"
            "body{margin:0;background:Canvas;color-scheme:light dark}</style><main></main>"
            f"<script type=module>{code}\n{host}</script></html>",
            "utf-8",
        )
        context = browser.new_context(
            viewport={"width": width, "height": 760},
            color_scheme=scheme,  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"] if clipboard else [],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda asked: problems.append(asked.url) if not asked.url.startswith("file:") else None)
        if not clipboard:
            page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
        page.goto(file.as_uri())
        page.locator(".kit-score").wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not problems


def box(found: Locator) -> dict[str, float]:
    measured = found.bounding_box()
    assert measured is not None
    return dict(measured)


@pytest.mark.parametrize("width", [1280, 640])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_fault_of_access_and_nothing_runs_out_of_its_card(opened: Open, width: int, scheme: str) -> None:
    for name, one in (("score", card()), ("score-none", card((None, None, None))), ("score-far", card((900, 7, 1.5)))):
        page = opened(one, width=width, scheme=scheme)
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=str(SHOTS / f"{name}-{width}-{scheme}.png"))
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(
            "async () => (await axe.run('main', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })).violations"
            ".map((one) => one.id + ' ' + one.nodes[0].html)"
        )
        assert found == []
        inside = box(page.locator(".kit-score"))
        for part in page.locator(".kit-score *:visible").all():
            at = box(part)
            assert at["x"] + at["width"] <= inside["x"] + inside["width"] + 0.5
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_par_stands_at_its_place_and_what_is_over_it_is_hatched(opened: Open) -> None:
    page = opened(card())
    bar = page.locator(".kit-bar").nth(1)
    whole, par, over = box(bar), box(bar.locator(".kit-bar-par")), box(bar.locator(".kit-bar-over"))
    assert (par["x"] + 1 - whole["x"]) / whole["width"] == pytest.approx(score.PAR_AT / 100, abs=0.005)
    assert over["x"] == pytest.approx(par["x"] + 1, abs=1)
    assert page.locator("tr.kit-score-lit").inner_text().startswith("Answer time, p99")


def test_the_keys_reach_every_button_and_tab_leaves(opened: Open) -> None:
    page = opened(card())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Play again"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "▶ See such a look in the player"
    page.keyboard.press("Enter")
    assert page.evaluate("window.sent") == [{"kind": "again"}, {"kind": "open"}]
    page.keyboard.press("Shift+Tab")
    page.evaluate("window.change('playing', true)")
    page.keyboard.press("Enter")
    assert len(page.evaluate("window.sent")) == 2
    assert page.locator(".kit-score-copied").inner_text() == "Your minutes are being played."
    page.evaluate("(html) => { window.change('html', html); window.change('playing', false); }",
                  score_card.html(card((30, 6.5, 0)), living=True))  # fmt: skip
    assert page.evaluate("document.activeElement.textContent") == "Play again"
    assert page.locator(".kit-say").inner_text() == "Your code meets par in every row."
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".kit-score-copied", has_text="Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == score.share(card())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.kit-score')") is None


def test_without_a_clipboard_the_text_itself_is_shown_and_selected(opened: Open) -> None:
    page = opened(card(), clipboard=False)
    page.get_by_role("button", name="Copy as text").click()
    area = page.get_by_label("The score as text")
    area.wait_for()
    assert area.input_value() == score.share(card())
    assert page.evaluate("window.getSelection().toString()") == score.share(card())
