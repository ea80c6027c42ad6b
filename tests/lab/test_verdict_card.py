"""The verdict card: seven outcomes by glyph and word, counts together, hidden checks keep their secret."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from kit.lab import predict
from kit.lab.verdict import Handlers, VerdictCard
from kit.views import verdict as view


def check(ident: str, passed: bool | None, *, hidden: bool = False, **more: Any) -> dict[str, Any]:
    values = {
        "id": ident, "title": f"Title of {ident}", "points": 2 if passed else 0, "max_points": 2, "hidden": hidden,
        "passed": passed, "message": "" if passed is not False else f"The rule of {ident} is broken.", "seen": "",
        "schedules": 7, "failing": 1 if passed is False else 0, "level": 1, "operations": 6, "coverage": [],
        "trace": None,
    }  # fmt: skip
    return {**values, **more}


def verdict(outcome: str, *checks: dict[str, Any], **more: Any) -> dict[str, Any]:
    public = [one for one in checks if not one["hidden"]]
    hidden = [one for one in checks if one["hidden"]]
    ran = [one for one in hidden if one["passed"] is not None]
    values = {
        "exercise": "invalidate_on_write", "outcome": outcome, "points": sum(one["points"] for one in checks),
        "max_points": 2 * len(checks), "checks": list(checks), "mistake": None, "previous": None,
        "public": {"passed": sum(bool(one["passed"]) for one in public), "total": len(public)},
        "hidden": {"passed": sum(bool(one["passed"]) for one in hidden) if ran else None, "total": len(hidden)},
        "hints": {"shown": 0, "total": 3}, "output": "", "schedules": 343, "coverage": "all orders of these actors",
        "trace": None, "engine": "model", "seed": 0, "seconds": 0.7,
    }  # fmt: skip
    return {**values, **more}


WRONG = verdict(
    "wrong", check("read", True), check("slow_reader", False), check("crash", None, hidden=True), trace="k1.x"
)
RIGHT = verdict("correct", check("read", True), check("crash", True, hidden=True))
HIDDEN = verdict("wrong", check("read", True), check("crash", False, hidden=True))
FAILURES = [verdict(outcome, check("read", False)) for outcome in view.OUTCOMES if outcome != "correct"]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text(html: str) -> str:
    """The words of a well-formed piece of HTML."""
    parser = _Text()
    parser.feed(html)
    assert not parser.open
    return " ".join(" ".join(parser.words).split())


@pytest.mark.parametrize("one", [RIGHT, *FAILURES], ids=lambda one: one["outcome"])
def test_every_outcome_has_its_glyph_its_word_and_one_line(one: dict[str, Any]) -> None:
    glyph, word, _ = view.OUTCOMES[one["outcome"]]
    shown = text(view.card(one))
    assert f"{glyph} {word}" in shown
    assert view.line(one).startswith(f"{word}: ")
    assert "\n" not in view.line(one)
    assert f"public {one['public']['passed']}/{one['public']['total']}" in view.line(one)


def test_public_and_hidden_counts_stand_together_and_what_did_not_run_says_so() -> None:
    assert "public 1/2" in text(view.card(WRONG))
    assert "hidden –/1 not run" in text(view.card(WRONG))
    assert "hidden 1/1" in text(view.card(RIGHT))


def test_an_exercise_without_points_and_without_hidden_checks_says_so_in_words() -> None:
    for passed in (True, False, None):
        plain = check("earliest", passed, points=0, max_points=0)
        one = verdict("correct" if passed else "wrong" if passed is False else "not_attempted", plain, max_points=0)
        shown = text(view.card(one, alive=True))
        assert "no points" in shown
        assert "public" in shown
        assert "no hidden checks" in shown
        for broken in ("0/0", "0 of 0", "of 0", "Points"):
            assert broken not in shown
            assert broken not in view.line(one)
        assert f"no points, public {one['public']['passed']}/1, no hidden checks." in view.line(one)


def test_a_public_failure_says_the_rule_and_offers_the_trace_first() -> None:
    assert view.rule(WRONG)[0] == "The rule of slow_reader is broken."
    assert "in 1 of 7 schedules" in view.rule(WRONG)[1]
    assert [(one.act, one.filled) for one in view.actions(WRONG, 0)] == [("trace", True), ("hint", False)]


def test_a_hidden_failure_gives_its_rule_and_neither_input_nor_trace() -> None:
    assert "its input and trace stay hidden" in text(view.card(HIDDEN, alive=True))
    assert [(one.act, one.filled) for one in view.actions(HIDDEN, 1)] == [("hint", True)]


def test_at_most_one_button_is_filled_and_a_stored_card_has_none() -> None:
    for one in (WRONG, RIGHT, HIDDEN, *FAILURES):
        assert view.card(one, alive=True).count("kit-filled") <= 1
        assert "<button" not in view.card(one)


def test_the_old_trace_the_kept_copy_and_the_hints_are_told() -> None:
    again = {**WRONG, "previous": {"trace": "k1.old", "passes": True}}
    shown = text(view.card(again, ("Look at the reader.",), "That version is kept as backups/x.py."))
    assert "The old trace passes now." in shown
    assert "Look at the reader." in shown
    assert "That version is kept as backups/x.py." in shown


def test_what_the_learner_wrote_is_shown_and_never_run_as_html() -> None:
    loud = {**WRONG, "output": "<script>alert(1)</script>"}
    loud["checks"] = [check("read", False, message="<b>bold</b>", seen="<i>seen</i>")]
    for piece in ("<script>", "<b>bold", "<i>seen"):
        assert piece not in view.card(loud, ("<u>hint</u>",), "<u>note</u>")
    assert "<i>x" not in view.comparison("<i>x</i>", "y")


def test_no_wall_clock_second_reaches_a_card() -> None:
    assert view.card(WRONG) == view.card({**WRONG, "seconds": 12.3})


def test_buttons_do_what_they_were_given() -> None:
    heard: list[str] = []

    def opened(word: str) -> Any:
        heard.append(word)
        return predict.note(word)

    card = VerdictCard(
        Handlers(
            trace=lambda token: opened(token), hint=lambda: ("First hint.",), solution=lambda: opened("solution"),
            stop=lambda: heard.append("stop"),
        )
    )  # fmt: skip
    card.receive({"kind": "trace"})  # no verdict yet: nothing to open
    card.receive({"kind": "stop"})
    card.finish(WRONG, (), "")
    for kind in ("trace", "hint", "solution", "nonsense"):
        card.receive({"kind": kind})
    assert heard == ["stop", "k1.x", "solution"]
    assert "First hint." in card.html
    assert len(card.stage.children) == 2


def test_back_ticked_words_of_a_hint_are_code_and_nothing_else_becomes_markup() -> None:
    card = view.card(WRONG, ("Look at `SET … NX` & <b>.",))
    assert "<code>SET … NX</code> &amp; &lt;b&gt;." in card
    assert "`" not in card
