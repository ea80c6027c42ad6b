"""The static twin and the page: what is in them without a kernel, a script or a network."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
import race
from hypothesis import given
from hypothesis import strategies as st
from test_narration import tapes

from kit.views import page, theme, twin
from kit.views.narration import tell
from kit.world.tape import Tape

SVG = "{http://www.w3.org/2000/svg}"


def told(picture: str) -> list[str]:
    root = ET.fromstring(picture)
    return [element.text or "" for element in root.iter(f"{SVG}text") if "k-told" in (element.get("class") or "")]


def test_the_twin_tells_the_race_beside_its_rows() -> None:
    assert " ".join(told(twin.twin(race.race(), "The race"))) == " ".join(tell(race.race()))


@pytest.mark.parametrize("name", race.all_tapes())
def test_the_twin_has_at_most_twelve_rows_and_says_how_many_are_left(name: str) -> None:
    tape = race.all_tapes()[name]
    steps = len(tell(tape))
    root = ET.fromstring(twin.twin(tape, name))
    rows = [element for element in root.iter(f"{SVG}g") if "k-row" in (element.get("class") or "")]
    assert len(rows) == min(steps, 12)
    assert (f"and {steps - 12} more" in "".join(root.itertext())) == (steps > 12)
    assert not [element for element in rows if "k-ghost" in (element.get("class") or "")]


def test_the_twin_carries_both_palettes_and_no_address() -> None:
    picture = twin.twin(race.race(), "The race")
    assert "prefers-color-scheme:dark" in picture
    for palette in theme.PALETTES.values():
        assert all(value in picture for value in palette.values())
    assert re.findall(r"https?://[^\"' )]+", picture) == ["http://www.w3.org/2000/svg"]
    assert len(picture) < 16_000


def test_the_twins_alternative_text_is_title_and_decisive_sentence() -> None:
    html = twin.html(race.race(), title='The "race"')
    assert 'alt="The &quot;race&quot;. Reader 1 puts version 1 back. The cache is now wrong."' in html
    assert html.count("<tr>") == 13


def test_a_twin_may_begin_at_a_later_step() -> None:
    picture = twin.twin(race.lazy(40), "x", first=31)
    assert " ".join(told(picture)).startswith(" ".join(tell(race.lazy(40))[30:42])[:60])


@given(st.text(st.sampled_from("abcde .:"), min_size=1, max_size=68))
def test_a_sentence_is_broken_into_two_short_lines(sentence: str) -> None:
    lines = twin.broken(sentence)
    assert 1 <= len(lines) <= 2
    assert all(len(line) <= twin.LETTERS for line in lines)
    assert "".join(lines).replace(" ", "") == sentence.replace(" ", "")


@given(tapes())
def test_every_tape_has_a_twin(tape: Tape) -> None:
    ET.fromstring(twin.twin(tape, "<&>"))
    assert len(twin.plain(tape, "t").splitlines()) == 1 + len(tell(tape))


class Reader(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value]


def test_a_page_asks_nothing_of_any_network() -> None:
    text = page.page(race.race(), "The race", verdict=race.VERDICT, source=race.SUBMISSION)
    reader = Reader()
    reader.feed(text)
    assert all(address.startswith("data:image/svg+xml;base64,") for address in reader.fetched)
    assert "default-src 'none'" in text
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|import)\(", text)
    assert "noscript" in reader.tags


def test_data_cannot_end_the_element_it_stands_in() -> None:
    evil = "</script><script>alert(1)</script>"
    text = page.page(
        race.race(), evil, verdict={**race.VERDICT, "exercise": evil}, source=race.SUBMISSION.replace("key", evil)
    )
    assert evil not in text
    assert text.count("<script") == 2


def test_a_page_is_the_same_each_time() -> None:
    assert page.page(race.race(), "x") == page.page(race.race(), "x")
