"""The page that `kit replay` writes, in a real browser: sentences, hatches, keys, views, both themes, and axe.

The same player stands in Lab; `test_lesson.py` walks it there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab_page import AXE, SHOTS
from playwright.sync_api import Browser, Locator, Page

from kit.views import page as pages
from kit.views.narration import tell
from kit.world.tape import Tape

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "views"))
import race

Open = Callable[..., Page]
SENTENCE, STEP, RANGE = '[data-part="say"]', '[data-part="step"]', '[data-part="range"]'


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open the page of a tape. Afterwards nothing may have been fetched and no error written."""
    problems: list[str] = []
    contexts = []

    def visit(tape: Tape, *, width: int = 1280, scheme: str = "light", motion: str = "reduce", **more: object) -> Page:
        file = tmp_path / "page.html"
        file.write_text(pages.page(tape, "The race: two readers and a writer", **more), "utf-8")  # type: ignore[arg-type]
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion=motion,  # type: ignore[arg-type]
        )
        contexts.append(context)
        found = context.new_page()
        found.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        found.on("pageerror", lambda error: problems.append(str(error)))
        found.on("request", lambda asked: problems.append(asked.url) if not asked.url.startswith("file:") else None)
        found.goto(file.as_uri())
        found.locator("svg.k-picture").wait_for()
        return found

    yield visit
    for context in contexts:
        context.close()
    assert not problems


def says(page: Page) -> str:
    return page.locator(SENTENCE).inner_text().strip()


def hatched(page: Page) -> int:
    return page.locator("svg.k-picture rect.k-hatch").count()


def test_each_key_press_is_a_step_and_each_step_its_sentence(opened: Open) -> None:
    page = opened(race.race())
    page.locator(RANGE).focus()
    heard = []
    for number, sentence in enumerate(tell(race.race()), 1):
        assert page.locator(STEP).inner_text() == f"step {number} of 12"
        assert says(page) == sentence
        assert page.get_by_role("img", name=sentence, exact=True).count() == 1
        heard.append((hatched(page) > 0, page.locator("rect.k-field").count() == 1))
        page.keyboard.press("ArrowRight")
    assert heard == [(step >= 5, step >= 9) for step in range(1, 13)]
    assert page.locator('[data-part="status"]').inner_text() == tell(race.race())[-1]


def test_home_and_end_page_keys_and_space(opened: Open) -> None:
    page = opened(race.lazy(40))
    steps = len(tell(race.lazy(40)))
    page.locator(RANGE).focus()
    for key, step in (("End", steps), ("PageUp", steps - 10), ("Home", 1), ("PageDown", 11), ("ArrowLeft", 10)):
        page.keyboard.press(key)
        assert page.locator(STEP).inner_text() == f"step {step} of {steps}"
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.act") == "play"
    inside = "Boolean(document.activeElement.closest('.kit-player'))"
    places = []
    while page.evaluate(inside) and len(places) < 8:
        places.append(page.evaluate("document.activeElement.dataset.act"))
        page.keyboard.press("Tab")
    assert places == ["play", "back", "on", "speed"]


def test_a_step_chosen_in_one_view_is_the_step_in_all_three(opened: Open) -> None:
    page = opened(race.race())
    height = page.locator(".kit-player").bounding_box()
    page.get_by_role("button", name="Table").click()
    page.locator('tr[data-step="9"]').focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.step") == "9"
    page.get_by_role("button", name="Text").click()
    assert page.locator('li[aria-current="step"]').inner_text() == tell(race.race())[8]
    page.get_by_role("button", name="Picture").click()
    assert page.locator(STEP).inner_text() == "step 9 of 12"
    assert page.locator(".kit-player").bounding_box() == height


def test_play_ends_and_begins_again(opened: Open) -> None:
    page = opened(race.race())
    for _ in range(2):
        page.get_by_role("button", name="Speed").click()
    page.locator(RANGE).focus()
    page.keyboard.press("End")
    assert page.locator('[data-part="done"]').inner_text() == "The recording ends: 12 steps, 1 hit, 1 miss."
    page.get_by_role("button", name="From the start").click()
    page.locator(f'{STEP}:has-text("step 12 of 12")').wait_for(timeout=20_000)


def test_with_motion_the_arrow_grows_and_all_comes_to_rest(opened: Open) -> None:
    page = opened(race.race(), motion="no-preference")
    page.wait_for_timeout(300)
    page.locator(RANGE).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.getAnimations().length") >= 1
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished)).then(() => null)")
    assert page.evaluate("document.getAnimations().length") == 0


def test_a_failure_opens_on_its_last_step_beside_the_learners_line(opened: Open) -> None:
    page = opened(race.race(), verdict=race.VERDICT, source=race.SUBMISSION)
    assert page.locator(STEP).inner_text() == "step 12 of 12"
    assert page.locator(".kit-marked code").inner_text().strip() == "cache.set(key, board, ex=300)"
    assert page.locator(".kit-gap").inner_text().strip() == "the writer runs here, 4 messages"
    assert "A slow reader put the old board back after your delay." in page.locator(".kit-banner").inner_text()
    page.get_by_role("button", name="Copy token").click()
    page.locator('[data-act="copy"]', has_text="k1.").or_(page.get_by_role("button", name="Copied")).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 640])
@pytest.mark.parametrize("failing", [False, True])
def test_axe_finds_nothing_in_either_theme_at_either_width(
    opened: Open, scheme: str, width: int, failing: bool
) -> None:
    more = {"verdict": race.VERDICT, "source": race.SUBMISSION} if failing else {}
    page = opened(race.race(), width=width + 32, scheme=scheme, **more)
    page.locator(RANGE).focus()
    page.keyboard.press("End")
    if not failing:
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
    page.evaluate(AXE.read_text("utf-8"))
    for view in ("Picture", "Table", "Text"):
        page.get_by_role("button", name=view, exact=True).click()
        rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
        found = page.evaluate(f"async () => (await axe.run('.kit-player', {rules})).violations")
        assert not found, json.dumps(found, indent=1)[:2000]
        if view == "Picture":
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(
                path=SHOTS / f"player-{'failure' if failing else 'race'}-{width}-{scheme}.png", full_page=True
            )


@pytest.mark.parametrize("width", [1280, 1000, 640, 420])
@pytest.mark.parametrize("name", ["race", "troubled", "writers", "lazy"])
def test_nothing_is_wider_than_its_card(opened: Open, name: str, width: int) -> None:
    page = opened(race.all_tapes()[name], width=width)
    page.locator(RANGE).focus()
    page.keyboard.press("End")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert overflowing(page.locator(".kit-player")) == []


def overflowing(card: Locator) -> list[str]:
    found: list[str] = card.evaluate(
        """(card) => { const edge = card.getBoundingClientRect().right + 0.5;
          return [...card.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > edge &&
            !one.closest(".kit-scroll")).map((one) => one.outerHTML.slice(0, 120)); }"""
    )
    return found


def test_the_slowest_frame_while_scrubbing_a_long_tape_is_short(opened: Open) -> None:
    """Not a timing test: only that the window, and not the tape, is drawn."""
    page = opened(race.lazy(1000))
    page.locator(RANGE).focus()
    page.keyboard.press("End")
    assert page.locator("svg.k-picture g.k-row").count() <= 11
    assert page.locator("svg.k-picture *").count() < 250
    page.get_by_role("button", name="Table").click()
    assert page.locator("tr[data-step]").count() <= 200
