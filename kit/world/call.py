"""What an actor of a scene does, step by step: calls of the submission, and what the kit does beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A function of the submission and its arguments behind the clients."""

    function: str
    args: tuple[Any, ...]


class Statement(NamedTuple):
    """One statement of the kit's own operator, committed at once: he has no process of the submission."""

    sql: str
    params: dict[str, Any]


class Pause(NamedTuple):
    """Time between two calls of one process, in seconds."""

    seconds: float


Step = Call | Statement | Pause


def call(function: str, *args: Any) -> Call:
    """A call for `explore`: `call("get_board", "JFK")`."""
    return Call(function, args)


def statement(sql: str, **params: Any) -> Statement:
    """A statement for `explore`, by an actor who does nothing else: `{"Operator": [statement(DELAY, minutes=25)]}`."""
    return Statement(sql, params)


def pause(seconds: float) -> Pause:
    """A wait for `explore`: what the process keeps between two calls grows old."""
    return Pause(seconds)


@dataclass
class Answer:
    """raised: [type, text] or None; queries: reads of the store that the call made; us: virtual µs it took."""

    value: Any = None
    raised: list[str] | None = None
    queries: int = 0
    us: int = 0
