"""Lesson 05 as a newcomer meets it: Lab by `kit lab`, bets, pictures, a wrong answer, its trace, the right one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lab_page import LabPage
from playwright.sync_api import Locator, expect

from kit.lab import live, scenes
from kit.lab.places import CLONE
from kit.views import series
from kit.views.narration import tell
from kit.views.series import Point

EXERCISE = "invalidate_on_write"
FOLDER = CLONE / "exercises" / EXERCISE
WRONG = FOLDER / "wrong" / "11_textbook.py"
RIGHT = FOLDER / "solution.py"
LESSON = "05_keeping_it_true.ipynb"
VERDICT_MS = 120_000

Visit = Callable[[tuple[int, int], str], tuple[LabPage, object]]


def answer_of_the_first_bet() -> str:
    data = live.load()
    return series.share(series.value(data, Point("storm", "board", data["stops"].index(30)))["wall"])


def bet(lab: LabPage, name: str) -> Locator:
    return lab.cell(f'lesson.bet("{name}"').locator(".kit-question:visible")


def choose_by_keyboard(lab: LabPage, name: str, downs: int) -> None:
    """↓ as often as asked, then Enter."""
    card = bet(lab, name)
    show = card.get_by_role("button", name="Show the answer")
    expect(show).to_have_attribute("aria-disabled", "true")
    card.get_by_role("radio").first.focus()
    lab.page.keyboard.press("Space")
    for _ in range(downs):
        lab.page.keyboard.press("ArrowDown")
    expect(show).to_have_attribute("aria-disabled", "false")
    lab.page.keyboard.press("Enter")
    expect(card.get_by_text("is kept.")).to_be_visible()


def sentence(player: Locator) -> str:
    return player.locator("[data-part=say]").inner_text().strip()


def sentences(lab: LabPage, player: Locator) -> list[str]:
    """What the player says at each step, from Home on by →."""
    player.get_by_role("slider", name="Step").focus()
    lab.page.keyboard.press("Home")
    steps = int(player.locator("[data-part=step]").inner_text().split()[-1])
    said = []
    for step in range(1, steps + 1):
        expect(player.locator("[data-part=step] b")).to_have_text(str(step))
        said.append(sentence(player))
        lab.page.keyboard.press("ArrowRight")
    return said


def check(lab: LabPage, text: str, word: str) -> Locator:
    """Put `text` into the exercise's cell, run it, and wait for the verdict."""
    cell = lab.cell(f"%%exercise {EXERCISE}")
    lab.write(cell, f"%%exercise {EXERCISE}\n{text}")
    expect(cell.locator(".kit-verdict:visible h4")).to_have_text(word, timeout=VERDICT_MS)
    lab.finished(cell)
    return cell


@pytest.mark.slow
def test_a_newcomer_walks_lesson_05(visit: Visit) -> None:
    lab, machine = visit((1280, 900), "light")
    start_page_leads_to_the_lesson(lab)
    stored_pages_hold_no_answer(lab)
    lab.run_all()
    bets_reveal_and_are_drawn_into_the_picture(lab)
    the_live_picture_moves_by_keys(lab)
    the_race_is_told_step_by_step(lab)
    the_learner_finds_the_order_as_scheduler(lab)
    a_wrong_answer_opens_its_trace(lab, machine.home)  # type: ignore[attr-defined]
    a_check_can_be_stopped(lab, machine.home)  # type: ignore[attr-defined]
    the_right_answer_passes_and_a_restart_keeps_it(lab, machine.home)  # type: ignore[attr-defined]


def start_page_leads_to_the_lesson(lab: LabPage) -> None:
    lab.open("")
    expect(lab.page.get_by_text("Begin with lesson 00").first).to_be_visible()
    lab.shot("start")
    lab.page.get_by_role("link", name="05 Keeping it true").first.click()
    lab.page.get_by_role("heading", name="05 Keeping it true").wait_for()
    lab.open(LESSON)


def stored_pages_hold_no_answer(lab: LabPage) -> None:
    assert answer_of_the_first_bet() not in lab.page.content()
    expect(lab.cell("lesson.race()").locator(".kit-twin")).to_be_visible()
    lab.shot("stored")


def bets_reveal_and_are_drawn_into_the_picture(lab: LabPage) -> None:
    picture = lab.cell("lesson.live(").locator(".kit-live .kit-card")
    expect(picture.get_by_role("slider")).to_have_attribute("aria-disabled", "true")
    assert answer_of_the_first_bet() not in lab.page.content()
    lab.shot("question", bet(lab, "halve_the_ttl"))
    lab.shot("live-locked", picture)
    choose_by_keyboard(lab, "halve_the_ttl", 0)
    expect(bet(lab, "halve_the_ttl").get_by_text("✕ your answer")).to_be_visible()
    expect(picture.locator(".plot text.bet")).to_have_text("your bet 19.3 %")
    expect(picture.locator(".plot text.now")).to_have_text("now 30 s")
    expect(picture.locator(".plot text.before")).to_have_text("before 1 min")
    assert answer_of_the_first_bet() in lab.page.content()
    lab.shot("answered", bet(lab, "halve_the_ttl"))
    lab.shot("live", picture)
    choose_by_keyboard(lab, "delete_first", 1)
    bet(lab, "delete_first").get_by_role("button", name="See it in the player").click()
    player = lab.cell('lesson.bet("delete_first"').locator(".kit-player:visible")
    assert sentences(lab, player) == list(tell(scenes.race(scenes.REFILLED, "delete_first").tape))
    choose_by_keyboard(lab, "plain_set", 2)


def the_live_picture_moves_by_keys(lab: LabPage) -> None:
    picture = lab.cell("lesson.live(").locator(".kit-live .kit-card")
    slider = picture.get_by_role("slider")
    slider.focus()
    for key, words in (
        ("ArrowRight", "45 s"),
        ("PageUp", "90 s"),
        ("PageDown", "45 s"),
        ("End", "1 h"),
        ("Home", "1 s"),
    ):
        lab.page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", words)
    lab.page.keyboard.press("b")
    lab.page.keyboard.press("ArrowRight")
    expect(picture.locator(".plot text.before")).to_have_text("before 1 s")
    picture.get_by_role("button", name="single flights").click()
    expect(picture.locator(".kit-say")).to_contain_text("times the misses")
    picture.get_by_role("button", name="Table", exact=True).click()
    assert picture.get_by_role("row").count() >= 7
    picture.get_by_role("button", name="Text", exact=True).click()
    expect(picture.get_by_role("listitem").first).to_contain_text("At a TTL of")
    picture.get_by_role("button", name="Picture", exact=True).click()


def the_race_is_told_step_by_step(lab: LabPage) -> None:
    player = lab.cell("lesson.race()").locator(".kit-player:visible")
    assert sentences(lab, player) == list(tell(scenes.race(scenes.STALE_SET).tape))
    lab.page.keyboard.press("Home")
    for step in range(1, 13):
        expect(player.locator("[data-part=step] b")).to_have_text(str(step))
        # One hatch from the update on: the reader's ribbon; a second one and the field once the old board is put back.
        assert player.locator("rect.k-hatch").count() == (0 if step < 5 else 1) + (step >= 9) + (step >= 12), step
        assert player.locator(".k-field").count() == (step >= 9), step
        if step in (5, 9):
            lab.shot(f"race-{step}", player)
        lab.page.keyboard.press("ArrowRight")
    expect(player.get_by_text("cache ≠ database").or_(player.get_by_text("≠", exact=True)).first).to_be_visible()
    lab.page.keyboard.press("Home")
    expect(player.locator("[data-part=step] b")).to_have_text("1")
    lab.page.keyboard.press("End")
    expect(player.locator("[data-part=step] b")).to_have_text("12")


def the_learner_finds_the_order_as_scheduler(lab: LabPage) -> None:
    player = lab.cell("lesson.scheduler()").locator(".kit-player:visible")
    for choice in ("Reader 1 GET", "Reader 1 SELECT", "Writer UPDATE", "Writer DEL", "Reader 1 SET"):
        player.get_by_role("button", name=re.compile(choice.replace(" ", r"\s*"))).click()
        lab.idle()
    expect(player.locator(".kit-broken")).to_contain_text("Reader 2 was shown the old board of EWR")
    lab.shot("scheduler", player)


def a_wrong_answer_opens_its_trace(lab: LabPage, home: Path) -> None:
    cell = check(lab, WRONG.read_text("utf-8"), "Wrong")
    verdict = cell.locator(".kit-verdict:visible")
    expect(verdict.get_by_text("A slow reader put the old board back after your delay.").first).to_be_visible()
    verdict.get_by_role("button", name="Hint 1 of 3").click()
    expect(verdict.get_by_text("Hints")).to_be_visible()
    verdict.get_by_role("button", name="Open the shortest trace").click()
    player = cell.locator(".kit-player:visible")
    player.wait_for()
    token = json.loads((home / "progress.json").read_text("utf-8"))["exercises"][EXERCISE]["trace"]
    kit = str(Path(sys.executable).with_name("kit"))
    ran = subprocess.run(
        [kit, "replay", token, "--text"], env={"KIT_HOME": str(home)}, capture_output=True, text=True, check=True
    )
    told = re.findall(r"^\s*\d+\s+(.+)$", ran.stdout, re.MULTILINE)
    said = sentences(lab, player)
    assert said == told
    assert said[-1].startswith("Reader 2 gets a hit, and a stale board")
    lab.shot("wrong", verdict)
    lab.shot("trace", player)


def a_check_can_be_stopped(lab: LabPage, home: Path) -> None:
    before = (home / "progress.json").read_text("utf-8")
    slow = RIGHT.read_text("utf-8").replace("    key = ", "    sum(range(9_000_000))\n    key = ", 1)
    cell = lab.cell(f"%%exercise {EXERCISE}")
    lab.write(cell, f"%%exercise {EXERCISE}\n{slow}")
    cell.get_by_role("button", name="Stop").click()
    expect(cell.get_by_text("You stopped the check. Nothing was recorded.")).to_be_visible()
    lab.finished(cell)
    kept = json.loads((home / "progress.json").read_text("utf-8"))["exercises"][EXERCISE]
    known = json.loads(before)["exercises"][EXERCISE]
    assert {**kept, "cell": known["cell"]} == known, "a stopped check was recorded"


def the_right_answer_passes_and_a_restart_keeps_it(lab: LabPage, home: Path) -> None:
    solution = RIGHT.read_text("utf-8")
    cell = check(lab, solution, "Correct")
    verdict = cell.locator(".kit-verdict:visible")
    expect(verdict.get_by_text("The old trace passes now.")).to_be_visible()
    expect(verdict.get_by_text("hidden 4/4")).to_be_visible()
    verdict.get_by_role("button", name="Compare with the solution").click()
    expect(cell.get_by_text("The solution", exact=True)).to_be_visible()
    lab.shot("right", verdict)
    assert not lab.accessibility()
    lab.menu("Kernel", "Restart Kernel…")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    lab.idle()
    assert (home / "exercises" / f"{EXERCISE}.py").read_text("utf-8").strip() == solution.strip()
    expect(lab.cell(f"%%exercise {EXERCISE}").locator(".cm-content")).to_contain_text("# before the database is read")
    lab.run_all()
    expect(bet(lab, "halve_the_ttl").get_by_text("Your answer A is kept.")).to_be_visible()
    expect(lab.cell("lesson.live(").locator(".plot text.bet")).to_have_text("your bet 19.3 %")
    the_right_answer_has_a_score(lab)


def the_right_answer_has_a_score(lab: LabPage) -> None:
    """A delete per change behind a TTL of 60 s: true walls, and misses that an hour would have spared."""
    card = lab.cell("lesson.score()").locator(".kit-live .kit-score")
    card.scroll_into_view_if_needed()
    expect(card.locator(".kit-say")).to_contain_text("Decided by misses")
    expect(card.locator(".kit-score-rows tr").nth(1)).to_contain_text("on par")
    total = card.locator(".kit-score-total b")
    expect(total).to_have_text(re.compile(r"^[3-9]\d$"))
    before = total.text_content() or ""
    expect(card).to_contain_text(f"best so far {before}, first try")
    again = card.get_by_role("button", name="Play again")
    again.focus()
    lab.page.keyboard.press("Enter")
    expect(card.locator(".kit-score-copied")).to_have_text("Your minutes are being played.")
    expect(card.locator(".kit-score-copied")).to_have_text("Played again.", timeout=60_000)
    expect(total).to_have_text(before)
    lab.shot("score-in-lab", card)
    card.get_by_role("button", name="See a miss in the player").click()
    player = lab.cell("lesson.score()").locator(".kit-player:visible")
    expect(player).to_contain_text("Misses, as queries")
    lab.shot("score-moment", player)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(640, 1500), (1280, 1200)], ids=["640", "1280"])
def test_every_picture_is_usable_in_both_sizes_and_themes(visit: Visit, size: tuple[int, int], theme: str) -> None:
    lab, _ = visit(size, theme)
    lab.open(LESSON)
    twin = lab.cell("lesson.race()").locator(".kit-twin")
    twin.wait_for()
    assert not lab.accessibility(), "before it is run"
    lab.shot("twin", twin)
    lab.shot("twin-score", lab.cell("lesson.score()").locator(".kit-twin"))
    lab.run_all()
    choose_by_keyboard(lab, "halve_the_ttl", 1)
    pictures = {
        "question": bet(lab, "delete_first"),
        "answered": bet(lab, "halve_the_ttl"),
        "race": lab.cell("lesson.race()").locator(".kit-player:visible"),
        "live": lab.cell("lesson.live(").locator(".kit-live .kit-card"),
        "verdict": lab.cell("%%exercise").locator(".kit-verdict:visible"),
        "score": lab.cell("lesson.score()").locator(".kit-live .kit-score"),
    }
    for name, picture in pictures.items():
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0], f"{name} is wider than the window"
        assert picture.evaluate("card => card.scrollWidth <= card.clientWidth + 1"), f"{name} runs out of its card"
        lab.shot(f"picture-{name}", picture)
    assert not lab.accessibility(), "after it is run"
