"""Any list of integers is a schedule: the alternatives at each point, in their order, and what a list means."""

from __future__ import annotations

import random

import pytest
from worlds import Script, at_random, call, exploring, kinds, play, together, told, words, world

from kit.world.choice import READ_FAULTS, WRITE_FAULTS, normal
from kit.world.tape import Tape, operations

SCENE = """
import time

def reads(cache, db):
    cache.get("a")
    return cache.get("b")

def writes(cache, db):
    cache.set("a", "1", ex=60)
    cache.set("b", "2", ex=60)

def sleeps(cache, db):
    time.sleep(5)
    cache.delete("a")

def asks(cache, db):
    db.query("SELECT 1")
    db.execute("UPDATE flights SET delay = 1 WHERE id = 1")

def says(cache, db, word):
    return word
"""
FAULTS = {"read": list(READ_FAULTS), "write": list(WRITE_FAULTS)}


def test_the_names_of_the_faults_are_these_in_this_order() -> None:
    assert READ_FAULTS == ("request_lost", "reply_lost", "cut", "unreachable")
    assert WRITE_FAULTS == ("request_lost", "reply_lost", "cut", "full", "unreachable", "read_only")


def test_a_point_lists_run_switches_leap_expiries_then_faults_and_death_of_each_that_is_ready() -> None:
    scene = together(A=call("reads"), B=call("writes"), C=call("sleeps"), D=call("asks"))
    run = play(SCENE, scene, [1, 0, 1])
    points = [kinds(point.alternatives) for point in run.points]
    assert points[0] == [
        "run A GET", "switch B SET", "switch C sleep", "switch D query",
        "request_lost A GET", "reply_lost A GET", "cut A GET", "unreachable A GET", "death A GET",
        "request_lost B SET", "reply_lost B SET", "cut B SET", "full B SET", "unreachable B SET", "read_only B SET",
        "death B SET", "death C sleep", "death D query",
    ]  # fmt: skip
    # B has run once and goes on as the first; its key may end; the faults keep the scene's order.
    assert points[1][:6] == ["run B SET", "switch A GET", "switch C sleep", "switch D query", "expire world a",
                             "request_lost A GET"]  # fmt: skip
    # B has ended, the first that is ready comes first; then C slept, and the clock may leap.
    assert points[2][:5] == ["run A GET", "switch C sleep", "switch D query", "expire world a", "expire world b"]
    assert points[3][:6] == ["run A GET", "switch D query", "leap world", "expire world a", "expire world b",
                             "request_lost A GET"]  # fmt: skip
    assert points[-1] == ["end world", "expire world b"]


def test_operations_of_the_store_the_clock_and_locks_have_death_alone() -> None:
    source = """
        import threading, time

        def go(cache, db):
            with threading.Lock():
                time.sleep(1)
                with db.transaction():
                    db.execute("UPDATE flights SET delay = 1 WHERE id = 1")
    """
    for point in play(source, together(A=call("go"))).points[:-1]:
        assert [one.kind for one in point.alternatives] == ["run", "death"]


def test_an_actor_that_ran_goes_on_and_a_forced_choice_is_the_first_that_is_ready() -> None:
    scene = together(A=call("reads"), B=call("reads"), C=call("reads"))
    assert words(play(SCENE, scene).tape) == ["A GET", "A GET", "B GET", "B GET", "C GET", "C GET"]
    assert words(play(SCENE, scene, [0, 2]).tape) == ["A GET", "C GET", "C GET", "A GET", "B GET", "B GET"]
    assert words(play(SCENE, scene, [2, 1, 2]).tape)[:4] == ["C GET", "A GET", "C GET", "A GET"]


def test_a_missing_entry_is_zero_and_one_too_large_wraps() -> None:
    here, scene = world(SCENE), together(A=call("reads"), B=call("writes"))
    size = len(here.run(scene).points[0].alternatives)
    for choices, same in (([], [0, 0, 0]), ([1], [1 + size]), ([0, 1], [size * 3, 1]), ([-1], [size - 1])):
        assert here.run(scene, choices).tape.ops == here.run(scene, same).tape.ops


def test_a_tape_holds_the_normalised_list() -> None:
    run = play(SCENE, together(A=call("reads"), B=call("writes")), [0, 1001, 0, 0, 0, 0, 0, 0])
    assert run.tape.choices == normal(run.points)
    assert not run.tape.choices or run.tape.choices[-1] != 0
    assert play(SCENE, together(A=call("reads"), B=call("writes"))).tape.choices == ()


def test_a_normalised_list_replays_equal_whatever_the_list_was() -> None:
    here = world(SCENE)
    scene = together(A=call("reads"), B=call("writes"), C=call("sleeps"), D=call("asks"))
    for seed in range(200):
        draw = random.Random(seed)
        choices = [draw.choice([0, 0, 1, 2, draw.randrange(1000)]) for _ in range(12)]
        first = here.run(scene, choices)
        again = here.run(scene, first.tape.choices)
        assert again.tape == first.tape
        assert [point.taken for point in again.points] == [point.taken for point in first.points]
        assert again.stuck == first.stuck


def test_a_leap_goes_to_the_next_sleeper_and_nobody_has_moved() -> None:
    scene = together(A=call("sleeps"), B=call("reads"))
    at_first = play(SCENE, scene)
    run = play(SCENE, scene, [0, 1])
    assert kinds(run.points[1].alternatives)[:2] == ["run B GET", "leap world"]
    assert run.tape.ops[2].name == "leap"
    assert (run.tape.ops[2].actor, run.tape.ops[2].peer, run.tape.ops[2].request) == ("world", "clock", 5_000_000)
    # The same point is asked again: C is awake now, and A, who ran last, goes on.
    assert kinds(run.points[2].alternatives)[:2] == ["run A DEL", "switch B GET"]
    assert words(at_first.tape) == ["A sleep", "B GET", "B GET", "A DEL"]
    assert words(run.tape) == ["A sleep", "world leap", "A DEL", "B GET", "B GET"]


def test_the_clock_goes_to_the_next_sleeper_by_itself_when_nobody_is_ready() -> None:
    run = play(SCENE, together(A=call("sleeps")))
    assert words(run.tape) == ["A sleep", "A DEL"]
    sleep, delete = operations(run.tape)
    assert (sleep.t_sent, sleep.t_received, delete.t_sent) == (1, 5_000_001, 5_000_002)


def test_an_expiry_ends_a_key_and_moves_no_clock() -> None:
    scene = exploring({"A": [call("writes"), call("reads")]})
    run = play(SCENE, scene, [0, 1])
    expire = run.tape.ops[2]
    assert (expire.actor, expire.peer, expire.name, expire.keys) == ("world", "cache", "expire", (b"a",))
    assert [(effect.kind, effect.key) for effect in expire.effects] == [("expired", b"a")]
    assert expire.t_sent == run.tape.ops[1].t_sent
    assert kinds(run.points[2].alternatives)[0] == "run A SET"
    assert "expire world a" not in kinds(run.points[2].alternatives)
    assert told(run.tape, "answer")[-1].reply == b"2"


def test_the_end_is_a_point_at_which_every_key_may_still_end() -> None:
    def scene(script: Script) -> None:
        script.explore({"A": [call("writes")]})
        script.call("reads")

    run = play(SCENE, scene, [0, 0, 2, 1])
    assert [kinds(point.alternatives)[0] for point in run.points[2:]] == ["end world"] * 3
    assert words(run.tape)[2:4] == ["world expire", "world expire"]
    assert told(run.tape, "answer")[-1].reply is None


def test_start_and_answer_are_fused_with_the_first_and_last_operation() -> None:
    run = play(SCENE, together(A=call("reads"), B=call("reads")), [0, 1])
    names = [f"{op.actor} {op.name}" for op in run.tape]
    assert names == [
        "A start", "A GET", "B start", "B GET", "B GET", "B answer", "A GET", "A answer", "world end",
    ]  # fmt: skip


def test_a_call_that_asks_nothing_has_its_place_in_the_order_too() -> None:
    scene = together(A=call("reads"), B=call("says", "hello"))
    run = play(SCENE, scene, [1])
    assert kinds(run.points[0].alternatives)[:2] == ["run A GET", "switch B answer"]
    assert [f"{op.actor} {op.name}" for op in run.tape][:3] == ["B start", "B answer", "A start"]
    assert told(run.tape, "answer")[0].reply == "hello"


def test_an_actor_makes_its_calls_one_after_the_other_in_one_process() -> None:
    source = """
        SEEN = []

        def go(cache, db, word):
            SEEN.append(word)
            cache.get(word)
            return SEEN
    """
    run = play(source, exploring({"A": [call("go", "x"), call("go", "y")], "B": [call("go", "z")]}))
    assert [op.reply for op in told(run.tape, "answer")] == [["x"], ["x", "y"], ["z"]]


def test_a_chooser_that_is_a_function_hears_what_a_list_would() -> None:
    run = play(SCENE, together(A=call("reads"), B=call("writes")), at_random(7))
    assert play(SCENE, together(A=call("reads"), B=call("writes")), run.tape.choices).tape == run.tape


def test_every_operation_takes_a_microsecond_and_has_one_moment() -> None:
    run = play(SCENE, together(A=call("reads"), B=call("writes")))
    assert [(op.t_sent, op.t_served, op.t_received) for op in operations(run.tape)] == [(n, n, n) for n in range(1, 5)]
    assert run.tape.timed is False


def test_the_tape_is_numbered_in_order_of_service() -> None:
    tape: Tape = play(SCENE, together(A=call("reads"), B=call("writes"), C=call("sleeps")), at_random(3)).tape
    assert [op.seq for op in tape] == list(range(len(tape)))


@pytest.mark.parametrize("twice", [{"A": [call("reads")]}, {"B": [call("reads")]}])
def test_a_scene_explores_once(twice: dict[str, list[object]]) -> None:
    def scene(script: Script) -> None:
        script.explore({"A": [call("reads")]})
        script.explore(twice)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="a scene explores once"):
        play(SCENE, scene)


def test_two_actors_of_one_name_are_refused() -> None:
    def scene(script: Script) -> None:
        script.call("reads", actor="A")
        script.call("reads", actor="A")

    with pytest.raises(ValueError, match="two actors of one scene are named 'A'"):
        play(SCENE, scene)
