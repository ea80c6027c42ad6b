"""Our engine beside what a real memcached answered: byte for byte.

What may differ: rows of `stats` that are not here; on the server where items end, the figures that its own reuse of
ended items moves. Where the server's second changed under a step, the step may have run in either of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

from mc_played import Played

from kit.cache.clock import ManualClock
from kit.cache.memcached.engine import Engine, Outcome, Request
from kit.cache.memcached.session import Session
from kit.wire.memcache_text import CLOSE, NEED_DATA, RequestParser, encode

Execute = Callable[[Engine, Session, Request], Outcome]
FIRST_UPTIME_S = 2
MOST_TICKS = 5
"""Steps under which the second changed, looked at together."""
_MOVED_BY_REUSE = {"bytes", "curr_items", "get_expired", "get_flushed"}
_OF_THE_HARNESS = {"curr_connections", "total_connections"}


class Mismatch(AssertionError):
    """The engine answered something else than the real server, first at step `at`."""

    def __init__(self, at: int, text: str) -> None:
        super().__init__(text)
        self.at = at


def plain_execute(engine: Engine, session: Session, request: Request) -> Outcome:
    return engine.execute(session, request)


@dataclass
class Side:
    """One of our engines with its connections."""

    engine: Engine
    clock: ManualClock
    lines: dict[str, tuple[Session, RequestParser]] = field(default_factory=dict)

    def line(self, connection: str) -> tuple[Session, RequestParser]:
        if connection not in self.lines:
            self.lines[connection] = (self.engine.session(), RequestParser())
        return self.lines[connection]


def compare(played: Sequence[Played], execute: Execute = plain_execute) -> None:
    """Play the same steps on fresh engines. Raises Mismatch where no reading of the ticks explains a difference."""
    late: frozenset[int] = frozenset()
    while (difference := _difference(played, execute, late)) is not None:
        at = difference.at
        ticked = [step for step in range(at + 1) if played[step].ticked][-MOST_TICKS:]
        readings = (frozenset(some) for size in range(len(ticked) + 1) for some in combinations(ticked, size))
        settled = frozenset(step for step in late if step not in ticked)
        for reading in readings:
            other = _difference(played, execute, settled | reading)
            if other is None or other.at > at:
                late = settled | reading
                break
        else:
            raise difference


def _difference(played: Sequence[Played], execute: Execute, late: Set[int]) -> Mismatch | None:
    try:
        _compare(played, execute, late)
    except Mismatch as difference:
        return difference
    return None


def _compare(played: Sequence[Played], execute: Execute, late: Set[int]) -> None:
    """late: steps that ran in the second after the one in which they were sent."""
    sides: dict[str, Side] = {}
    for number, one in enumerate(played):
        if one.step.server not in sides:
            clock = ManualClock((one.time_s - one.uptime_s + FIRST_UPTIME_S) * 1_000_000)
            sides[one.step.server] = Side(Engine(clock), clock)
        side = sides[one.step.server]
        side.clock.set(max(side.clock.now_us(), (one.time_s + (number in late)) * 1_000_000))
        ours, closed = _answer(side, one, execute)
        if (ours, closed) != (one.raw, one.closed) and not _alike(one, ours):
            raise Mismatch(
                number,
                f"step {number}, {one.step.connection}: {one.step.data[:200]!r}\n"
                f"  a real server answers {one.raw[:900]!r}{' and closes' if one.closed else ''}\n"
                f"  the engine answers    {ours[:900]!r}{' and closes' if closed else ''}",
            )


def _answer(side: Side, one: Played, execute: Execute) -> tuple[bytes, bool]:
    session, parser = side.line(one.step.connection)
    parser.receive_data(one.step.sent)
    answer = b""
    while (event := parser.next_event()) != NEED_DATA and event != CLOSE:
        assert isinstance(event, Request)
        answer += encode(execute(side.engine, session, event).reply)
        if session.closing:
            event = CLOSE
            break
    if event == CLOSE:
        side.lines.pop(one.step.connection)[0].close()
    return answer, event == CLOSE


def _alike(one: Played, ours: bytes) -> bool:
    """Are these figures of `stats`, ours among theirs, in their order, with their counts?"""
    if not (
        one.step.data.startswith(b"stats")
        and ours.startswith((b"STAT", b"END"))
        and one.raw.startswith((b"STAT", b"END"))
    ):
        return False
    if one.step.server == "plain" and one.step.data == b"stats items\r\n":
        return True  # a class whose ended items were all reused is not shown there
    theirs, mine = _figures(one.raw), _figures(ours)
    names = [name for name in theirs if name in mine]
    if names != list(mine):
        return False
    free = _OF_THE_HARNESS | (_MOVED_BY_REUSE if one.step.server == "plain" else set())
    return all(theirs[name] == mine[name] for name in names if name not in free)


def _figures(text: bytes) -> dict[str, str]:
    return dict(line.split(" ", 2)[1:3] for line in text.decode().split("\r\n") if line.startswith("STAT"))  # type: ignore[misc]
