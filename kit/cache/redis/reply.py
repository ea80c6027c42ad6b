"""Replies as values: what a command answers before anybody decides on RESP2 or RESP3.

None, bytes, int, float, bool, list and dict stand for themselves; the classes below are the rest.
"""

from __future__ import annotations


class Status(str):
    """A simple string such as OK."""

    __slots__ = ()


class ErrorReply(str):
    """An error, its text as the server sends it: code, space, sentence."""

    __slots__ = ()


class SetReply(list[object]):
    """A set: `~` in RESP3, an array in RESP2."""

    __slots__ = ()


class Verbatim(bytes):
    """Text for people, such as INFO's: `=` in RESP3, a bulk string in RESP2."""

    __slots__ = ()


OK = Status("OK")
