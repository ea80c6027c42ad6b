"""Prose of ours as HTML: escaped, with `back-ticked` words as code."""

from __future__ import annotations

from html import escape


def prose(text: str) -> str:
    """The text as HTML that may stand inside a paragraph.

    >>> prose("`GET` < `SET`")
    '<code>GET</code> &lt; <code>SET</code>'
    """
    pieces = escape(text, quote=False).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))
