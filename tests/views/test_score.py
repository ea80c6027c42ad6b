"""The score: what a row is worth, which one decides, where things stand on a bar, and the same said in every form."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.views import score, score_card
from kit.views.score import PAR_AT, Card, Ghost, Measure, Row, place, points, worth

SOME = st.floats(1e-3, 1e6)
AMOUNT = st.one_of(st.just(0.0), SOME)
QUERIES, TIME, OLD = Measure("q", "Queries"), Measure("t", "Time, p99", "ms", 1), Measure("o", "Old walls", "%", 2)
GHOSTS = (Ghost("naive", "no cache"), Ghost("good", "the <solution>"), Ghost("par", "the same, faster"))


def card(*yours: float | None, par: tuple[float, ...] = (30, 6.5, 0)) -> Card:
    rows = tuple(
        Row(measure, best, mine, {"naive": 900 * best + 1, "good": best, "par": best})
        for measure, best, mine in zip((QUERIES, TIME, OLD), par, yours, strict=True)
    )
    return Card("e", "03", "A budget", "8 March, LGA", rows, GHOSTS, 4711, "kit 1.0", "Yours is e.py.", "A <note>.")


@given(AMOUNT, AMOUNT)
def test_a_row_is_worth_one_exactly_when_it_meets_par(measured, par):
    assert 0 <= worth(measured, par) <= 1
    assert (worth(measured, par) == 1) == (measured <= par)


@given(AMOUNT, AMOUNT, AMOUNT)
def test_more_is_never_worth_more(one, other, par):
    assert worth(max(one, other), par) <= worth(min(one, other), par)


@given(SOME, SOME)
def test_over_par_the_worth_is_their_ratio_and_at_a_par_of_nothing_one_over_one_more(measured, par):
    assert worth(par + measured, par) == par / (par + measured)
    assert worth(measured, 0) == 1 / (1 + measured)


@given(st.lists(SOME, min_size=1, max_size=5), st.lists(SOME, min_size=5, max_size=5))
def test_the_weakest_row_is_the_score_and_nothing_less_than_par_is_a_hundred(measured, pars):
    parts = [worth(one, par) for one, par in zip(measured, pars, strict=False)]
    found = points(parts)
    assert found == int(100 * min(parts) + 1e-9)
    assert (found == 100) == (100 * min(parts) > 100 - 1e-9)


@given(SOME, SOME, SOME)
def test_places_on_a_bar_keep_the_order_of_what_they_stand_for(one, other, par):
    assert place(min(one, other), par) <= place(max(one, other), par) <= 100
    assert place(par, par) == PAR_AT
    assert (place(one, par) > PAR_AT) <= (one > par)
    assert place(0, par) == place(0, 0) == 0


@pytest.mark.parametrize(
    ("yours", "score_", "decides"),
    [
        ((30, 6.5, 0), 100, None),
        ((10, 1, 0), 100, None),
        ((60, 7, 0), 50, 0),
        ((30, 13, 3), 25, 2),
        ((30, 13, 1), 50, 1),
    ],
)
def test_the_row_that_is_worth_least_decides_and_of_two_the_first(yours, score_, decides):
    found = card(*yours)
    assert (found.score, found.deciding) == (score_, decides)
    assert score_card.html(found).count("kit-score-lit") == (decides is not None)


def test_a_difference_too_small_to_be_shown_is_on_par_and_yet_told():
    found = card(30, 6.5, 0.001)
    assert [row.state for row in found.rows] == ["on", "on", "on"]
    assert found.score == 99
    assert score.sentence(found) == "Decided by old walls: 0.001 where par is 0."


def test_without_a_submission_there_is_no_score_and_it_says_what_to_do():
    found = card(None, None, None)
    assert (found.score, found.deciding) == (None, None)
    assert score.sentence(found) == "No score yet: A <note>."
    assert "kit-bar-own" not in score_card.html(found)
    assert "no score yet" in score.share(found)


class _Reader(HTMLParser):
    """The cells of every table, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag):
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data):
        if self._open:
            self.rows[-1][-1] += data


def cells(html: str) -> list[list[str]]:
    reader = _Reader()
    reader.feed(html)
    return [[" ".join(cell.split()) for cell in row] for row in reader.rows]


@pytest.mark.parametrize("yours", [(60, 7, 0), (None, None, None), (30, 6.5, 2.5)])
def test_card_twin_text_and_share_say_the_same(yours):
    found = card(*yours)
    twin, living = score_card.html(found), score_card.html(found, living=True)
    assert cells(twin) == cells(living)
    assert "<button" not in twin
    said = score.text(found)
    for row in found.rows:
        line = next(line for line in said.splitlines() if line.startswith(row.measure.name))
        for value in (row.yours, row.par, *row.ghosts.values()):
            assert row.measure.said(value) in line
        assert any(cell.startswith(row.measure.name) for cell in (one[0] for one in cells(twin)))
        assert f"{row.measure.name}: {row.measure.said(row.yours)}" in score.share(found)
    assert "seed 4711" in score.share(found)
    assert "kit 1.0" in score.share(found)


def test_every_width_and_place_of_a_bar_lies_on_it():
    html = score_card.html(card(10**9, 10**9, 10**9))
    assert all(0 <= float(found) <= 100 for found in re.findall(r"(?:width|left):([-\d.]+)%", html))


def test_words_of_a_card_are_escaped():
    html = score_card.html(card(60, 7, 0))
    assert "<note>" not in html
    assert "<solution>" not in html
