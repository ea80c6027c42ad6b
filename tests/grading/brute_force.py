"""Every schedule of a program, enumerated by an interpreter that shares no code with the world or the search.

It knows the contract only: which alternatives a switch point lists, in which order, and what each of them does. A state
is copied at every alternative, so nothing is played twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from programs import KEYS, LOCK, REGISTERS, Body, Program

ALL = tuple(sorted((*KEYS, LOCK)))
OF_A_READ = ("request_lost", "reply_lost", "cut", "unreachable")
OF_A_WRITE = ("request_lost", "reply_lost", "cut", "full", "unreachable", "read_only")


class Event(NamedTuple):
    """What a tape would record: `op`, `move`, `start`, `answer`, `raised`, `death`, `end`."""

    what: str
    actor: str = ""
    value: Any = None


@dataclass(frozen=True)
class Schedule:
    """One schedule: its normalised list, how many entries of it are not 0, and what happened."""

    choices: tuple[int, ...]
    level: int
    events: tuple[Event, ...]

    @property
    def behaviour(self) -> tuple[Any, ...]:
        """What everybody saw and what is left: the order of what does not matter to anybody is forgotten."""
        ends = [
            (one.actor, one.what, repr(one.value)) for one in self.events if one.what in ("answer", "raised", "death")
        ]
        order = []
        open_: dict[str, int] = {}
        for one in self.events:
            if one.what == "start":
                open_[one.actor] = open_.get(one.actor, 0) + 1
            elif one.what in ("answer", "raised", "death"):
                order.append((one.actor, open_.get(one.actor, 0), tuple(sorted(open_.items()))))
        return tuple(sorted(ends)), tuple(sorted(order))


class Actor:
    """One actor's place in its calls."""

    __slots__ = ("at", "call", "calls", "cut", "ended", "name", "registers", "started", "wake")

    def __init__(self, name: str, calls: tuple[Body, ...]) -> None:
        self.name, self.calls, self.call, self.at, self.registers = name, calls, -1, 0, [0] * REGISTERS
        self.started = self.cut = self.ended = False
        self.wake: int | None = None

    def copy(self) -> Actor:
        other = Actor.__new__(Actor)
        other.name, other.calls, other.call, other.at = self.name, self.calls, self.call, self.at
        other.registers = list(self.registers)
        other.started, other.cut, other.ended, other.wake = self.started, self.cut, self.ended, self.wake
        return other

    @property
    def body(self) -> Body:
        return self.calls[self.call]


class State:
    """Everything at one moment of a schedule. now: µs."""

    __slots__ = ("actors", "cache", "events", "last", "now")

    def __init__(self, program: Program) -> None:
        self.now, self.last = 0, ""
        self.cache: dict[str, tuple[int, int | None]] = {}
        self.events: list[Event] = []
        self.actors = [Actor(name, calls) for name, calls in program.actors]
        for actor in self.actors:
            self.next_call(actor)

    def copy(self) -> State:
        other = State.__new__(State)
        other.now, other.last = self.now, self.last
        other.cache, other.events = dict(self.cache), list(self.events)
        other.actors = [actor.copy() for actor in self.actors]
        return other

    # Calls

    def next_call(self, actor: Actor) -> None:
        actor.call += 1
        if actor.call == len(actor.calls):
            actor.ended = True
            return
        actor.at, actor.registers, actor.started, actor.cut = 0, [0] * REGISTERS, False, False
        self.go_on(actor)

    def go_on(self, actor: Actor) -> None:
        """Up to the next thing that others can see, or to the end of the call."""
        body = actor.body
        while actor.at < len(body.code):
            name, *rest = body.code[actor.at]
            if name == "now":
                actor.registers[rest[0]] = self.now % 1_000
                actor.at += 1
            elif actor.cut and name != "sleep":
                actor.at += 1
                if not self.failed(actor, name, rest):
                    return
            else:
                return
        self.end(actor, "answer", list(actor.registers))

    def end(self, actor: Actor, what: str, value: Any) -> None:
        self.events.append(Event(what, actor.name, value))
        self.next_call(actor)

    def failed(self, actor: Actor, name: str, rest: list[Any]) -> bool:
        """A message that failed: whether the call goes on."""
        if not actor.body.forgiving:
            self.end(actor, "raised", ["Failed", ""])
            return False
        if name in ("get", "incr"):
            actor.registers[rest[1]] = -1
        return True

    # Keys

    def live(self, key: str) -> bool:
        return key in self.cache and (self.cache[key][1] is None or self.now // 1_000 <= (self.cache[key][1] or 0))

    def ending(self) -> list[str]:
        return [key for key in ALL if self.live(key) and self.cache[key][1] is not None]

    # Points

    def wake(self) -> None:
        for actor in self.actors:
            if actor.wake is not None and actor.wake <= self.now:
                actor.wake = None
                self.go_on(actor)

    def point(self) -> list[tuple[str, str]]:
        """The alternatives, (kind, actor or key); empty when everybody has ended."""
        while True:
            self.wake()
            ready = [actor.name for actor in self.actors if not actor.ended and actor.wake is None]
            asleep = [actor.wake for actor in self.actors if not actor.ended and actor.wake is not None]
            if ready or not asleep:
                break
            self.now = max(self.now, min(asleep))
        if not ready:
            return []
        order = [self.last, *(name for name in ready if name != self.last)] if self.last in ready else ready
        found = [("step", name) for name in order]
        found += [("leap", "")] if asleep else []
        found += [("expiry", key) for key in self.ending()]
        for actor in self.actors:
            if actor.name in ready:
                found += [(kind, actor.name) for kind in self.faults(actor)] + [("death", actor.name)]
        return found

    def faults(self, actor: Actor) -> tuple[str, ...]:
        name = actor.body.code[actor.at][0]
        return () if name == "sleep" else OF_A_READ if name == "get" else OF_A_WRITE

    def take(self, kind: str, who: str) -> None:
        """Do what an alternative says."""
        if kind == "leap":
            self.now = max(self.now, min(one.wake for one in self.actors if one.wake is not None and not one.ended))
            self.events.append(Event("move"))
        elif kind == "expiry":
            del self.cache[who]
            self.events.append(Event("move"))
        else:
            actor = next(one for one in self.actors if one.name == who)
            self.last = who
            self.start(actor)
            if kind == "death":
                actor.ended, actor.wake = True, None
                self.events.append(Event("death", who))
            else:
                self.step(actor, "" if kind == "step" else kind)

    def start(self, actor: Actor) -> None:
        if not actor.started:
            actor.started = True
            self.events.append(Event("start", actor.name))

    def step(self, actor: Actor, fault: str) -> None:
        name, *rest = actor.body.code[actor.at]
        self.now += 1
        self.events.append(Event("op", actor.name))
        actor.at += 1
        if name == "sleep":
            actor.wake = self.now + rest[0]
            return
        if fault not in ("request_lost", "cut", "unreachable", "read_only") and not (fault == "full" and name != "del"):
            self.do(actor, name, rest, heard=fault != "reply_lost")
        if fault == "cut":
            actor.cut = True
        if fault and not (fault == "full" and name == "del") and not self.failed(actor, name, rest):
            return
        self.go_on(actor)

    def do(self, actor: Actor, name: str, rest: list[Any], heard: bool) -> None:
        key = rest[0]
        there = self.live(key)
        if name == "get" and heard:
            actor.registers[rest[1]] = self.cache[key][0] if there else 0
        elif name == "set":
            value = actor.registers[rest[1][0]] + rest[1][1] if isinstance(rest[1], tuple) else rest[1]
            self.cache[key] = (value, self.now // 1_000 + rest[2] if rest[2] else None)
        elif name == "del":
            self.cache.pop(key, None)
        elif name == "incr":
            value, end = self.cache[key] if there else (0, None)
            self.cache[key] = (value + 1, end)
            if heard:
                actor.registers[rest[1]] = value + 1
        elif name == "take" and not there:
            self.cache[key] = (1, self.now // 1_000 + rest[1] if rest[1] else None)
        elif name == "take" and heard:
            actor.at += rest[2]

    def probe(self) -> None:
        """The question of a process that knows of nothing, when all is over."""
        values = [self.cache[key][0] if self.live(key) else None for key in KEYS]
        self.events += [Event("start", "Probe"), *[Event("op", "Probe")] * len(KEYS), Event("answer", "Probe", values)]
        self.events.append(Event("end"))


class TooMany(Exception):
    """More schedules than the test has time for."""


def schedules(program: Program, most: int) -> list[Schedule]:
    """Every schedule within the program's bounds. Raises TooMany."""
    found: list[Schedule] = []
    for one in _explore(program, State(program), (), {}, 0):
        found.append(one)
        if len(found) > most:
            raise TooMany
    return found


def _explore(
    program: Program, state: State, choices: tuple[int, ...], spent: dict[str, int], level: int
) -> Iterator[Schedule]:
    alternatives = state.point()
    if not alternatives:
        alternatives = [("end", ""), *(("expiry", key) for key in state.ending())]
    for entry, (kind, who) in enumerate(alternatives):
        budget = kind if kind in ("step", "leap", "expiry", "death", "end") else "fault"
        if not _may(program, budget, who, spent):
            continue
        deeper = (*choices, entry)
        after = state.copy()
        if kind == "end":
            after.probe()
            while deeper and not deeper[-1]:
                deeper = deeper[:-1]
            yield Schedule(deeper, level + bool(entry), tuple(after.events))
            continue
        after.take(kind, who)
        yield from _explore(program, after, deeper, {**spent, budget: spent.get(budget, 0) + 1}, level + bool(entry))


def _may(program: Program, budget: str, who: str, spent: dict[str, int]) -> bool:
    bounds = program.bounds
    most = {"leap": bounds.leaps, "expiry": bounds.expiries, "fault": bounds.faults, "death": bounds.deaths}
    if budget in most and spent.get(budget, 0) >= most[budget]:
        return False
    return budget not in ("fault", "death") or not program.faulty or who in program.faulty
