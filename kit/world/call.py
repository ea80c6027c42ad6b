"""A call of a scene and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A function of the submission and its arguments behind the clients."""

    function: str
    args: tuple[Any, ...]


def call(function: str, *args: Any) -> Call:
    """A call for `explore`: `call("get_board", "JFK")`."""
    return Call(function, args)


@dataclass
class Answer:
    """raised: [type, text] or None; queries: reads of the store that the call made; us: virtual µs it took."""

    value: Any = None
    raised: list[str] | None = None
    queries: int = 0
    us: int = 0
