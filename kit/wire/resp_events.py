"""What the parsers of RESP answer: values, never exceptions for what a peer sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A whole command; `args[0]` is its name."""

    args: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ReplyEvent:
    """A whole reply. push: the server sent it unasked (RESP3)."""

    reply: object
    push: bool = False


@dataclass(frozen=True, slots=True)
class NeedData:
    """Not yet: what came is the beginning of something."""


@dataclass(frozen=True, slots=True)
class ProtocolError:
    """The peer broke the protocol; `text` is what a server answers before it closes the connection."""

    text: str


NEED_DATA = NeedData()
