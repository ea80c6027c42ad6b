"""How long passengers were shown a superseded value, counted on a timed tape.

For each commit that made a new version of a truth: from the commit to the last answer of an older version out of the
cache. A pure function of the tape; on a tape without times there is nothing to count.
"""

from __future__ import annotations

from typing import NamedTuple

from kit.cache.effects import Effect
from kit.world.tape import Op, Tape


class Stale(NamedTuple):
    """One commit. last_us: when the last answer older than it came, None = there was none; answers: how many came."""

    truth: str
    version: int
    label: str
    committed_us: int
    last_us: int | None
    answers: int

    @property
    def seconds(self) -> float:
        """From the commit to the last stale answer; 0 without one."""
        return 0.0 if self.last_us is None else (self.last_us - self.committed_us) / 1_000_000


def staleness(tape: Tape) -> list[Stale]:
    """Every commit of the tape, in order. Raises ValueError for a tape that is not timed."""
    if not tape.timed:
        raise ValueError("a race tape has no times to count; play the scene with modelled latencies")
    return [
        _after(tape, op, effect)
        for op in tape
        if op.peer == "store"
        for effect in op.effects
        if effect.kind == "changed"
    ]


def _after(tape: Tape, commit: Op, change: Effect) -> Stale:
    """The hits after `commit` that still carried an older version of the same truth."""
    assert commit.t_served is not None
    assert change.version is not None
    late = [
        op.t_received
        for op in tape.ops[commit.seq :]
        if op.t_received is not None
        and any(
            effect.kind == "hit" and effect.truth == change.truth and (effect.version or 0) < change.version
            for effect in op.effects
        )
    ]
    last = max(late, default=None)
    return Stale(change.truth, change.version, change.label, commit.t_served, last, len(late))
