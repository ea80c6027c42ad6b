"""Two children as one: a submission's actors, and apart from them those that must share nothing with the others.

All actors of a child are one Python process, so a dictionary tucked away somewhere in it would pass for a cache. The
reader of a `hit` is therefore asked in a second child (`request.ELSEWHERE`), which starts while the first one loads.
"""

from __future__ import annotations

from typing import Any

from kit.grading.proxy import ChildActors, start
from kit.real.child import Child
from kit.world.actors import Submission
from kit.world.request import ELSEWHERE, Request

MOST_KEPT = 2_000  # some 30 KiB each


def pair() -> tuple[Child, Child]:
    """Two children that wait for a submission."""
    return start(), start()


class Apart:
    """The four verbs over one child, and a second where it is needed. loaded: what the first said of the source.

    children: two that stand ready; else they are started here; most_kept: abandoned actors that a child may hold.
    """

    def __init__(
        self, submission: Submission, *, limit_s: float, children: tuple[Child, Child] | None = None,
        most_kept: int = MOST_KEPT,
    ) -> None:  # fmt: skip
        self._submission, self._limit_s, self._most_kept = submission, limit_s, most_kept
        self._said = ""
        self._begun = (0, False)
        child, self._spare = children or pair()
        try:
            self._first = ChildActors(submission, limit_s=limit_s, child=child)
        except BaseException:
            child.end()
            self._spare.end()
            raise
        self._second: ChildActors | None = None
        self.loaded: Request = self._first.loaded

    def begin(self, seed: int, shared: bool = False) -> None:
        self._begun = (seed, shared)
        self._first.begin(seed, shared)
        if self._second is not None:
            self._second.begin(seed, shared)

    def spawn(self, actor: str) -> None:
        self._of(actor).spawn(actor)

    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request:
        return self._of(actor).call(actor, function, args, now)

    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request:
        return self._of(actor).resume(actor, status, payload, now)

    def verify(self) -> str | None:
        """What the submission changed in a module that it imported; None if nothing. Between two schedules only."""
        changed, kept = self._first.verify()
        if kept > self._most_kept:
            self._said = self.output()
            self._first.end()
            self._first = ChildActors(self._submission, limit_s=self._limit_s)
        if changed is None and self._second is not None:
            changed, _ = self._second.verify()
        return changed

    def output(self) -> str:
        """What the first child printed last, as text."""
        return self._said + self._first.child.output().decode("utf-8", "replace")

    def end(self) -> None:
        self._first.end()
        self._spare.end()

    def _of(self, actor: str) -> ChildActors:
        if not actor.startswith(ELSEWHERE):
            return self._first
        if self._second is None:
            self._second = ChildActors(self._submission, limit_s=self._limit_s, child=self._spare)
            self._second.begin(*self._begun)
        return self._second
