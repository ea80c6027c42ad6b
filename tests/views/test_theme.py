"""The theme, computed: every text token on every ground, every edge, every pair of outcomes in four sights."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import colour
import pytest

from kit.views import theme

VIEWS = Path(theme.__file__).parent


def faults(palette: dict[str, str]) -> list[str]:
    """What is wrong with a palette, one line each."""
    found = []
    for tokens, least in ((theme.TEXT_ON, 4.5), (theme.EDGES_ON, 3.0)):
        for token, grounds in tokens.items():
            for ground in grounds:
                ratio = colour.contrast(palette[token], palette[ground])
                if ratio < least:
                    found.append(f"{token} on {ground}: {ratio:.2f}, wanted {least}")
    return found + [
        f"{one} and {other} under {sight}: {apart:.1f}, wanted 12"
        for sight in colour.SIGHTS
        for one, other in combinations(theme.OUTCOMES, 2)
        if (apart := distance(palette, one, other, sight)) < 12
    ]


def distance(palette: dict[str, str], one: str, other: str, sight: str) -> float:
    return colour.difference(colour.seen(palette[one], sight), colour.seen(palette[other], sight))


@pytest.mark.parametrize("name", theme.PALETTES)
def test_every_token_can_be_read_where_it_stands_and_every_outcome_told_apart(name: str) -> None:
    assert faults(theme.PALETTES[name]) == []


@pytest.mark.parametrize(
    ("name", "figures"), [("light", (34.6, 14.0, 20.3, 12.8)), ("dark", (34.7, 20.3, 20.6, 12.7))]
)  # fmt: skip
def test_the_smallest_differences_are_those_that_were_measured(name: str, figures: tuple[float, ...]) -> None:
    palette = theme.PALETTES[name]
    least = [
        min(distance(palette, *pair, sight) for pair in combinations(theme.OUTCOMES, 2)) for sight in colour.SIGHTS
    ]
    assert [round(value, 1) for value in least] == list(figures)


@pytest.mark.parametrize(
    ("planted", "word"),
    [
        ({"bad": "#B84A00", "miss": "#8A5A00"}, "miss and bad under protanopia"),  # the first draft's pair
        ({"hit": "#1B5FB0"}, "flow and hit under normal"),
        ({"ink3": "#9AA3AE"}, "ink3 on surface"),
        ({"line2": "#C6CCD5"}, "line2 on surface"),
    ],
)
def test_a_planted_colour_is_found(planted: dict[str, str], word: str) -> None:
    assert any(line.startswith(word) for line in faults({**theme.LIGHT, **planted}))


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_formula_gives_the_published_values(one: colour.Triple, other: colour.Triple, wanted: float) -> None:
    assert colour.difference(one, other) == pytest.approx(wanted, abs=1e-4)


def test_the_stylesheet_is_what_the_tables_say() -> None:
    assert (VIEWS / "theme.css").read_text("utf-8") == theme.css()


def test_no_other_stylesheet_names_a_colour_of_its_own() -> None:
    for path in sorted(VIEWS.glob("*.css")):
        if path.name != "theme.css":
            assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|\brgba?\(", path.read_text("utf-8")) == [], path.name


def test_every_property_without_a_fallback_is_a_token() -> None:
    known = {f"--kit-{name}" for name in theme.LIGHT} | {"--kit-ui", "--kit-code"}
    for path in sorted(VIEWS.glob("*.css")):
        text = path.read_text("utf-8")
        own = set(re.findall(r"(--kit-[\w-]+)\s*:", text))
        assert set(re.findall(r"var\((--kit-[\w-]+)\)", text)) <= known | own, path.name


def test_both_palettes_name_the_same_tokens() -> None:
    assert list(theme.LIGHT) == list(theme.DARK)
