"""Bets: no answer on the page before a choice, a why for every option, and the first answer stays."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kit.cache.clock import ManualClock
from kit.lab import predict
from kit.lab.bet import Bet
from kit.lab.bets import BETS, bet
from kit.lab.ledger import Kept, Ledger
from kit.views.question import answered, asked, plain

DAY_US = 86_400_000_000
ALL = pytest.mark.parametrize("one", BETS.values(), ids=list(BETS))


def _card(one: Bet, kept: Kept | None = None) -> tuple[predict.Predict, list[Kept], list[str]]:
    heard: list[Kept] = []
    opened: list[str] = []
    card = predict.Predict(
        one, keep=lambda choice: Kept(choice, "2026-11-24"), kept=kept,
        reveal=lambda _, answer: heard.append(answer), opened=lambda: opened.append(one.id),
    )  # fmt: skip
    return card, heard, opened


def _state(card: predict.Predict) -> str:
    return json.dumps(card.get_state(), default=str)


@ALL
def test_every_option_has_its_why_and_one_is_right(one: Bet) -> None:
    assert len(one.question.options) == len(one.answer.whys)
    assert one.answer.right in range(len(one.question.options))
    assert len(one.guesses) in (0, len(one.question.options))


@ALL
def test_before_a_choice_neither_twin_nor_model_holds_a_why(one: Bet) -> None:
    card, _, _ = _card(one)
    before = asked(one.question) + plain(one.question) + _state(card)
    for why in one.answer.whys:
        assert all(part not in before for part in re.split(r"[.:;`]", why) if len(part) > 12)
    assert "right" not in asked(one.question, name="x")


@ALL
def test_the_answer_keeps_every_option_in_its_place_and_marks_right_and_yours(one: Bet) -> None:
    for chosen in range(len(one.question.options)):
        html = answered(one.question, one.answer, chosen=chosen, day="24 Nov")
        texts = [text.replace("`", "").split()[0] for text in one.question.options]
        assert html.count("✓ right") == 1
        assert html.count("your answer</span>") == 1
        assert len(re.findall("<li", html)) == len(texts)
        assert f"Your answer {'ABCD'[chosen]} is kept." in html


def test_a_choice_is_kept_told_and_shown_and_a_second_one_changes_nothing() -> None:
    card, heard, _ = _card(BETS["halve_the_ttl"])
    card.receive({"kind": "answer", "choice": 0})
    card.receive({"kind": "answer", "choice": 1})
    assert heard == [Kept(0, "2026-11-24")]
    assert "✕ your answer" in card.html


@pytest.mark.parametrize("message", [{}, {"kind": "answer"}, {"kind": "answer", "choice": 9}, {"kind": "open"}])
def test_a_message_that_is_none_reveals_nothing(message: dict[str, object]) -> None:
    card, heard, opened = _card(BETS["delete_first"])
    card.receive(message)
    assert not heard
    assert not opened
    assert "kit-q-why" not in card.html


def test_a_skipped_bet_shows_the_whys_and_claims_no_answer() -> None:
    card, heard, _ = _card(BETS["halve_the_ttl"])
    card.receive({"kind": "skip"})
    assert heard[0].choice is None
    assert "your answer" not in card.html
    assert card.html.count("kit-q-why") == 3


def test_what_the_reveal_offers_opens_only_after_it() -> None:
    card, _, opened = _card(BETS["delete_first"])
    card.receive({"kind": "open"})
    card.receive({"kind": "answer", "choice": 1})
    card.receive({"kind": "open"})
    assert opened == ["delete_first"]


def test_an_earlier_answer_is_shown_at_once() -> None:
    card, _, _ = _card(BETS["plain_set"], Kept(2, "2026-11-24"))
    assert "answered before you saw it, 24 Nov" in card.html


def test_the_first_answer_stays(tmp_path: Path) -> None:
    clock = ManualClock(20_781 * DAY_US)
    ledger = Ledger(tmp_path, clock)
    first = ledger.keep("halve_the_ttl", 0)
    clock.advance(DAY_US)
    assert ledger.keep("halve_the_ttl", 1) == first == Ledger(tmp_path).answer("halve_the_ttl")
    assert first.day == "2026-11-24"


def test_a_damaged_ledger_is_put_aside_and_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "bets.json").write_text("{ half")
    assert Ledger(tmp_path).answer("plain_set") is None
    (aside,) = tmp_path.glob("bets.*.damaged.json")
    assert aside.read_text() == "{ half"


def test_two_labs_at_once_lose_no_bet(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom kit.lab.ledger import Ledger\n"
        "for number in range(40):\n    Ledger(Path(sys.argv[1])).keep(f'{sys.argv[2]} {number}', 1)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("one", "other")]
    assert [lab.wait() for lab in both] == [0, 0]
    assert len(json.loads((tmp_path / "bets.json").read_text())) == 80


def test_a_ledger_that_cannot_be_read_or_written_is_left_as_it_is_and_the_answer_is_known_meanwhile(
    tmp_path: Path,
) -> None:
    (tmp_path / "bets.json").mkdir()  # an error of the system for root too
    ledger = Ledger(tmp_path)
    assert ledger.answer("plain_set") is None
    first = ledger.keep("plain_set", 2)
    assert ledger.keep("plain_set", 0) == first == ledger.answer("plain_set")
    assert (tmp_path / "bets.json").is_dir()


def test_an_unknown_bet_is_answered_with_the_ones_there_are() -> None:
    with pytest.raises(LookupError, match="halve_the_ttl"):
        bet("no_such_bet")
