"""The static twin: one SVG with the narration beside each row, for a page without a kernel, a script or a network.

Rules: 720 wide, rows of 40, at most twelve of them; verbs alone over the arrows; the decisive row tinted; no ghosts and
no controls; an opaque card with both palettes, turned by `prefers-color-scheme`, which inside an image follows the
`color-scheme` of the image; all further steps are in a table in a fold.
Source: the kit's looks, "Static twin".
"""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path
from typing import Any

from kit.views import svg, table, theme
from kit.views.frames import picture
from kit.views.lanes import Geometry
from kit.views.narration import Told, narrate
from kit.views.outcome import ALARMS
from kit.world.tape import Tape

MOST = 12
WIDTH, ROW, LEFT, TOP = 720, 40, 418, 44
LETTERS = 42
SIZE = Geometry("twin", 404, 66, 36, 12.5, MOST, 26, terse=True, row=ROW, twin=True, name_font=11.5)
FOOT = "Static picture of {shown}. Run the cell to step through it."


def twin(tape: Tape, title: str = "", *, first: int = 1) -> str:
    """The SVG. first: the step of its first row, from 1."""
    told = [entry for entry, _ in narrate(tape)]
    shown = told[first - 1 : first - 1 + MOST]
    data = picture(tape, SIZE)
    data = {**data, "window": max(len(shown), 1), "first": [first - 1] * len(told)}
    last = first - 1 + len(shown)
    key = decisive(shown)
    elements = [element for element in svg.draw(data, last) if element[1] not in ("k-band", "k-rail")
                and element[1] not in ("k-band k-alarm", "k-rail k-alarm")]  # fmt: skip
    heads = len(data["heads"])
    tall = TOP + data["head"] + len(shown) * ROW + 20
    lines = [_line(entry, at, entry is key, data["head"]) for at, entry in enumerate(shown)]
    more = f'<text class="k-more" x="{LEFT}" y="{tall - TOP - 8}">and {len(told) - last} more</text>' * (
        last < len(told)
    )
    body = "".join(svg.write(_calm(element), "t") for element in elements[:-heads])
    tops = "".join(svg.write(element, "t") for element in elements[-heads:])
    size = f'width="{WIDTH}" height="{tall}" viewBox="0 0 {WIDTH} {tall}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="k-picture k-twin" {size} '
        f'role="img" aria-label="{_attribute(alt(title, shown))}"><style>{_style()}</style>'
        f'{svg.patterns("t")}<rect class="k-card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{tall - 1}" rx="12"/>'
        f'<text class="k-title" x="20" y="30">{escape(title)}</text><g transform="translate(0 {TOP})">'
        f"{_tint(shown, key, data['head'])}{body}{tops}{''.join(lines)}{more}</g></svg>"
    )


def html(tape: Tape, *, title: str = "", first: int = 1) -> str:
    """The twin as a page shows it: the picture as an image, and all steps as a table in a fold."""
    told = [entry for entry, _ in narrate(tape)]
    shown = told[first - 1 : first - 1 + MOST]
    data = base64.b64encode(twin(tape, title, first=first).encode()).decode()
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.heads(tape.timed))
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>" for cells in table.rows(tape)[:200]
    )
    words = f"{len(shown)} of {len(told)} steps" if len(shown) < len(told) else f"{len(told)} steps"
    return (
        f'<figure class="kit-still"><img alt="{_attribute(alt(title, shown))}" width="{WIDTH}" '
        f'src="data:image/svg+xml;base64,{data}"><figcaption>{FOOT.format(shown=words)}</figcaption>'
        f"<details><summary>The {len(told)} steps as a table</summary>"
        f'<table class="kit-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details></figure>'
    )


def invitation(title: str, words: str) -> str:
    """The twin of a player that has nothing to show before somebody chooses."""
    return (
        '<section class="kit-card"><div class="kit-head">'
        f"<h4>{escape(title)}</h4></div><p>{escape(words)}</p></section>"
    )


def plain(tape: Tape, title: str = "") -> str:
    """The twin as text: the title and the numbered sentences, at most sixty of them."""
    told = [entry for entry, _ in narrate(tape)]
    lines = [f"{entry.step.number:>3}  {entry.sentence}" for entry in told[:60]]
    more = [f"     and {len(told) - 60} more"] if len(told) > 60 else []
    return "\n".join([*([title] if title else []), *lines, *more])


def decisive(shown: list[Told]) -> Told | None:
    """The row that the picture is about: the first that should not be, else the last."""
    return next((entry for entry in shown if entry.outcome.kind in ALARMS), shown[-1] if shown else None)


def alt(title: str, shown: list[Told]) -> str:
    """Title and decisive sentence."""
    key = decisive(shown)
    return f"{title}. {key.sentence}".removeprefix(". ") if key else title


def broken(sentence: str) -> list[str]:
    """A sentence in one line or two of at most 42 letters, broken after a full stop or near its middle."""
    if len(sentence) <= LETTERS:
        return [sentence]
    spaces = [at for at, letter in enumerate(sentence) if letter == " "]
    fits = [at for at in spaces if at <= LETTERS and len(sentence) - at - 1 <= LETTERS]
    if not fits:
        return [sentence[:LETTERS], sentence[LETTERS:].strip()]
    stops = [at for at in fits if sentence[at - 1] == "."]
    at = min(stops or fits, key=lambda place: abs(place - len(sentence) / 2))
    return [sentence[:at], sentence[at + 1 :]]


def _line(entry: Told, at: int, key: bool, head: int) -> str:
    lines = broken(entry.sentence)
    y = head + at * ROW + (24.5 if len(lines) == 1 else 16)
    look = f"k-told{' k-alarm' if entry.outcome.kind in ALARMS else ''}{' k-key' if key else ''}"
    return "".join(
        f'<text class="{look}" x="{LEFT}" y="{svg.number(y + 17 * row)}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )


def _tint(shown: list[Told], key: Told | None, head: int) -> str:
    if key is None:
        return ""
    y = head + shown.index(key) * ROW
    alarm = " k-alarm" * (key.outcome.kind in ALARMS)
    return (
        f'<rect class="k-band{alarm}" x="8" y="{y}" width="{WIDTH - 16}" height="{ROW}" rx="6"/>'
        f'<rect class="k-rail{alarm}" x="8" y="{y}" width="4" height="{ROW}" rx="2"/>'
    )


def _calm(element: list[Any]) -> list[Any]:
    """No row of a still picture is now."""
    return [element[0], element[1].replace(" k-now", ""), *element[2:]] if element[0] == "g" else element


def _style() -> str:
    css = (Path(__file__).parent / "picture.css").read_text("utf-8")
    css = css[css.index("*/") + 2 :]
    fonts = f"--kit-ui:{theme.PLAIN_UI_FONT};--kit-code:{theme.PLAIN_CODE_FONT};"
    own = (
        ".k-card{fill:var(--kit-surface);stroke:var(--kit-line)}.k-picture .k-title{font-size:15px;font-weight:650}"
        ".k-picture .k-told{font-size:13.5px}.k-picture .k-told.k-alarm{fill:var(--kit-bad)}"
        ".k-picture .k-key{font-weight:600}.k-picture .k-name{font-size:11.5px}"
        ".k-picture .k-time{font-size:12.5px;font-weight:700}.k-picture .k-more{font-size:12px;fill:var(--kit-ink3)}"
        ".k-twin .k-code,.k-twin .k-word{stroke:none}"
    )
    light, dark = (theme.variables(palette) for palette in (theme.LIGHT, theme.DARK))
    return f":root{{{fonts}{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{css}{own}".replace("\n", "")


def _attribute(text: str) -> str:
    return escape(text, quote=True)
