"""A session: what the server keeps about one connection. Memcached keeps next to nothing.

Rules: made by the engine, which counts them; `reset` has nothing to take back, and is here because every engine has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine


class Session:
    """State of one connection. closing: `quit` was answered by nothing, the connection ends."""

    __slots__ = ("closing", "engine", "id")

    def __init__(self, engine: Engine, number: int) -> None:
        self.engine = engine
        self.id = number
        self.closing = False

    def reset(self) -> None:
        """Between two runs: the connection lives on."""
        self.closing = False

    def close(self) -> None:
        """The connection ended."""
        self.engine.connected -= 1
