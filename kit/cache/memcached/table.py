"""The command table's form: one row a command decides how many words are legal, its keys and whether it writes.

Rules: a row is the single truth about its command: dispatcher and `describe` read it; a handler gets engine, session
and request, and returns the reply or raises CommandError with the server's text.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.cache.memcached.outcome import Kind, Reply
from kit.cache.memcached.request import Request

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session

MANY = sys.maxsize
Handler = Callable[["Engine", "Session", Request], Reply]
KeysOf = Callable[[Request], tuple[bytes, ...]]


def no_keys(request: Request) -> tuple[bytes, ...]:
    """Keys of a command that has none."""
    return ()


def second_word(request: Request) -> tuple[bytes, ...]:
    """The key of most commands."""
    return request.words[1:2]


@dataclass(frozen=True, slots=True)
class Command:
    """One row. least, most: words, the name included; silent_from: `noreply` counts as last of so many words or more.

    write: may it change what another command answers? kind: what the world sees of it.
    """

    name: str
    least: int
    most: int
    run: Handler
    keys: KeysOf = second_word
    write: bool = False
    silent_from: int = MANY
    kind: Kind = "visible"

    def silent(self, words: tuple[bytes, ...]) -> bool:
        """Was `noreply` said, where it counts?"""
        return words[-1] == b"noreply" and len(words) >= self.silent_from
