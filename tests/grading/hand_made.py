"""Tapes written by hand: a record a call, in order of service; one virtual second from one record to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from kit.cache.effects import Effect
from kit.cache.redis.reply import ErrorReply
from kit.world.tape import Op, Tape

Board = tuple[tuple[int, int], ...]


def board(*delays: int) -> Board:
    """Flights 1, 2, … with these delays."""
    return tuple(enumerate(delays, 1))


def rows(state: Board) -> list[dict[str, int]]:
    """What a call answers for a board."""
    return [{"id": ident, "delay": delay} for ident, delay in state]


@dataclass
class Recording:
    """A tape that grows. `us` is the virtual time of the next record."""

    ops: list[Op] = field(default_factory=list)
    us: int = 0
    version: int = 1

    def add(
        self, actor: str, peer: str, name: str, request: Any = None, reply: Any = None, *effects: Effect
    ) -> Recording:
        self.us += 1_000_000
        seq = len(self.ops)
        self.ops.append(
            Op(seq, actor, peer, name, (), False, request, reply, effects, False, self.us, self.us, self.us, None)
        )
        return self

    def wait(self, seconds: float) -> Recording:
        self.us += round(seconds * 1_000_000)
        return self

    def truth(self, state: Board, name: str = "JFK") -> Recording:
        effect = Effect("changed", truth=name, version=1, rows=state)
        return self.add("world", "scene", "truth", [name, {"airport": name}], None, effect)

    def start(self, actor: str, function: str, *args: Any) -> Recording:
        return self.add(actor, "scene", "start", [function, *args])

    def reads(self, actor: str, airport: str = "JFK") -> Recording:
        return self.start(actor, "get_board", airport)

    def posts(self, actor: str, flight: int = 1, minutes: int = 39) -> Recording:
        return self.start(actor, "post_delay", flight, minutes)

    def query(self, actor: str) -> Recording:
        return self.add(actor, "store", "query", ["SELECT", {}], [])

    def refused(self, actor: str) -> Recording:
        return self.add(actor, "store", "execute", ["UPDATE", {}], ErrorReply("OperationalError: no"))

    def get(self, actor: str) -> Recording:
        return self.add(actor, "cache", "GET", (b"GET", b"k"), None, Effect("miss", b"k"))

    def commits(self, actor: str, state: Board, name: str = "JFK") -> Recording:
        self.version += 1
        changed = Effect("changed", b"", 0, None, "", name, self.version, "DL120", "09:00", "09:39", state)
        return self.add(actor, "store", "execute", ["UPDATE", {}], 1, Effect("committed"), changed)

    def answers(self, actor: str, value: Any = None) -> Recording:
        return self.add(actor, "scene", "answer", None, value)

    def raises(self, actor: str, name: str = "ValueError", text: str = "no") -> Recording:
        return self.add(actor, "scene", "raised", None, [name, text])

    def dies(self, actor: str) -> Recording:
        return self.add(actor, "scene", "death")

    def note(self, name: str, value: Any) -> Recording:
        return self.add("world", "scene", "note", name, value)

    def alone(self, us: int, function: str, *args: Any) -> Recording:
        return self.add("Reader 0", "scene", "alone", [function, *args], us)

    def end(self) -> Recording:
        return self.add("world", "scene", "end")

    @property
    def tape(self) -> Tape:
        return Tape("by hand", 0, (), False, tuple(self.ops))


STATES = [board(0, 0), board(39, 0), board(0, 20), board(39, 20)]
READERS, WRITERS = ("Reader 1", "Reader 2"), ("Writer 1", "Writer 2")


@st.composite
def tapes(draw: st.DrawFn) -> Tape:
    """Any tape of two readers and two writers of one board, and an operator; values from few states."""
    recording = Recording().truth(STATES[0])
    running: set[str] = set()
    for _ in range(draw(st.integers(0, 24))):
        actor = draw(st.sampled_from((*READERS, *WRITERS, "Operator")))
        recording.wait(draw(st.sampled_from((0, 0, 0, 31))))
        if actor == "Operator":
            recording.commits(actor, draw(st.sampled_from(STATES)))
        elif actor not in running:
            running.add(actor)
            if actor in READERS:
                recording.reads(actor)
            else:
                recording.posts(actor, draw(st.integers(1, 2)), draw(st.sampled_from((0, 20, 39))))
        else:
            _go_on(draw, recording, actor, running)
    if draw(st.booleans()):
        recording.end()
    return recording.tape


def _go_on(draw: st.DrawFn, recording: Recording, actor: str, running: set[str]) -> None:
    """One record more of a call that runs."""
    kind = draw(st.sampled_from(("query", "get", "commit", "refused", "answer", "answer", "raised", "death")))
    if kind == "query":
        recording.query(actor)
    elif kind == "get":
        recording.get(actor)
    elif kind == "commit" and actor in WRITERS:
        recording.commits(actor, draw(st.sampled_from(STATES)))
    elif kind == "refused":
        recording.refused(actor)
    elif kind in ("answer", "raised", "death"):
        running.discard(actor)
        if kind == "answer":
            recording.answers(actor, rows(draw(st.sampled_from(STATES))) if actor in READERS else None)
        else:
            (recording.raises if kind == "raised" else recording.dies)(actor)
