"""The Board: an airport's departures as a copy shows them, beside what they cost, against the TTL of the copy.

Rules: a cell that the database no longer agrees with is told by hatch, glyph and word, never by colour alone, and what
is true stands beside it; the same rows stand there at every TTL, so nothing moves but what changes; stale counts all
rows of the board, shown or not.
Source: syllabus, section F (Board); looks.md, "A value is a ribbon, a stale value is a hatch".
Leaves out: counting (`kit/workloads/flights/boards.py`).
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

from kit.views.series import span
from kit.views.sheet import Card, Figure, Sheet, Slider, key_of
from kit.world.image import clock_time

AIRPORTS = {"LGA": "LaGuardia", "JFK": "Kennedy", "EWR": "Newark"}
HEADS = ("Board", "TTL of the copy", "Queries a minute", "Boards stale", "Rows wrong", "Age of the copy")
CANCELLED = 9_999  # the delay of a cancelled flight
MOST_QUERIES = 4_000  # where the bar of queries ends; it is logarithmic, from one in ten minutes


def departures(data: dict[str, Any], airport: str = "LGA") -> Sheet:
    """The Board of a moment. data: `board` of the lesson's file; airport: the one that opens."""
    stops = data["stops"]
    cards = {key_of(one, stop): _card(data, one, stop) for one in AIRPORTS for stop in range(len(stops))}
    values = tuple(ttl(seconds) for seconds in stops)
    return Sheet(
        title=f"The boards of 8 March 2013, {data['clock']}",
        subtitle="modelled; NYC flights 2013, a look every ten minutes",
        slider=Slider("TTL", values, tuple(range(0, len(stops), 2))),
        heads=HEADS,
        cards=cards,
        start=(airport, 0),
        choice="Board",
        options=AIRPORTS,
        legend="Queries and stale boards: all three airports, ten minutes either side. Hatched, ▲ and stale: "
        "the database has moved on.",
    )


def ttl(seconds: int) -> str:
    """A TTL in words; 0 is no cache at all."""
    return span(seconds) if seconds else "no cache"


def status(planned: int, delay: int) -> str:
    """What a board says of a flight. planned: minutes after midnight.

    >>> status(540, 0), status(540, 39), status(540, 9_999)
    ('on time', '09:39', 'cancelled')
    """
    if delay == CANCELLED:
        return "cancelled"
    return clock_time(planned + delay) if delay else "on time"


def _card(data: dict[str, Any], airport: str, stop: int) -> Card:
    seconds, board = data["stops"][stop], data["airports"][airport]
    queries, wall = data["queries"][stop], data["wall"][stop]
    wrong, age = board["wrong"][stop], board["age_s"][stop]
    asked, stale = rate(queries), f"{wall:.1f} %"
    figures = (
        Figure("Queries a minute", asked, "miss", _logarithmic(queries)),
        Figure("Boards stale", stale, "bad", wall / 100),
    )
    if seconds:
        say = f"At a TTL of {ttl(seconds)}: {asked} queries a minute, {stale} of boards stale."
    else:
        say = f"Without a cache: {asked} queries a minute, and no board is stale."
    row = (AIRPORTS[airport], ttl(seconds), asked, stale, f"{wrong} of {board['rows']}", f"{age:.0f} s")
    return Card(say, figures, row, body=_table(board, stop, wrong, age if seconds else None))


def rate(queries: float) -> str:
    """Queries a minute: whole ones above ten.

    >>> rate(1970.7), rate(0.6)
    ('1,971', '0.6')
    """
    return f"{queries:,.0f}" if queries >= 10 else f"{queries:.1f}"


def _logarithmic(queries: float) -> float:
    return min(1.0, max(0.0, math.log10(queries / 0.1) / math.log10(MOST_QUERIES / 0.1)))


def _table(board: dict[str, Any], stop: int, wrong: int, age: float | None) -> str:
    rows = "".join(
        _row(planned, flight, dest, board["shown"][stop][at], board["true"][at])
        for at, (planned, flight, dest) in enumerate(board["flights"])
    )
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("planned", "flight", "to", "the board says", "now"))
    verb = "is" if wrong == 1 else "are"
    copy = "No copy: each look asks the database"
    if age is not None:
        copy = f"The copy is {age:.0f} s old; {wrong or 'none'} of its rows {verb} wrong"
    few = f"{len(board['flights'])} of the day’s {board['rows']} rows stand here"
    return (
        f'<table class="kit-table kit-board"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="kit-sub">{copy}. {few}.</p>'
    )


def _row(planned: int, flight: str, dest: str, shown: int, true: int) -> str:
    said, now = status(planned, shown), status(planned, true)
    cells = "".join(f"<td>{escape(word)}</td>" for word in (clock_time(planned), flight, dest))
    if shown == true:
        return f"<tr>{cells}<td>{said}</td><td>{now}</td></tr>"
    glyph = '<span aria-hidden="true">▲ </span>'
    return f'<tr>{cells}<td class="kit-stale">{glyph}{said}<b class="kit-word">stale</b></td><td><b>{now}</b></td></tr>'
