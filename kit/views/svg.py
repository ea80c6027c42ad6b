"""Draws a picture at a step: the data of `frames` as elements, the elements as SVG. `core.js` draws the same.

Rules: nothing is computed here but what a window needs: which rows are in sight, which of them are past, now and to
come, where a ribbon is cut. A row to come is its line alone. Both renderers write the same text, character for
character; a test compares them.
"""

from __future__ import annotations

from html import escape
from typing import Any

Element = list[Any]
Data = dict[str, Any]
ARROW = 11  # an arrow lies so far above its row's lower edge
TURN = 17  # and a ribbon changes so far above it


def draw(picture: Data, step: int, row: int | None = None) -> list[Element]:
    """The elements of a picture at a step from 1 (0: nothing has happened yet). row: another height of its rows."""
    tall = row or picture["row"]
    now, first = step - 1, picture["first"][step - 1] if step else 0
    in_sight = picture["rows"][first : first + picture["window"]]
    bottom = height(picture, row)
    return [
        *_band(picture, now, first, tall),
        *(["p", look, f"M{number(x)} {picture['head'] - 4}V{bottom}"] for look, x in picture["lanes"]),
        *_spans(picture, now, first, tall),
        *(_row(picture, one, first + at, now, first, tall) for at, one in enumerate(in_sight)),
        *_words(picture, now, first, tall),
        *picture["heads"],
    ]


def height(picture: Data, row: int | None = None) -> int:
    """The height of a picture, the same at each step."""
    tall: int = row or picture["row"]
    return int(picture["head"]) + int(picture["window"]) * tall + 4


def svg(elements: list[Element], width: float, tall: float, uid: str, label: str, look: str = "") -> str:
    """Elements as one SVG. uid: prefix of its ids; label: what it shows, for whoever does not see it."""
    w, h = number(width), number(tall)
    return (
        f'<svg class="k-picture{" " * bool(look)}{look}" xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="0 0 {w} {h}" role="img" aria-label="{_attribute(label)}">'
        f"{patterns(uid)}{''.join(write(element, uid) for element in elements)}</svg>"
    )


def patterns(uid: str) -> str:
    """The two hatches: of a stale value, and of the field where cache and database disagree."""
    turned = 'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    hatches = "".join(
        f'<pattern id="{uid}-{name}" width="{size}" height="{size}" {turned}>'
        f'<rect class="k-{name}-ground" width="{size}" height="{size}"/>'
        f'<rect class="k-hatch-line" width="{line}" height="{size}"/></pattern>'
        for name, size, line in (("hatch", 7, 2.6), ("field", 9, 1.3))
    )
    return f"<defs>{hatches}</defs>"


def write(element: Element, uid: str) -> str:
    """One element as SVG."""
    kind, look, *rest = element
    if kind == "p":
        return f'<path class="{look}" d="{rest[0]}"/>'
    if kind == "r":
        x, y, wide, tall, radius = (number(value) for value in rest)
        fill = {"k-hatch": f' fill="url(#{uid}-hatch)"', "k-field": f' fill="url(#{uid}-field)"'}.get(look, "")
        return f'<rect class="{look}" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="{radius}"{fill}/>'
    if kind == "t":
        x, y, anchor, text = rest
        place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
        return f'<text class="{look}" {place}>{escape(text, quote=False)}</text>'
    inner = "".join(write(one, uid) for one in rest[1])
    return f'<g class="{look}" transform="translate(0 {number(rest[0])})">{inner}</g>'


def number(value: float) -> str:
    """A whole or half number as JavaScript writes it."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _band(picture: Data, now: int, first: int, tall: int) -> list[Element]:
    if now < 0:
        return []
    y = picture["head"] + (now - first) * tall
    alarm = " k-alarm" if picture["rows"][now][0] in ("k-stale", "k-lost", "k-fail") else ""
    return [["r", f"k-band{alarm}", 0, y, picture["width"], tall, 6], ["r", f"k-rail{alarm}", 0, y, 4, tall, 2]]


def _spans(picture: Data, now: int, first: int, tall: int) -> list[Element]:
    found: list[Element] = []
    for x, wide, start, end, *_ in picture["fields"]:
        top, bottom, seen = _extent(picture, start, end, now, first, tall)
        if seen:
            found.append(["r", "k-field", x, top, wide, bottom - top, 0])
    for look, x, wide, start, end, *_ in picture["spans"]:
        top, bottom, seen = _extent(picture, start, end, now, first, tall)
        if seen:
            found.append(["r", look, x, top, wide, bottom - top, 3])
    return found


def _words(picture: Data, now: int, first: int, tall: int) -> list[Element]:
    """What is written beside spans and over fields; what began above the window is said at its upper edge."""
    found: list[Element] = []
    upper = picture["head"]
    for _, _, _, start, end, x, anchor, words, where in picture["spans"]:
        top, _, seen = _extent(picture, start, end, now, first, tall)
        # Once the window has moved, a message may stand where the words at its upper edge would be.
        if not seen or not where or (where == "top" and (first or start >= 0)):
            continue
        look = "k-version" if where == "top" else "k-held"
        base = max(top + 3 - 6.5 * (len(words) - 1), upper + 14)
        found += [["t", look, x, base + 13 * at, anchor, line] for at, line in enumerate(words)]
    for _, _, start, end, middle, x, wide, words in picture["fields"]:
        top, _, seen = _extent(picture, start, end, now, first, tall)
        if seen:
            y = max(top - 9, upper + 2)
            found += [
                ["r", "k-verdict", x, y, wide, 22, 6],
                ["t", "k-verdict k-chip", middle, y + 15.5, "middle", words],
            ]
    return found


def _extent(picture: Data, start: int, end: int | None, now: int, first: int, tall: int) -> tuple[float, float, bool]:
    """Upper and lower edge of what lasts from `start` to `end`, cut to what is past and in sight; and whether it is."""
    last = 2 * now + 1
    stop = last if end is None else min(end, last)
    top = max(_edge(picture, start, first, tall), picture["head"] - 2)
    bottom = _edge(picture, stop, first, tall)
    return top, bottom, start < last and stop > start and bottom > top


def _edge(picture: Data, place: int, first: int, tall: int) -> float:
    """The y of a place: even ones lie at a row's arrow, odd ones at its end."""
    row: int = place // 2
    upper: int = picture["head"] + (row - first) * tall
    return upper + (tall if place % 2 else tall - TURN)


def _row(picture: Data, row: list[Any], at: int, now: int, first: int, tall: int) -> Element:
    kind, line, words, mark, always, pause = row
    down = picture["head"] + (at - first + 1) * tall - ARROW
    if at > now:
        return ["g", f"k-row k-ghost {kind}", down, line]
    rule = (
        [["p", "k-pause", f"M{picture['gutter'] + 8} {ARROW - tall}H{picture['width']}"]]
        if pause and at > first
        else []
    )
    time = [["t", "k-time", picture["gutter"], 4, "end", mark]] if always or at in (now, first) else []
    return ["g", f"k-row{' k-now' if at == now else ''} {kind}", down, [*rule, *line, *words, *time]]


def _attribute(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")
