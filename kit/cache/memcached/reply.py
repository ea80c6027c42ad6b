"""Replies as values: what a command answers before anybody writes it as bytes.

A line is a `Status`, or an `ErrorReply` where it says no; a number stands for itself; None = nothing is sent
(`noreply`, or a meta command that is quiet). The classes below are the rest. All are plain data on a tape.
"""

from __future__ import annotations

from typing import Any

from kit.cache.redis.reply import ErrorReply, Status

__all__ = ["ErrorReply", "Meta", "Stats", "Status", "Values"]


class Values(list[list[Any]]):
    """Items found: `[key, flags, value]` each, the cas id last where it was asked for."""

    __slots__ = ()


class Meta(list[Any]):
    """A meta command's reply: `[code, [flag, ...], value or None]`, flags as bytes in the order of the reply."""

    __slots__ = ()


class Stats(dict[str, str]):
    """Figures by name, in the server's order."""

    __slots__ = ()
