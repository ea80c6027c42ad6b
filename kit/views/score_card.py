"""The score as HTML: a row a measure with its bar, the others' tries as hollow marks and as a table.

Rules: a bar only repeats what its row says in words; over par is told by colour, hatch, sign and word; with `living`
there are buttons, else the card is the stored twin. Behaviour: `kit/lab/score.js`; arithmetic: `score.py`.
Source: looks.md, "Score and map" (looks: `score-map-1280-dark`).
"""

from __future__ import annotations

import re
from html import escape

from kit.views.score import (
    NOTHING,
    PAR_AT,
    Card,
    Row,
    footer,
    ghost_points,
    place,
    said_points,
    sentence,
)  # fmt: skip

WAITING = "Your minutes are being played, and the kit's own tries beside them."
_TOGETHER = 10  # per cent of a bar
_UNIT = re.compile(r"(\d) (ms|s|h)\b")  # a number and its unit stay on one line


def html(card: Card, *, living: bool = False) -> str:
    """The card. living: with its buttons; without them it is the stored twin."""
    number = f"<b>{card.score}</b> of 100 points" if card.score is not None else "no score yet"
    heads = ("Measure", "Yours", "Par", "Yours against par", "Result", "Points")
    titles = "".join(f'<th scope="col">{head}</th>' for head in heads)
    rows = "".join(_row(row, index == card.deciding) for index, row in enumerate(card.rows))
    below = " ".join(filter(None, (card.label, card.note if card.score is not None else "")))
    return (
        '<section class="kit-card kit-score"><div class="kit-head">'
        f'<h4>{escape(card.title)}</h4> <span class="kit-sub">{escape(card.window)}; '
        "lower is better in every row</span>"
        f'<span class="kit-sub kit-last kit-score-total">{number}</span></div>'
        f'<p class="kit-say" role="status">{escape(sentence(card))}</p>'
        f'<table class="kit-table kit-score-rows"><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>'
        f'{_legend(card)}{_others(card)}<p class="kit-sub">{escape(below)}</p>'
        f'<div class="kit-score-foot">{_buttons(card) if living else ""}'
        f'<span class="kit-sub kit-last">{escape(footer(card))}</span></div></section>'
    )


def waiting(title: str, window: str, words: str = WAITING) -> str:
    """The card while the minutes are being played."""
    return (
        f'<section class="kit-card kit-score"><div class="kit-head"><h4>{escape(title)}</h4> '
        f'<span class="kit-sub">{escape(window)}</span></div>'
        f'<p class="kit-say" role="status">{escape(words)}</p></section>'
    )


def _row(row: Row, decides: bool) -> str:
    name = escape(row.measure.name)
    mark = ' <span class="kit-score-decides">decides</span>' if decides else ""
    sign = {"under": "✓", "on": "✓", "over": "↑"}.get(row.state, "")
    colour = "kit-over" if row.state == "over" else "kit-under"
    result = (
        f'<span class="{colour}"><span aria-hidden="true">{sign}</span> {row.state} par</span>' if sign else NOTHING
    )
    return (
        f'<tr class="{"kit-score-lit" if decides else ""}"><th scope="row">{name}{mark}</th>'
        f'<td class="kit-score-yours">{escape(row.measure.said(row.yours))}</td>'
        f'<td class="kit-score-par">{escape(row.measure.said(row.par))}</td><td class="kit-score-cell">{bar(row)}</td>'
        f"<td>{result}</td><td>{escape(said_points(row))}</td></tr>"
    )


def bar(row: Row) -> str:
    """A row's bar: yours up to par, hatched over it, a mark at par, hollow marks for the ghosts."""
    at = PAR_AT if row.par > 0 else 0.0
    pieces = []
    if row.yours is not None:
        to = place(row.yours, row.par)
        own = min(to, at)
        pieces.append(f'<span class="kit-bar-own" style="width:{own:.1f}%"></span>')
        if to > at:
            pieces.append(f'<span class="kit-bar-over" style="left:{at:.1f}%;width:{to - at:.1f}%"></span>')
        elif not own:
            pieces.append('<span class="kit-bar-dot"></span>')
    marks = [
        (min(place(value, row.par), 99.0), name[:1].upper()) for name, value in row.ghosts.items() if name != "par"
    ]
    pieces += [f'<span class="kit-bar-ghost" style="left:{where:.1f}%"></span>' for where, _ in marks]
    pieces += [f'<span class="kit-bar-name" style="left:{where:.1f}%">{names}</span>' for where, names in _named(marks)]
    pieces.append(f'<span class="kit-bar-par" style="left:{at:.1f}%"></span>')
    return f'<div class="kit-bar" aria-hidden="true">{"".join(pieces)}</div>'


def _named(marks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The letters of the ghosts; those of marks that stand together are written together."""
    found: list[tuple[float, str]] = []
    for where, letter in sorted(marks):
        if found and where - found[-1][0] < _TOGETHER:
            found[-1] = ((found[-1][0] + where) / 2, f"{found[-1][1]} {letter}")
        else:
            found.append((where, letter))
    return [(min(max(where, 3.0), 97.0), escape(letters)) for where, letters in found]


def _legend(card: Card) -> str:
    ghosts = "".join(
        f'<span><span class="kit-key-ghost" aria-hidden="true">{escape(ghost.name[:1].upper())}</span> '
        f"{escape(ghost.name)}</span>"
        for ghost in card.ghosts
        if ghost.name != "par"
    )
    return (
        '<div class="kit-score-legend"><span><span class="kit-key-par" aria-hidden="true"></span> par</span>'
        f'<span><span class="kit-key-over" aria-hidden="true"></span> over par</span>{ghosts}</div>'
    )


def _others(card: Card) -> str:
    """What the ghosts come to, as a table of its own."""
    heads = ["Tried by the kit", *(row.measure.name for row in card.rows), "Points"]
    titles = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row"><b>{escape(ghost.name)}</b> {_words(ghost.does)}</th>'
        + "".join(f"<td>{escape(row.measure.said(row.ghosts[ghost.name]))}</td>" for row in card.rows)
        + f"<td>{ghost_points(card, ghost.name)}</td></tr>"
        for ghost in card.ghosts
    )
    return f'<table class="kit-table kit-score-others"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'


def _words(does: str) -> str:
    return _UNIT.sub(r"\1&nbsp;\2", escape(does))


def _buttons(card: Card) -> str:
    keep = 'data-lm-suppress-shortcuts="true"'
    see = card.rows[card.deciding].measure.see if card.deciding is not None else ""
    player = (
        f'<button type="button" class="kit-button" data-act="open" {keep}><span aria-hidden="true">▶</span> '
        f"See {escape(see)} in the player</button>"
    ) * bool(see)
    return (
        f'<button type="button" class="kit-button kit-filled" data-act="again" {keep}>Play again</button>{player}'
        f'<button type="button" class="kit-button" data-act="copy" {keep}>Copy as text</button>'
        '<span class="kit-sub kit-score-copied" role="status"></span>'
    )
