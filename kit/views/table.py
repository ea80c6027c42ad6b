"""A tape as a table: the same steps, what they carried, what became of them, what the stores hold after each.

Columns: step, time (timed tapes only), from, to, message, outcome, after it. Rows are plain text.
"""

from __future__ import annotations

from collections.abc import Iterable

from kit.views.labels import Label, label
from kit.views.lanes import peer_lane
from kit.views.narration import Told, narrate
from kit.views.state import State
from kit.views.steps import steps
from kit.views.words import count, text
from kit.world.tape import Tape

MOST_COPIES = 3


def heads(timed: bool) -> list[str]:
    """The names of the columns."""
    return ["Step", *(["Time"] if timed else []), "From", "To", "Message", "Outcome", "After it"]


def rows(tape: Tape) -> list[list[str]]:
    """All rows of a tape."""
    last = max((step.t_us or 0 for step in steps(tape)), default=0) if tape.timed else None
    return [row(told, label(told, state), state, last) for told, state in narrate(tape)]


def row(told: Told, words: Label, state: State, last_us: int | None) -> list[str]:
    """One row; `state` is the state after the step; last_us: the end of a timed tape, None: untimed."""
    step = told.step
    peer = peer_lane(step.op.peer)
    actor = text(step.op.actor)
    ends = {"request": [actor, peer], "reply": [peer, actor]}.get(step.half, [actor, ""])
    time = [] if last_us is None else [clock(step.t_us or 0, last_us)]
    return [str(step.number), *time, *ends, message(words), told.outcome.word, holdings(state)]


def message(words: Label) -> str:
    """The whole words of a step with the version that travels."""
    between = "" if words.rest.startswith(" ") or not words.rest else " "
    said = f"{words.rest}{words.verb}" if words.rest.endswith(": ") else f"{words.verb}{between}{words.rest}"
    chip = f", {words.chip}" if words.chip else ""
    return said + chip + (f" ({words.value})" if chip and words.value else "")


def holdings(state: State) -> str:
    """What cache and database hold: `board:EWR v1 stale; database v2`."""
    live = [copy for copy in state.copies.values() if copy.state == "live"]
    copies = [
        text(copy.key) + (f" v{copy.version}" if copy.version is not None else "")
        + (" stale" if state.stale(copy.truth, copy.version) else "")
        for copy in sorted(live, key=lambda copy: -copy.touched)[:MOST_COPIES]
    ]  # fmt: skip
    more = [f"and {count(len(live) - MOST_COPIES, 'more key', 'more keys')}"] if len(live) > MOST_COPIES else []
    versions = [
        f"{'database' if len(state.database) == 1 else text(truth)} v{version}"
        for truth, version in state.database.items()
    ]
    return "; ".join([", ".join([*copies, *more]) or "cache empty", *versions])


def clock(us: int, last_us: int) -> str:
    """A moment of a timed tape that ends at `last_us`, all in one unit: `9.8 ms`, or `61.2 s` on a long one."""
    if last_us < 1_000_000:
        return f"{us / 1_000:.1f} ms"
    return f"{us / 1_000_000:.1f} s" if last_us < 1_000_000_000 else f"{us / 1_000_000:,.0f} s"


def columns(table: Iterable[list[str]]) -> str:
    """A table as text with aligned columns, for a terminal."""
    lines = list(table)
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))] if lines else []
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
