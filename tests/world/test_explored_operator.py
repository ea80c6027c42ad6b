"""An operator among explored actors, and a process that waits between two of its calls."""

from __future__ import annotations

import pytest
from worlds import BOARD, Script, call, kinds, play, told, words

from kit.grading.check import Bounds, Part, pause, statement
from kit.grading.freshness import freshness
from kit.grading.label import dependent, label
from kit.grading.search import Failure, Search
from kit.world.tape import Tape, operations
from kit.world.world import Run

SOURCE = """
KEPT = {}

def get_board(cache, db, airport):
    return db.query("SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id", airport=airport)

def get_kept(cache, db, airport):
    if airport not in KEPT:
        KEPT[airport] = get_board(cache, db, airport)
    return KEPT[airport]

def asks_and_reads(cache, db, airport):
    cache.get("board")
    return get_board(cache, db, airport)
"""
DELAY = "UPDATE flights SET delay = :minutes WHERE id = 2"


def beside_the_operator(script: Script) -> None:
    script.truth("JFK", BOARD, airport="JFK")
    script.explore({"Reader 1": [call("get_board", "JFK")], "Operator": [statement(DELAY, minutes=39)]})


def delays(tape: Tape) -> list[list[int]]:
    """The delays that each call answered."""
    return [[row["delay"] for row in op.reply] for op in told(tape, "answer")]


def test_an_operator_goes_through_the_same_list_as_everybody() -> None:
    run = play(SOURCE, beside_the_operator)
    assert kinds(run.points[0].alternatives)[:2] == ["run Reader 1 query", "switch Operator execute"]
    assert words(run.tape) == ["Reader 1 query", "Operator execute"]
    assert delays(run.tape) == [[0, 0, 0]]
    other = play(SOURCE, beside_the_operator, [1])
    assert words(other.tape) == ["Operator execute", "Reader 1 query"]
    assert delays(other.tape) == [[0, 39, 0]]


def test_an_operator_s_record_is_that_of_the_verb() -> None:
    def told_by_the_verb(script: Script) -> None:
        script.truth("JFK", BOARD, airport="JFK")
        script.operator(DELAY, minutes=39)

    explored = next(op for op in play(SOURCE, beside_the_operator, [1]).tape if op.actor == "Operator")
    (plain,) = operations(play(SOURCE, told_by_the_verb).tape)
    assert explored == plain


def test_an_operator_has_no_process_of_the_submission() -> None:
    tape = play(SOURCE, beside_the_operator).tape
    assert [op.actor for op in tape if op.peer == "scene" and op.name in ("start", "answer")] == ["Reader 1"] * 2


def test_an_operator_who_dies_writes_nothing() -> None:
    first = play(SOURCE, beside_the_operator).points[0]
    entry = kinds(first.alternatives).index("death Operator execute")
    assert words(play(SOURCE, beside_the_operator, [entry]).tape) == ["Reader 1 query"]


def test_an_actor_with_calls_and_statements_is_refused() -> None:
    def scene(script: Script) -> None:
        script.explore({"Reader 1": [call("get_board", "JFK"), statement(DELAY, minutes=39)]})

    with pytest.raises(ValueError, match="'Reader 1' has calls and statements"):
        play(SOURCE, scene)


def test_the_search_proves_all_orders_of_readers_and_an_operator() -> None:
    """Three calls of one step and one statement, in 4! / (2! 1! 1!) orders of which the store tells few apart."""
    seen: set[tuple[tuple[int, ...], ...]] = set()

    def scene(script: Script) -> None:
        script.truth("JFK", BOARD, airport="JFK")
        readers = [call("get_board", "JFK"), call("get_board", "JFK")]
        script.explore({"Reader 1": readers, "Reader 2": readers[:1], "Operator": [statement(DELAY, minutes=39)]})

    def look(run: Run) -> None:
        answers: dict[str, list[int]] = {}
        for op in told(run.tape, "answer"):
            answers.setdefault(op.actor, []).append(op.reply[1]["delay"])
        seen.add(tuple(tuple(one) for _, one in sorted(answers.items())))

    part = Part(scene, Bounds(leaps=0))
    evidence = Search(lambda choose: play(SOURCE, scene, choose), look, part.bounds).always()
    assert evidence.coverage == "all orders of these actors"
    assert seen == {(one, two) for one in ((0, 0), (0, 39), (39, 39)) for two in ((0,), (39,))}


def test_an_operator_s_commit_and_the_start_of_a_call_are_not_swapped_unseen() -> None:
    """Freshness sees their order: what was promised before a read started is owed to it."""

    def scene(script: Script) -> None:
        script.truth("JFK", BOARD, airport="JFK")
        script.explore({"Reader 1": [call("asks_and_reads", "JFK")], "Operator": [statement(DELAY, minutes=39)]})

    def step(run: Run, number: int) -> object:
        points = run.points
        end = points[number + 1].at if number + 1 < len(points) else len(run.tape)
        return label(points[number], run.tape.ops[points[number].at : end])

    run = play(SOURCE, scene, [1])
    assert words(run.tape)[:2] == ["Operator execute", "Reader 1 GET"]
    assert dependent(step(run, 0), step(run, 1))  # type: ignore[arg-type]


def kept_for_a_minute(script: Script) -> None:
    script.truth("JFK", BOARD, airport="JFK")
    reader = [call("get_kept", "JFK"), pause(61), call("get_kept", "JFK")]
    script.explore({"Reader 1": reader, "Operator": [statement(DELAY, minutes=39)]})


def test_a_process_that_waits_between_two_calls_is_the_same_process_later() -> None:
    run = play(SOURCE, kept_for_a_minute)
    assert words(run.tape) == ["Reader 1 query", "Reader 1 sleep", "Operator execute"]
    assert delays(run.tape) == [[0, 0, 0]] * 2
    first, second = told(run.tape, "start")
    assert (second.t_served or 0) - (first.t_served or 0) >= 61_000_000
    assert "old board" in (freshness(run.tape, bypass=60) or "")
    assert freshness(run.tape, bypass=61) is None


def test_a_scene_with_a_pause_needs_the_model_s_clock() -> None:
    assert play(SOURCE, kept_for_a_minute).needs == {"sleep"}
    assert play(SOURCE, beside_the_operator).needs == frozenset()


def test_a_pause_ends_early_for_nobody() -> None:
    """While it lasts the clock moves by steps alone, but for a leap."""
    run = play(SOURCE, kept_for_a_minute)
    assert kinds(run.points[1].alternatives)[:2] == ["run Reader 1 sleep", "switch Operator execute"]
    assert kinds(run.points[2].alternatives)[:2] == ["run Operator execute", "leap world"]


def test_both_ways_an_operator_leaves_the_same_bytes() -> None:
    from kit.grading.proxy import ChildActors
    from kit.world.actors import LocalActors, Submission
    from kit.world.world import World
    from tests.world.worlds import IMAGE, at_random

    submission = Submission(SOURCE, "submission.py", {}, "redis", 3)
    child = ChildActors(submission, limit_s=20)
    here, there = World(LocalActors(submission), IMAGE), World(child, IMAGE)
    try:
        for scene in (beside_the_operator, kept_for_a_minute):
            for seed in range(10):
                one = here.run(scene, at_random(seed, 0.4)).tape
                assert one.dumps() == there.run(scene, at_random(seed, 0.4)).tape.dumps()
    finally:
        child.end()


def test_a_failure_is_found_where_the_operator_comes_between() -> None:
    def scene(script: Script) -> None:
        script.truth("JFK", BOARD, airport="JFK")
        reader = [call("get_kept", "JFK"), call("get_kept", "JFK")]
        script.explore({"Reader 1": reader, "Operator": [statement(DELAY, minutes=39)]})

    def look(run: Run) -> Failure | None:
        word = freshness(run.tape)
        return None if word is None else Failure(run.tape.choices, word, len(run.tape), 0, run)

    evidence = Search(lambda choose: play(SOURCE, scene, choose), look, Bounds(leaps=0)).always()
    assert evidence.failure is not None
    assert evidence.failure.choices == (0, 1)
