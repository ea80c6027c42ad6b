"""The search: what it claims, where it stops, and that each rule of dependence is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from brute_force import schedules
from programs import Body, Program, ProgramActors, generate

import kit.grading.walk as walk_module
from kit.grading.check import Bounds, Part
from kit.grading.label import Label, dependent, label
from kit.grading.search import Evidence, Failure, Search
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.call import Call
from kit.world.choice import chooser
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Tape, operations
from kit.world.world import Run, World

Holds = Callable[[Tape], "int | None"]
NOTHING_MAY_HAPPEN = Bounds(leaps=0)


def play(program: Program) -> Callable[[Callable[..., int]], Run]:
    """Plays schedules of a program."""
    world = World(ProgramActors(program.bodies), Image([], []))

    def scene(script: Script) -> None:
        script.explore(program.calls)

    return lambda choose: world.run(scene, choose)


def search(program: Program, holds: Holds, **options: Any) -> Search:
    """A search for schedules in which `holds` gives the number of a record."""
    return Search(play(program), looked_at(holds), program.bounds, program.faulty, **options)


def looked_at(holds: Holds) -> Callable[[Run], Failure | None]:
    def judge(run: Run) -> Failure | None:
        at = holds(run.tape)
        shown = 0 if at is None else at + 1
        operated = len(operations(run.tape.ops[:shown]))
        return None if at is None else Failure(run.tape.choices, "broken", shown, operated, run)

    return judge


def never(tape: Tape) -> int | None:
    return None


def program(
    *actors: Sequence[tuple[Any, ...]], bounds: Bounds = NOTHING_MAY_HAPPEN, faulty: tuple[str, ...] = ()
) -> Program:
    """A program whose actors A, B, … make one call each."""
    return Program(
        tuple((name, (Body(tuple(code)),)) for name, code in zip("ABCD", actors, strict=False)), bounds, faulty
    )


def answered(actor: str, *values: int) -> Holds:
    """Broken when this actor answers these registers."""
    return lambda tape: next(
        (op.seq for op in tape if (op.actor, op.name, op.reply) == (actor, "answer", list(values))), None
    )


def late(actor: str, other: str) -> Holds:
    """Broken when `actor` answers, having started after `other` had answered."""

    def holds(tape: Tape) -> int | None:
        names = [(op.actor, op.name) for op in tape]
        if (actor, "answer") not in names or (other, "answer") not in names:
            return None
        return (
            names.index((actor, "answer")) if names.index((other, "answer")) < names.index((actor, "start")) else None
        )

    return holds


COUNT = ("incr", "a", 0)
READER, WRITER = (("get", "a", 0),), (("set", "b", 1, None),)


# What it claims


def test_a_scene_without_choices_is_judged_as_it_is_told() -> None:
    world = World(ProgramActors([]), Image([], []))
    found = Search(
        lambda choose: world.run(lambda script: script.sleep(1), choose), lambda run: None, Bounds()
    ).always()
    assert (found.schedules, found.coverage, found.failure) == (1, "the scene as it is told", None)


@pytest.mark.parametrize(
    ("bounds", "claim"),
    [
        (Bounds(leaps=0), "all orders of these actors"),
        (Bounds(leaps=1), "all orders of these actors, with at most one leap"),
        (Bounds(leaps=1, expiries=1), "all orders of these actors, with at most one leap and one expiry"),
        (Bounds(leaps=0, faults=1), "all orders of these actors, with at most one fault"),
        (Bounds(leaps=0, deaths=1), "all orders of these actors, with at most one death"),
        (Bounds(leaps=0, faults=2, deaths=1), "all orders of these actors, with at most two faults and one death"),
    ],
)
def test_a_pass_says_what_it_covered_in_words(bounds: Bounds, claim: str) -> None:
    found = search(replace(program(READER, WRITER), bounds=bounds), never).always()
    assert (found.failure, found.coverage) == (None, claim)


def test_a_walk_that_is_not_finished_claims_two_deviations_and_makes_them() -> None:
    nine = program([COUNT] * 3, [("incr", "a", 1), COUNT, COUNT], [COUNT, ("incr", "a", 1), COUNT])  # 1,680 orders
    found = search(nine, never)
    evidence = found.always()
    assert evidence.coverage == "all with at most two deviations"
    up_to_two = [one for one in schedules(nine, 2_000) if one.level <= 2]
    assert evidence.schedules == len(up_to_two) + 600  # counted, never timed
    assert search(nine, never, most_walked=1_700).always().coverage == "all orders of these actors"


def test_what_two_deviations_show_is_found_where_the_walk_does_not_come_so_far() -> None:
    nine = program([COUNT] * 3, [("incr", "a", 1), COUNT, COUNT], [COUNT, ("incr", "a", 1), COUNT])
    level_two = next(one for one in schedules(nine, 2_000) if one.level == 2)
    value = next(event.value for event in level_two.events if (event.what, event.actor) == ("answer", "A"))
    holds = answered("A", *value)
    found = search(nine, holds, most_walked=1).always()
    whole = search(nine, holds, most_walked=1_700).always()
    assert found.failure is not None
    assert whole.failure is not None
    assert (found.level, found.failure.choices) == (whole.level, whole.failure.choices)


def deep() -> tuple[Program, Holds]:
    """A program and a rule that three deviations break, and no fewer."""
    for number in range(400):
        one = generate(number)
        if any(len(calls) > 1 for _, calls in one.actors) or one.bounds != NOTHING_MAY_HAPPEN:
            continue
        least: dict[tuple[str, tuple[int, ...]], int] = {}
        for schedule in schedules(one, 5_000):
            for event in schedule.events:
                if event.what == "answer" and event.actor != "Probe":
                    key = (event.actor, tuple(event.value))
                    least[key] = min(least.get(key, 9), schedule.level)
        if (found := next((key for key, level in least.items() if level >= 3), None)) is not None:
            return one, answered(found[0], *found[1])
    raise AssertionError("no program of this kind among 400")


def test_levels_go_on_after_the_walk_until_the_first_that_holds_a_failure() -> None:
    one, holds = deep()
    found = search(one, holds).always()
    assert found.level == 3
    assert found.failure is not None
    assert sum(map(bool, found.failure.choices)) == 3


def test_beyond_the_bound_of_lists_the_walks_own_failure_is_reported_and_has_no_level() -> None:
    one, holds = deep()
    found = search(one, holds, most_lists=3).always()
    assert found.level is None
    assert found.failing == 1
    assert found.failure is not None
    again = play(one)(chooser(found.failure.choices))
    assert holds(again.tape) is not None


def test_the_same_search_twice_plays_the_same_schedules() -> None:
    for number in range(0, 60, 3):
        one = generate(number)
        played: list[list[tuple[int, ...]]] = [[], []]
        for seen in played:
            found = search(one, lambda tape, seen=seen: seen.append(tape.choices))  # type: ignore[misc]
            found.always()
        assert played[0] == played[1]


def test_every_schedule_is_heard_of_and_pruned_ones_are_counted() -> None:
    heard: list[int] = []
    one = program(READER, [("get", "b", 0)], [("get", "a", 0), ("get", "b", 1)])
    found = search(one, never, watch=heard.append)
    evidence = found.always()
    assert heard == list(range(1, evidence.schedules + 1))


def test_a_bound_on_switches_is_kept_by_levels_and_walk() -> None:
    one = program([COUNT] * 2, [("incr", "a", 1)] * 2)
    for switches in (0, 1, 2):
        seen: list[int] = []
        bounded = replace(one, bounds=Bounds(leaps=0, switches=switches))
        search(bounded, lambda tape, seen=seen: seen.append(sum(map(bool, tape.choices)))).always()  # type: ignore[misc]
        assert max(seen) == switches


# Goals


def test_a_goal_is_reached_by_one_schedule() -> None:
    one = program(READER, WRITER)
    found = search(one, lambda tape: None if late("A", "B")(tape) is not None else len(tape) - 1).sometimes()
    assert (found.failure, found.coverage) == (None, "reached in a schedule")
    assert found.schedules == 2


def test_a_goal_that_no_schedule_of_two_deviations_reaches_is_missed() -> None:
    one = program(READER, WRITER)
    found: Evidence = search(one, lambda tape: len(tape) - 1).sometimes()
    assert found.failure is not None
    assert found.failure.choices == ()
    assert found.failing == found.schedules == len([one for one in schedules(one, 99) if one.level <= 2])


# Dependence


def walk(found: Search) -> Failure | None:
    return found._walk({})


def test_the_start_of_a_call_and_the_answer_of_another_are_dependent(monkeypatch: pytest.MonkeyPatch) -> None:
    one, holds = program(READER, WRITER), late("A", "B")
    assert walk(search(one, holds)) is not None

    def blind(found: Label) -> Label:
        return replace(found, starts=False, ends=False)

    monkeypatch.setattr(walk_module, "dependent", lambda a, b: dependent(blind(a), blind(b)))
    assert walk(search(one, holds)) is None


def test_a_step_after_which_the_clock_was_read_is_dependent_with_every_other(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = [("get", "a", 0)] * 3
    one, holds = program(reads, [("get", "b", 0), ("now", 1), ("get", "b", 0)]), answered("B", 0, 2)
    assert walk(search(one, holds)) is not None

    def blind(point: Any, records: Any) -> Label:
        point.clock = False
        return label(point, records)

    monkeypatch.setattr(walk_module, "label", blind)
    assert walk(search(one, holds)) is None


STATISTICS = """
def counts(cache, db):
    cache.get("p")
    found = cache.info("stats")["keyspace_misses"]
    cache.get("q")
    return found

def limits(cache, db):
    cache.get("p")
    cache.config_set("maxmemory", "1")
    cache.get("q")

def reads(cache, db):
    for key in "rst":
        cache.get(key)

def stores(cache, db):
    cache.get("r")
    cache.set("x", "y" * 500)
    try:
        cache.set("y", "y" * 500)
        return "stored"
    except Exception as error:
        return type(error).__name__
    finally:
        cache.get("s")
"""


def nothing(script: Script) -> None:
    """A scene that begins with its actors."""


def real_walk(
    source: str, one: str, other: str, goal: Callable[[Tape], bool], before: Callable[[Script], None] = nothing
) -> Failure | None:  # fmt: skip
    world = World(LocalActors(Submission(source, entries={})), Image(COMMON, AIRPORTS))

    def scene(script: Script) -> None:
        before(script)
        script.explore({"A": [Call(one, ())], "B": [Call(other, ())]})

    holds = looked_at(lambda tape: len(tape) - 1 if goal(tape) else None)
    return walk(Search(lambda choose: world.run(scene, choose), holds, NOTHING_MAY_HAPPEN))


def says(value: object) -> Callable[[Tape], bool]:
    return lambda tape: any(op.name == "answer" and op.reply == value for op in tape)


@pytest.mark.parametrize("misses", [1, 2, 3, 4])
def test_a_question_for_the_servers_counters_is_dependent_with_every_command(misses: int) -> None:
    assert real_walk(STATISTICS, "counts", "reads", says(misses)) is not None


@pytest.mark.parametrize("said", ["stored", "OutOfMemoryError"])
def test_a_change_of_the_servers_limit_is_dependent_with_every_command(said: str) -> None:
    assert real_walk(STATISTICS, "limits", "stores", says(said)) is not None


def test_a_transaction_that_empties_the_cache_is_dependent_with_every_key() -> None:
    source = """
def empties(cache, db):
    cache.get("p")
    with cache.pipeline() as pipe:
        pipe.set("v", "1").flushall()
        pipe.execute()
    cache.get("q")

def stores(cache, db):
    cache.set("x", "1")
    return cache.get("x")
"""
    assert real_walk(source, "empties", "stores", says(None)) is not None
    assert real_walk(
        source, "empties", "stores", lambda tape: any(op.reply is None and op.keys == (b"x",) for op in tape)
    )


@pytest.mark.parametrize("kind", ["request_lost", "full", "db_error"])
def test_a_fault_that_stands_is_met_by_whoever_comes_first(kind: str) -> None:
    source = """
def asks(cache, db):
    cache.get("p")
    try:
        QUESTION
        return "done"
    except Exception:
        return "failed"
    finally:
        cache.get("q")

def asks_too(cache, db):
    cache.get("r")
    try:
        ANOTHER
        return "done"
    except Exception:
        return "failed"
    finally:
        cache.get("s")
"""
    questions = {
        "request_lost": ('cache.set("x", 1)', 'cache.set("y", 1)'), "full": ('cache.set("x", 1)', 'cache.set("y", 1)'),
        "db_error": ('db.query("SELECT 1")', 'db.query("SELECT 2")'),
    }[kind]  # fmt: skip
    source = source.replace("QUESTION", questions[0]).replace("ANOTHER", questions[1])
    on = "query" if kind == "db_error" else "writes"
    for who in ("A", "B"):
        assert real_walk(
            source, "asks", "asks_too", lambda tape, who=who: [  # type: ignore[misc]
                op.actor for op in tape if op.name == "answer" and op.reply == "failed"
            ] == [who] and [op.actor for op in tape if op.name == "start"] == ["A", "B"],
            lambda script: script.fault(kind, on=on, count=1),
        ) is not None, who  # fmt: skip


def test_actors_that_do_the_same_are_no_twins_where_only_one_may_meet_a_fault() -> None:
    body = [("incr", "a", 0), ("del", "a")]
    one = program(body, body, bounds=Bounds(leaps=0, faults=1), faulty=("A",))

    def holds(tape: Tape) -> int | None:
        """B was served first, then A's request was lost, and B deleted what it had counted."""
        told = [(op.actor, op.name, op.t_served is None) for op in operations(tape)]
        return len(tape) - 1 if told[:3] == [("B", "INCR", False), ("A", "INCR", True), ("B", "DEL", False)] else None

    assert search(one, holds).always().failure is not None
    twins = walk_module.twins(play(one)(lambda *_: 0), one.faulty)
    assert twins == {}
    assert walk_module.twins(play(one)(lambda *_: 0), ()) == {"B": "A"}


def test_a_part_without_names_of_faulty_actors_lets_all_of_them_meet_a_fault() -> None:
    one = program(READER, WRITER, bounds=Bounds(leaps=0, faults=1))
    met: set[str] = set()

    def holds(tape: Tape) -> None:
        met.update(op.actor for op in operations(tape) if op.t_received is None)

    search(one, holds).always()
    assert met == {"A", "B"}
    met.clear()
    search(replace(one, faulty=("B",)), holds).always()
    assert met == {"B"}
    assert Part(lambda script: None).faulty == ()
