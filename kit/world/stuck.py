"""Why a schedule does not come to its end."""

from __future__ import annotations


class Stuck(Exception):
    """A schedule that cannot or may not go on. kind: dead-lock, live-lock, limit or endless query."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
