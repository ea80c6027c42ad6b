"""Lesson 03 as a newcomer meets it: bets, three trips, a dot that opens its recording, a cache taken away, verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lab_page import LabPage
from playwright.sync_api import Locator, expect

from kit.lab import scenes_03
from kit.lab.places import CLONE
from kit.views.narration import tell

NOTEBOOK = "03_lazy_loading.ipynb"
VERDICT_MS = 120_000
TEXTBOOK = """    key = f"board:{airport}"
    board = cache.get(key)
    if board is None:
        board = json.dumps(db.query(BOARD, airport=airport))
        cache.set(key, board, ex=60)
    return json.loads(board)"""

Visit = Callable[[tuple[int, int], str], tuple[LabPage, object]]


def stub(name: str) -> str:
    return (CLONE / "exercises" / name / "stub.py").read_text("utf-8")


def solution(name: str) -> str:
    return (CLONE / "exercises" / name / "solution.py").read_text("utf-8")


def check(lab: LabPage, name: str, text: str, word: str) -> Locator:
    cell = lab.cell(f"%%exercise {name}")
    lab.write(cell, f"%%exercise {name}\n{text}")
    expect(cell.locator(".kit-verdict:visible h4")).to_have_text(word, timeout=VERDICT_MS)
    lab.finished(cell)
    return cell


@pytest.mark.slow
def test_a_newcomer_walks_lesson_03(visit: Visit) -> None:
    lab, _ = visit((1280, 1000), "light")
    lab.open(NOTEBOOK)
    lab.run_all()
    the_hook_is_a_table(lab)
    the_first_bet_opens_the_trips(lab)
    the_trips_are_told_message_by_message(lab)
    the_ladder_tells_a_miss_from_no_cache(lab)
    the_outage_waits_for_its_bet(lab)
    a_dot_opens_its_recording(lab)
    the_obvious_code_fails_and_the_solution_passes(lab)
    the_second_engine_judges_too(lab)
    assert not lab.accessibility()


def the_hook_is_a_table(lab: LabPage) -> None:
    expect(lab.cell("lesson.hook()").locator(".kit-card:visible")).to_contain_text("0.7 % more queries")
    lab.shot("03-hook", lab.cell("lesson.hook()"))


def the_first_bet_opens_the_trips(lab: LabPage) -> None:
    card = lab.bet("trips_of_a_miss", 2)
    card.get_by_role("button", name="Step through all three").click()
    cell = lab.cell('lesson.bet("trips_of_a_miss"')
    cell.locator(".kit-player:visible").wait_for()
    lab.shot("03-bet", cell)


def the_trips_are_told_message_by_message(lab: LabPage) -> None:
    player = lab.cell("lesson.three_looks()").locator(".kit-player:visible")
    player.get_by_role("slider", name="Step").focus()
    lab.page.keyboard.press("Home")
    said, told = [], list(tell(scenes_03.trips()))
    for step in range(1, len(told) + 1):
        expect(player.locator("[data-part=step] b")).to_have_text(str(step))
        said.append(player.locator("[data-part=say]").inner_text().strip())
        lab.page.keyboard.press("ArrowRight")
    assert said == told
    lab.shot("03-trips", player)


def the_ladder_tells_a_miss_from_no_cache(lab: LabPage) -> None:
    ladder = lab.sheet("ladder")
    slider = ladder.get_by_role("slider")
    slider.focus()
    lab.page.keyboard.press("Home")
    expect(ladder.locator(".kit-s-flow dd").first).to_have_text("0.5 ms")
    lab.page.keyboard.press("ArrowRight")
    expect(ladder.locator(".kit-s-flow dd").first).to_have_text("7 ms")
    lab.page.keyboard.press("ArrowRight")
    expect(ladder.locator(".kit-s-flow dd").first).to_have_text("6 ms")
    lab.shot("03-ladder", ladder)


def the_outage_waits_for_its_bet(lab: LabPage) -> None:
    outage = lab.sheet("outage")
    assert "times as many" not in lab.page.content()
    expect(outage.get_by_role("slider")).to_have_attribute("aria-disabled", "true")
    lab.shot("03-outage-locked", outage)
    lab.bet("cache_dies", 1)
    expect(outage.get_by_role("slider")).to_have_attribute("aria-disabled", "false")
    outage.get_by_role("button", name="taken away at 17:10").focus()
    lab.page.keyboard.press("Enter")
    expect(outage.locator(".kit-s-miss dd").first).to_have_text("57")
    expect(outage.locator(".kit-s-miss dd").nth(1)).to_contain_text("was")
    lab.shot("03-outage-away", outage)
    outage.get_by_role("button", name="back at 17:20, empty").click()
    expect(outage.locator(".kit-s-bad dd").first).to_have_text("20")
    lab.shot("03-outage-back", outage)
    outage.get_by_role("button", name="there", exact=True).click()
    expect(outage.locator(".kit-s-miss dd").first).not_to_have_text("57")


def a_dot_opens_its_recording(lab: LabPage) -> None:
    hits = lab.sheet("hits")
    misses = hits.locator(".kit-s-miss dd").first
    before = int(misses.inner_text().replace(",", ""))
    share = float(hits.locator(".kit-s-flow dd").first.inner_text().removesuffix(" %"))
    hits.get_by_role("button", name="2 min", exact=True).click()
    more = float(hits.locator(".kit-s-flow dd").first.inner_text().removesuffix(" %"))
    assert more > share + 4
    assert int(misses.inner_text().replace(",", "")) < 1.2 * before
    hits.locator("circle.dot[data-stop='3']").first.click()
    expect(hits.get_by_role("slider")).to_have_attribute("aria-valuetext", "10 s")
    player = lab.cell("lesson.hits()").locator(".kit-player:visible")
    expect(player).to_contain_text("TTL 10 s, a look every 2 min")
    lab.shot("03-hits", lab.cell("lesson.hits()"))
    hits.get_by_role("button", name="airport", exact=True).click()
    hits.get_by_role("button", name="Open this point's recording").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.cell("lesson.hits()").locator(".kit-player:visible")).to_contain_text("board:LGA:2013-03-08")


def the_obvious_code_fails_and_the_solution_passes(lab: LabPage) -> None:
    name = "lazy_loading"
    cell = check(lab, name, stub(name).replace("    raise NotImplementedError", TEXTBOOK), "Your code raised")
    verdict = cell.locator(".kit-verdict:visible")
    expect(verdict).to_contain_text("Without the cache there is no board.")
    verdict.get_by_role("button", name="Open the shortest trace").click()
    cell.locator(".kit-player:visible").wait_for()
    lab.shot("03-wrong", cell)
    cell = check(lab, name, solution(name), "Correct")
    expect(cell.locator(".kit-verdict:visible")).to_contain_text("The old trace passes now.")
    lab.shot("03-right", cell)


def the_second_engine_judges_too(lab: LabPage) -> None:
    name = "lazy_loading_memcached"
    check(lab, name, stub(name), "Not attempted")
    cell = check(lab, name, solution(name), "Correct")
    expect(cell.locator(".kit-verdict:visible")).to_contain_text(re.compile("18 of 18"))


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(640, 1500), (1280, 1200)], ids=["640", "1280"])
def test_every_picture_of_lesson_03_is_usable(visit: Visit, size: tuple[int, int], theme: str) -> None:
    lab, _ = visit(size, theme)
    lab.open(NOTEBOOK)
    lab.cell("lesson.three_looks()").locator(".kit-twin").first.wait_for()
    assert not lab.accessibility(), "before it is run"
    lab.run_all()
    lab.bet("cache_dies", 0)
    outage = lab.sheet("outage")
    outage.get_by_role("button", name="back at 17:20, empty").click()
    pictures = {
        "trips": lab.cell("lesson.three_looks()").locator(".kit-player:visible"),
        "ladder": lab.sheet("ladder"),
        "absent": lab.cell("lesson.absent(kept=False)").locator(".kit-player:visible"),
        "away": lab.cell("lesson.cache_away()").locator(".kit-player:visible"),
        "hits": lab.sheet("hits"),
        "outage": outage,
    }
    for name, picture in pictures.items():
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0], f"{name} is wider than the window"
        assert picture.evaluate("card => card.scrollWidth <= card.clientWidth + 1"), f"{name} runs out of its card"
        lab.shot(f"03-picture-{name}", picture)
    assert not lab.accessibility(), "after it is run"
