"""What lesson 00 shows: its figures are the day's, its sheets are whole, what a bet guards stays shut until then."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.lab import figures_00, scenes_00, set_up, sheet
from kit.lab.bets import BETS
from kit.lab.ledger import Ledger
from kit.lab.lesson_00 import Lesson00
from kit.lab.places import CLONE
from kit.views import departures, storm_day, storm_plot, strips
from kit.views import sheet as view
from kit.views.narration import tell
from kit.views.sheet import Sheet, key_of
from kit.workloads.flights import archive, people, queries, rule

DATA = figures_00.load()
DAY = storm_day.storm_day(DATA["people"], figures_00.FIRST_MIN, people.backlog)
SHEETS = {"board": departures.departures(DATA["board"]), "days": strips.strips(DATA["days"]), "storm": DAY}
EACH = pytest.mark.parametrize("one", SHEETS.values(), ids=list(SHEETS))
PROSE = (CLONE / "notebooks" / "source" / "00_start_here.py").read_text("utf-8")


@pytest.fixture(scope="module")
def year() -> Iterator[sqlite3.Connection]:
    connection = archive.open_archive(archive.ensure().parent)
    yield connection
    connection.close()


def test_making_the_file_again_changes_no_byte(year: sqlite3.Connection) -> None:
    assert figures_00.make(year) == figures_00.FILE.read_text("utf-8"), "run `make notebooks`"


def test_the_bets_and_the_prose_tell_the_figures_of_the_archive(year: sqlite3.Connection) -> None:
    storm, blizzard = (queries.changes(year, day) for day in (rule.STORM, rule.BLIZZARD))
    assert f"{storm:,} changes against {blizzard:,}." in BETS["more_changes"].answer.whys[1]
    assert f"{blizzard:,} changes." in BETS["more_changes"].answer.whys[0]
    most = max(DATA["people"])
    minute = figures_00.FIRST_MIN + DATA["people"].index(most)
    assert (most, minute) == (34_461, 17 * 60 + 10)
    assert f"{most:,} people" in BETS["peak"].answer.whys[2]
    assert f"{DATA['people'][22 * 60 - figures_00.FIRST_MIN]:,} still wait" in BETS["peak"].answer.whys[3]
    facts = {one.day: one for one in queries.days(year)}
    assert f"cancelled {facts[rule.BLIZZARD].cancelled} flights of {facts[rule.BLIZZARD].flights}" in PROSE
    assert f"cancelled {facts[rule.STORM].cancelled}\n# of {facts[rule.STORM].flights}" in PROSE
    for name, day in figures_00.DAYS.items():
        assert sum(DATA["days"][name]["cancelled"]) == facts[day].cancelled
        assert sum(DATA["days"][name]["flights"]) == facts[day].flights


def test_to_the_right_the_database_is_asked_less_and_more_boards_are_stale() -> None:
    board = DATA["board"]
    assert board["queries"] == sorted(board["queries"], reverse=True)
    assert board["wall"] == sorted(board["wall"])
    assert board["wall"][0] == 0
    assert board["queries"][0] > 500 * board["queries"][5]  # no cache against a minute
    for airport in board["airports"].values():
        assert airport["wrong"] == sorted(airport["wrong"])
        for wrong, shown in zip(airport["wrong"], airport["shown"], strict=True):
            seen = sum(one != true for one, true in zip(shown, airport["true"], strict=True))
            assert seen == min(wrong, seen)
            assert seen > 0 or wrong == 0, "a board that is wrong shows a wrong row"


def test_a_stale_cell_is_told_by_glyph_word_and_the_truth_beside_it() -> None:
    body = SHEETS["board"].cards[key_of("JFK", len(figures_00.TTLS_S) - 1)].body
    assert body.count('class="kit-stale"') == body.count('<b class="kit-word">stale</b>') == body.count("▲") > 3
    assert 'class="kit-stale"' not in SHEETS["board"].cards[key_of("JFK", 0)].body


@EACH
def test_a_sheet_has_a_card_for_every_state_and_draws_only_what_it_has(one: Sheet) -> None:
    options = list(one.options) or [""]
    wanted = {key_of(option, stop) for option in options for stop in range(len(one.slider.values))}
    assert set(one.cards) == wanted
    for card in one.cards.values():
        assert len(card.row) == len(one.heads)
        assert len(card.say) <= 80
        assert all(0 <= figure.bar <= 1 for figure in card.figures)
        assert bool(card.body) != bool(card.layers)
        assert set(card.layers) <= set(one.layers)
    json.dumps(one.data())


@EACH
def test_no_word_leaves_a_picture(one: Sheet) -> None:
    for drawn in one.layers.values():
        for width, elements in drawn.items():
            for element in elements:
                if element["tag"] == "text":
                    assert 0 <= element["x"] <= int(width), element
                    assert 0 < element["y"] <= one.heights[width], element


def test_the_storm_day_runs_from_57_to_3446_looks_a_second() -> None:
    figures = [DAY.cards[key_of("well", stop)].figures[0].now for stop in (0, len(storm_day.INTERVALS_S) - 1)]
    assert figures == ["57", "3,446"]
    assert DAY.play is not None
    assert DAY.play.seconds == 20
    frames = DAY.cards[key_of("well", 0)].frames
    assert frames[0].startswith("03:00: ")
    assert "17:10: 34,461 wait, 57 looks/s" in frames[(17 * 60 + 10 - figures_00.FIRST_MIN) // storm_plot.STEP_MIN]


def test_a_slow_database_freezes_the_boards_and_a_well_one_does_not() -> None:
    well, slow = (
        storm_day.answer_s(DATA["people"], figures_00.FIRST_MIN, 600, option, people.backlog)
        for option in storm_day.OPTIONS
    )
    assert max(well) == pytest.approx(0.006)
    five = storm_day.SLOW_FROM_MIN - figures_00.FIRST_MIN
    assert slow[:five] == well[:five]
    assert max(slow) > 30 * 60
    assert slow[-1] < 1, "in the night it has caught up"


def test_before_both_bets_are_answered_the_page_has_axes_alone(tmp_path: Path) -> None:
    shut = storm_day.before_the_bets(DAY)
    state = json.dumps(view.only(shut)) + view.twin(shut, "") + view.plain(shut)
    assert "curve" not in state
    assert not [word for word in ("34,461", "3,446", "17:10", "17:00") if word in state]
    picture = sheet.SheetWidget(view.only(shut))
    lesson, ledger = Lesson00(tmp_path), Ledger(tmp_path)
    ledger.keep("more_changes", 1)
    lesson._open(picture, DAY, DATA["people"])
    assert len(picture.data["cards"]) == 1
    ledger.keep("peak", 0)
    lesson._open(picture, DAY, DATA["people"])
    assert len(picture.data["cards"]) == len(DAY.cards)
    marks = [one.get("text") for one in picture.data["layers"]["bet"]["720"]]
    assert "your bet 09:00" in marks


def test_a_skipped_bet_leaves_no_mark(tmp_path: Path) -> None:
    picture = sheet.SheetWidget(view.only(storm_day.before_the_bets(DAY)))
    ledger = Ledger(tmp_path)
    ledger.keep("more_changes", None)
    ledger.keep("peak", None)
    Lesson00(tmp_path)._open(picture, DAY, DATA["people"])
    assert "bet" not in picture.data["layers"]
    assert len(picture.data["cards"]) == len(DAY.cards)


def test_one_look_is_four_messages() -> None:
    assert list(tell(scenes_00.look())) == [
        "The passenger asks the web app for /flight/DL2219.",
        "The web app asks the database for the flight.",
        "The database answers with 1 row after 1.2 ms.",
        "The web app answers the passenger after 3.2 ms: leaves 13:00.",
    ]


def test_the_set_up_card_says_nothing_of_the_machine_while_notebooks_are_built(
    monkeypatch: pytest.MonkeyPatch, kit_home: Path
) -> None:
    monkeypatch.setenv("KIT_BUILD", "1")
    built = dict(set_up.rows())
    assert built["a real Valkey"] == built["your progress"] == "looked for when you run this cell"
    monkeypatch.delenv("KIT_BUILD")
    living = dict(set_up.rows())
    assert re.match(r"(found|not here)", living["a real Valkey"])
    assert re.match(r"0 of \d+ exercises passed", living["your progress"])
    assert str(kit_home.parent) not in json.dumps(living)


def test_a_board_knows_a_cancelled_flight_as_the_rule_writes_it() -> None:
    assert departures.CANCELLED == rule.CANCELLED
    assert departures.status(540, rule.CANCELLED) == "cancelled"
