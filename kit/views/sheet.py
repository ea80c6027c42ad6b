"""A sheet: one slider, at most two choices beside it, and for each of their states a card made beforehand.

Rules: every word, figure and element of a card is computed here, in Python, once; the page (`kit/lab/sheet.js`) chooses
a card, puts the state before beside it and draws; so a moving slider asks no kernel. A card's picture is HTML (`body`),
or elements of an SVG in `layers`, each drawn for a few widths, since text never scales. Before a bet is answered the
page gets a sheet of its first state alone (`only`).
Source: looks.md, "Live picture"; contracts of the kit, "Bets in a built notebook".
Leaves out: what is drawn (`departures.py`, `strips.py`, `storm_day.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

from kit.views import element
from kit.views.element import Element

WIDTHS = (280, 380, 470, 560, 720, 880, 1040)
TWIN_WIDTH = 720
NARROW = 560

Layer = dict[str, list[Element]]
Data = dict[str, Any]
"""What the page gets: the fields of a Sheet."""


@dataclass(frozen=True, slots=True)
class Slider:
    """label: before it; values: a word for each stop; ticks: the stops whose word stands below the track."""

    label: str
    values: tuple[str, ...]
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure above the picture. look: `miss`, `bad` or `flow`, its colour; bar: how long it is drawn, 0 to 1."""

    name: str
    now: str
    look: str
    bar: float


@dataclass(frozen=True, slots=True)
class Card:
    """One state: its sentence, figures, row of the table, and its picture as HTML or as names of layers.

    frames: what `play` says, moment by moment.
    """

    say: str
    figures: tuple[Figure, ...]
    row: tuple[str, ...]
    body: str = ""
    layers: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Play:
    """The button that lets time run. seconds: how long it takes; x: width → where the first and last moment stand."""

    label: str
    seconds: int
    x: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """choice: its label and its options (key → words), empty if there is none; start: the option and the stop.

    second, more: another choice; an option is then `first/second`. opens: the button that asks the kernel for what
    lies behind a card; an element with `data-stop` chooses its stop and asks too.
    """

    title: str
    subtitle: str
    slider: Slider
    heads: tuple[str, ...]
    cards: Mapping[str, Card]
    start: tuple[str, int]
    choice: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    second: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    opens: str = ""
    layers: Mapping[str, Layer] = field(default_factory=dict)
    heights: Mapping[str, int] = field(default_factory=dict)
    play: Play | None = None
    legend: str = ""

    def data(self) -> Data:
        """Everything, as the page takes it."""
        return asdict(self)

    def card(self) -> Card:
        """The card of the first state."""
        return self.cards[key_of(*self.start)]


def key_of(option: str, stop: int) -> str:
    """The card of this option and stop."""
    return f"{option}|{stop}"


def layer(draw: Any) -> Layer:
    """What `draw(width)` draws, at every width."""
    return {str(width): draw(width) for width in WIDTHS}


def both(first: str, second: str) -> str:
    """The option that two choices make."""
    return f"{first}/{second}"


def only(sheet: Sheet) -> Data:
    """The sheet cut to its first card: all that a page may hold before its bet is answered."""
    option, stop = sheet.start
    first, _, last = option.partition("/")
    card = sheet.card()
    return {
        **sheet.data(),
        "slider": {"label": sheet.slider.label, "values": [sheet.slider.values[stop]], "ticks": [0]},
        "options": {first: sheet.options[first]} if sheet.options else {},
        "more": {last: sheet.more[last]} if sheet.more else {},
        "opens": "",
        "cards": {key_of(option, 0): asdict(card)},
        "start": [option, 0],
        "layers": {name: dict(sheet.layers[name]) for name in card.layers},
        "play": None,
    }


def twin(sheet: Sheet, style: str, locked: str = "") -> str:
    """The first state as HTML: its sentence, figures, picture and row. style: the css of an image."""
    card = sheet.card()
    return (
        f'<section class="kit-card kit-sheet"><div class="kit-head"><h4>{escape(sheet.title)}</h4> '
        f'<span class="kit-sub">{escape(sheet.subtitle)}</span></div>'
        f'<p class="kit-say">{escape(card.say)}</p>{_figures(card.figures)}'
        f'<div class="kit-sheet-view">{card.body or _image(sheet, card, style)}</div>'
        f"{_table(sheet.heads, [card.row])}{_line(sheet.legend)}{_line(locked)}</section>"
    )


def plain(sheet: Sheet) -> str:
    """The first state as text: its sentence and its row."""
    card = sheet.card()
    return f"{card.say}\n{' · '.join(card.row)}"


def _figures(figures: Iterable[Figure]) -> str:
    each = "".join(
        f'<div class="kit-s-{one.look}"><dt>{escape(one.name)}</dt><dd>{escape(one.now)}</dd></div>' for one in figures
    )
    return f'<dl class="kit-live-figures">{each}</dl>'


def _image(sheet: Sheet, card: Card, style: str) -> str:
    from base64 import b64encode

    drawn = [one for name in card.layers for one in sheet.layers[name][str(TWIN_WIDTH)]]
    svg = element.svg(drawn, TWIN_WIDTH, sheet.heights[str(TWIN_WIDTH)], style)
    alternative = escape(f"{sheet.title}. {card.say}", quote=True)
    source = b64encode(svg.encode()).decode()
    return f'<img alt="{alternative}" width="{TWIN_WIDTH}" src="data:image/svg+xml;base64,{source}">'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cells(tag: str, words: Sequence[str]) -> str:
        return "".join(f"<{tag}>{escape(word)}</{tag}>" for word in words)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<table class="kit-table"><thead><tr>{cells("th", heads)}</tr></thead><tbody>{body}</tbody></table>'


def _line(words: str) -> str:
    return f'<p class="kit-live-locked">{escape(words)}</p>' if words else ""
