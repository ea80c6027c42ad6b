"""The search beside an enumeration that shares no code with it, on generated programs: same failures, same minimum."""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from brute_force import Event, Schedule, TooMany, schedules
from programs import Program, ProgramActors, generate

import kit.grading.walk as walk_module
from kit.grading.label import Label, dependent
from kit.grading.search import Failure, Search
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Tape, operations
from kit.world.world import Run, World

pytestmark = pytest.mark.slow

PROGRAMS = 560
MOST = 120  # schedules of one program
NOBODY = Image([], [])


@dataclass(frozen=True)
class Rule:
    """What must not happen: one of `actors` answers `value`, having started after one of `earlier` had ended."""

    actors: frozenset[str]
    value: tuple[Any, ...]
    earlier: frozenset[str] | None = None

    def broken(self, events: Sequence[Event]) -> int | None:
        """The event at which it is broken: a safety property, so the first one."""
        ended: set[str] = set()
        late: dict[str, bool] = {}
        for number, (what, actor, value) in enumerate(events):
            if what == "start":
                late[actor] = self.earlier is None or bool(ended & self.earlier)
            elif what in ("answer", "raised", "death"):
                if actor in self.actors and late[actor] and value is not None and tuple(value) == self.value:
                    return number
                ended.add(actor)
        return None


@dataclass(frozen=True)
class Case:
    """A program, a rule, and what brute force says of them. level: the first that breaks it, None if none does."""

    program: Program
    rule: Rule
    all: list[Schedule]
    failing: dict[tuple[int, ...], tuple[int, int]]  # choices → level, operations shown

    @property
    def level(self) -> int | None:
        return min((level for level, _ in self.failing.values()), default=None)

    @property
    def minimum(self) -> tuple[int, tuple[int, ...]]:
        return min((shown, choices) for choices, (level, shown) in self.failing.items() if level == self.level)

    def at(self, level: int) -> set[tuple[int, ...]]:
        return {choices for choices, (found, _) in self.failing.items() if found == level}


def events(tape: Tape) -> list[Event]:
    """A tape in the words of brute force; set-up is left out there."""
    found = []
    for op in tape:
        if op.setup:
            continue
        if op.peer == "scene":
            ends = op.name in ("answer", "raised")
            found.append(Event(op.name, "" if op.name == "end" else op.actor, op.reply if ends else None))
        else:
            found.append(Event("move") if op.actor == "world" else Event("op", op.actor))
    return found


def shown(events: Sequence[Event], broken: int) -> int:
    """How many operations are shown up to the one at which a rule is broken."""
    return sum(one.what in ("op", "move") for one in events[: broken + 1])


def case(program: Program, number: int, level: int | None) -> Case | None:
    """A rule for this program that is first broken at that level; None where there is none, or too much to do."""
    try:
        found = schedules(program, MOST)
    except TooMany:
        return None
    least: dict[Rule, int] = {}
    for one in found:
        for rule in _seen(program, one.events):
            least[rule] = min(least.get(rule, one.level), one.level)
    rules = sorted((rule for rule, first in least.items() if first == level), key=repr)
    if level is None:  # answers that are given, though never by somebody who came so late
        given = [rule for rule in least if rule.earlier is None and "Probe" not in rule.actors]
        names = sorted({name for name, _ in program.actors})
        late = [replace(rule, earlier=program.alike(name)) for rule in given for name in names]
        rules = sorted((rule for rule in late if rule not in least), key=repr)
    if not rules:
        return None
    rule = random.Random(f"rule {number}").choice(rules)
    failing = {}
    for one in found:
        if (broken := rule.broken(one.events)) is not None:
            failing[one.choices] = (one.level, shown(one.events, broken))
    return Case(program, rule, found, failing)


def _seen(program: Program, events: Sequence[Event]) -> set[Rule]:
    """The rules that one schedule breaks. Actors that do the same are named together: the search takes them as one."""
    ended: set[str] = set()
    before: dict[str, set[str]] = {}
    found = set()
    for what, actor, value in events:
        if what == "start":
            before[actor] = set(ended)
        elif what in ("answer", "raised", "death"):
            if value is not None:
                who = frozenset({"Probe"}) if actor == "Probe" else program.alike(actor)
                found.add(Rule(who, tuple(value)))
                if actor != "Probe":
                    found |= {Rule(who, tuple(value), program.alike(name)) for name in before[actor]}
            ended.add(actor)
    return found


class Searched:
    """A case as the search meets it. seen: every schedule judged, with its verdict, in order."""

    def __init__(self, case: Case, **options: Any) -> None:
        program = case.program
        self.seen: list[tuple[tuple[int, ...], bool]] = []
        self.runs: list[Run] = []
        self._rule = case.rule
        self._world = World(ProgramActors(program.bodies), NOBODY)
        self._calls = program.calls
        self.search = Search(self._play, self._judge, program.bounds, program.faulty, **options)

    def _scene(self, script: Script) -> None:
        script.explore(self._calls)
        script.call("probe", actor="Probe")

    def _play(self, choose: Callable[..., int]) -> Run:
        return self._world.run(self._scene, choose)

    def _judge(self, run: Run) -> Failure | None:
        assert run.stuck is None
        tape = run.tape
        broken = self._rule.broken(events(tape))
        self.runs.append(run)
        self.seen.append((tape.choices, broken is not None))
        if broken is None:
            return None
        record = [number for number, op in enumerate(tape, 1) if not op.setup][broken]
        return Failure(tape.choices, "broken", record, len(operations(tape.ops[:record])), run)


@pytest.fixture(scope="module")
def cases() -> Iterator[list[Case]]:
    """One rule a program, asked for in turn: broken at level 1, at level 2, never, and sometimes later."""
    found = []
    for number in range(PROGRAMS):
        wanted: list[int | None] = [[1, None, 2, 3], [None, 1, 2, 3], [2, 3, 1, None], [3, 2, None, 1]][number % 4]
        program = generate(number)
        one = next((one for level in wanted if (one := case(program, number, level)) is not None), None)
        found += [one] if one is not None else []
    gc.collect()
    gc.freeze()  # the collector would look through all of them in each of the runs to come
    yield found
    gc.unfreeze()


def test_there_are_enough_programs_of_each_kind(cases: list[Case]) -> None:
    kinds = Counter(case.level for case in cases)
    assert kinds[1] >= 150
    assert kinds[2] >= 50
    assert kinds[None] >= 150
    assert len({(case.program, case.rule) for case in cases}) >= 350
    with_moves = Counter(
        name
        for case in cases
        for name in ("leaps", "faults", "expiries", "deaths")
        if getattr(case.program.bounds, name)
    )
    assert all(with_moves[name] >= 25 for name in ("leaps", "faults", "expiries", "deaths"))
    instructions = Counter(step[0] for case in cases for body in case.program.bodies for step in body.code)
    assert all(instructions[name] >= 40 for name in ("get", "set", "del", "incr", "take", "sleep", "now"))


def test_the_failure_reported_is_the_shortest_of_the_first_level_that_holds_one(cases: list[Case]) -> None:
    for case in cases:
        searched = Searched(case, most_walked=5_000, most_lists=5_000)
        evidence = searched.search.always()
        levels = [[one.choices for one in case.all if one.level == level] for level in range(3)]
        # A level plays each of its lists once, and fails where brute force says so.
        begun = [choices for choices, _ in searched.seen[: len(levels[0] + levels[1])]]
        if case.level != 0:
            assert sorted(begun) == sorted(levels[0] + levels[1]), case.program
        if case.level == 2:
            assert sorted(choices for choices, _ in searched.seen[-len(levels[2]) :]) == sorted(levels[2]), case.program
        assert {choices for choices, broken in searched.seen if broken} <= set(case.failing), case.program
        if case.level is None:
            assert evidence.failure is None, case.program
            assert evidence.coverage.startswith("all orders of these actors")
        else:
            failure = evidence.failure
            assert failure is not None, case.program
            assert (evidence.level, failure.operations, failure.choices) == (case.level, *case.minimum), case.program
            assert evidence.failing == len(case.at(case.level))
            last = [choices for choices, broken in searched.seen if broken and sum(map(bool, choices)) == case.level]
            assert set(last) == case.at(case.level), case.program


def walked(case: Case, twins: dict[str, str] | None = None) -> list[Run]:
    """Every run of the walk; one that breaks the rule does not end it."""
    searched = Searched(replace(case, rule=Rule(frozenset(), ())), most_walked=5_000)
    assert searched.search._walk(twins or {}) is None
    return searched.runs


def behaviours(case: Case, runs: Sequence[Run]) -> tuple[set[Any], set[Any]]:
    """What these runs show, and what there is to be seen."""
    return {Schedule((), 0, tuple(events(run.tape))).behaviour for run in runs}, {one.behaviour for one in case.all}


def test_the_walk_meets_every_behaviour_and_a_failure_if_and_only_if_there_is_one(cases: list[Case]) -> None:
    pruned = 0
    for case in cases:
        runs = walked(case)
        met, there = behaviours(case, runs)
        assert met == there, case.program
        broken = [run.tape.choices for run in runs if case.rule.broken(events(run.tape)) is not None]
        assert bool(broken) == bool(case.failing), case.program
        assert set(broken) <= set(case.failing)
        pruned += len(case.all) - len(runs)
    assert pruned > 1_000  # or there would be no point in it


def test_actors_that_do_the_same_need_one_order_of_their_first_steps(cases: list[Case]) -> None:
    spared = 0
    for case in cases:
        default = Searched(case)._play(lambda *_: 0)
        twins = walk_module.twins(default, case.program.faulty)
        if twins:
            runs = walked(case, twins)
            broken = any(case.rule.broken(events(run.tape)) is not None for run in runs)
            assert broken == bool(case.failing), case.program
            spared += len(walked(case)) - len(runs)
    assert spared > 100


def patched(monkeypatch: pytest.MonkeyPatch, change: Callable[[Label], Label]) -> None:
    monkeypatch.setattr(walk_module, "dependent", lambda a, b: dependent(change(a), change(b)))


@pytest.mark.parametrize(
    "change",
    [
        lambda label: replace(label, starts=False, ends=False),
        lambda label: replace(label, everything=False),
        lambda label: replace(label, reads=frozenset()),
        lambda label: replace(label, writes=frozenset()),
    ],
    ids=["start with answer", "clock, leap and sleep", "reads", "writes"],
)
def test_without_one_of_the_rules_of_dependence_behaviours_are_missed(
    cases: list[Case], change: Callable[[Label], Label], monkeypatch: pytest.MonkeyPatch
) -> None:
    patched(monkeypatch, change)
    assert any(there > met for met, there in (behaviours(case, walked(case)) for case in cases))
