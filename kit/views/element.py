"""The parts a drawn picture is made of: lines, texts, paths, circles and boxes as plain dictionaries.

Rules: an element is `{"tag", "class", attributes…, "text"?}`, written as SVG here and made a node in the page from the
same dictionary, so both draw alike; coordinates are rounded to a tenth of a pixel, halves upwards, as scripts do it.
Leaves out: the pictures of the player, whose elements carry steps (`svg.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from typing import Any

Element = dict[str, Any]


def tenth(amount: float) -> float:
    """Rounded to a tenth, halves upwards.

    >>> tenth(0.25), tenth(-0.25)
    (0.3, -0.2)
    """
    return math.floor(amount * 10 + 0.5) / 10


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Element:
    """A straight line; `kind` is its class."""
    return {"tag": "line", "class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2}


def text(kind: str, x: float, y: float, anchor: str, words: str) -> Element:
    """Words whose foot stands at y; anchor: `start`, `middle`, `end`."""
    return {"tag": "text", "class": kind, "x": tenth(x), "y": tenth(y), "text-anchor": anchor, "text": words}


def path(kind: str, places: Iterable[tuple[float, float]], *, closed: bool = False) -> Element:
    """A line through places."""
    return {"tag": "path", "class": kind, "d": "M" + "L".join(pair(x, y) for x, y in places) + "Z" * closed}


def box(kind: str, x: float, y: float, width: float, height: float) -> Element:
    """An upright rectangle with slightly round corners."""
    sizes = {"x": tenth(x), "y": tenth(y), "width": tenth(width), "height": tenth(height)}
    return {"tag": "rect", "class": kind, **sizes, "rx": 3}


def pair(x: float, y: float) -> str:
    """Two coordinates as a path has them."""
    return f"{x:.1f},{y:.1f}"


def svg(drawn: Iterable[Element], width: int, height: int, style: str) -> str:
    """The elements as one SVG text; `style` is its css."""
    # An image on a page whose theme it cannot see stays readable by its own ground.
    body = '<rect class="ground" width="100%" height="100%"/>' + "".join(map(_tag, drawn))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><style>{style}</style>{body}</svg>'
    )


def _tag(element: Element) -> str:
    names = [name for name in element if name not in ("tag", "text")]
    values = "".join(f' {name}="{escape(str(element[name]), quote=True)}"' for name in names)
    return f"<{element['tag']}{values}>{escape(element.get('text', ''))}</{element['tag']}>"
