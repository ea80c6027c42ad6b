"""The verbs of a scene: calls, fresh worlds, truths, the operator, time; and the names that its actors have."""

from __future__ import annotations

import pytest
from worlds import BOARD, Script, call, play, together, told, words, world

from kit.cache.effects import Effect
from kit.world.tape import operations

SOURCE = """
import time

def get_board(cache, db, airport):
    found = cache.get(airport)
    if found is None:
        cache.set(airport, "board")
    return found

def post_delay(cache, db, flight, minutes):
    return db.execute("UPDATE flights SET delay = :minutes WHERE id = :flight", minutes=minutes, flight=flight)

def slow(cache, db, seconds):
    time.sleep(seconds)
    return cache.get("JFK")

def fails(cache, db):
    raise KeyError("nobody")
"""


def test_an_answer_tells_value_error_queries_and_time() -> None:
    seen = []

    def scene(script: Script) -> None:
        seen.extend([script.call("slow", 3), script.call("fails"), script.call("post_delay", 2, 39)])

    play(SOURCE, scene)
    slow, fails, posts = seen
    assert (slow.value, slow.raised, slow.queries, slow.us) == (None, None, 0, 3_000_002)
    assert fails.raised == ["KeyError", "'nobody'"]
    assert (posts.value, posts.queries, posts.us) == (1, 0, 1)


def test_each_call_of_a_scene_is_a_process_and_the_readers_numbers_go_on() -> None:
    def scene(script: Script) -> None:
        script.call("get_board", "JFK")
        script.explore({"Reader 2": [call("get_board", "JFK")], "Writer": [call("post_delay", 2, 39)]})
        script.call("get_board", "JFK")
        script.call("post_delay", 2, 0)

    names = [op.actor for op in told(play(SOURCE, scene).tape, "start")]
    assert names == ["Reader 1", "Reader 2", "Writer", "Reader 3", "Writer 1"]


def test_names_are_new_in_each_schedule() -> None:
    def scene(script: Script) -> None:
        script.call("get_board", "JFK")

    here = world(SOURCE)
    for _ in range(3):
        run = here.run(scene)
        assert [op.actor for op in told(run.tape, "start")] == ["Reader 1"]
        assert operations(run.tape)[0].reply is None  # and nothing is in the cache


def test_a_start_has_the_function_and_its_arguments_and_an_error_its_line() -> None:
    run = play(SOURCE, lambda script: script.call("fails"))
    start, raised, end = run.tape.ops
    assert (start.peer, start.request, raised.reply, raised.line, end.name) == (
        "scene", ["fails"], ["KeyError", "'nobody'"], 18, "end",
    )  # fmt: skip


def test_a_fresh_world_leaves_one_record_with_the_calls_duration() -> None:
    durations = []

    def scene(script: Script) -> None:
        script.call("get_board", "JFK")
        script.operator("UPDATE flights SET delay = 7 WHERE id = 1")
        alone = script.fresh()
        durations.append(alone.call("slow", 3).us)
        durations.append(alone.call("get_board", "JFK").value)  # it knows nothing of the first world
        assert alone.query("SELECT delay FROM flights WHERE id = 1") == [{"delay": 0}]
        durations.append(script.call("get_board", "JFK").value)

    run = play(SOURCE, scene)
    alone = told(run.tape, "alone")
    assert [(op.request, op.reply) for op in alone] == [(["slow", 3], 3_000_002), (["get_board", "JFK"], 2)]
    assert [op.effects for op in alone] == [(), ()]
    assert durations == [3_000_002, None, b"board"]
    assert words(run.tape) == ["Reader 1 GET", "Reader 1 SET", "Operator execute", "Reader 2 GET"]


def test_a_fresh_world_is_the_same_in_each_schedule_and_moves_no_clock_of_the_first() -> None:
    def scene(script: Script) -> None:
        script.fresh().call("slow", 3)
        script.explore({"A": [call("get_board", "JFK")], "B": [call("get_board", "JFK")]})
        script.fresh().call("slow", 3)

    here = world(SOURCE)
    first = here.run(scene)
    assert [op.reply for op in told(first.tape, "alone")] == [3_000_002, 3_000_002]
    assert [op.t_sent for op in operations(first.tape)] == [1, 2, 3]
    for choices in ([1], [0, 1], []):
        again = here.run(scene, choices)
        assert again.stuck is None
    assert again.tape == first.tape


def test_a_truth_is_on_the_tape_with_its_rows() -> None:
    def scene(script: Script) -> None:
        script.truth("JFK", BOARD, airport="JFK")

    record = play(SOURCE, scene).tape.ops[0]
    assert (record.peer, record.name, record.request) == ("scene", "truth", ["JFK", {"airport": "JFK"}])
    assert record.effects == (Effect("changed", truth="JFK", version=1, rows=((1, 0), (2, 0), (4, 0))),)


def test_the_operator_writes_past_the_submission() -> None:
    def scene(script: Script) -> None:
        script.truth("JFK", BOARD, airport="JFK")
        assert script.operator("UPDATE flights SET delay = :minutes WHERE id = 2", minutes=39) == 1

    (op,) = operations(play(SOURCE, scene).tape)
    assert (op.actor, op.peer, op.name, op.write, op.reply) == ("Operator", "store", "execute", True, 1)
    assert [effect.kind for effect in op.effects] == ["committed", "changed"]


def test_time_passes_while_nobody_runs() -> None:
    def scene(script: Script) -> None:
        script.call("get_board", "JFK")
        script.sleep(60.5)
        script.call("get_board", "JFK")

    moments = [op.t_sent for op in operations(play(SOURCE, scene).tape)]
    assert moments == [1, 2, 60_500_003]


def test_a_scene_may_leave_a_word() -> None:
    run = play(SOURCE, lambda script: script.note("a hit is due", ["get_board", "JFK"]))
    note = run.tape.ops[0]
    assert (note.name, note.request, note.reply) == ("note", "a hit is due", ["get_board", "JFK"])


def test_a_tape_has_the_name_of_its_scene_and_its_seed() -> None:
    def a_quiet_day(script: Script) -> None:
        script.call("get_board", "JFK")

    tape = play(SOURCE, a_quiet_day, seed=3).tape
    assert (tape.scene, tape.seed) == ("a_quiet_day", 3)


def test_code_is_executed_afresh_for_every_process_and_schedule() -> None:
    source = """
        SEEN = []

        def go(cache, db):
            SEEN.append(1)
            return len(SEEN)
    """
    here = world(source)
    for _ in range(2):
        run = here.run(together(A=call("go"), B=call("go")))
        assert [op.reply for op in told(run.tape, "answer")] == [1, 1]


def test_processes_of_a_shared_world_have_one_module() -> None:
    source = """
        SEEN = []

        def go(cache, db):
            SEEN.append(cache.incr("n"))
            return len(SEEN)
    """
    here = world(source, shared=True)
    for _ in range(2):
        run = here.run(together(A=call("go"), B=call("go")))
        assert [op.reply for op in told(run.tape, "answer")] == [1, 2]


@pytest.mark.parametrize("answer", ["object()", "{1, 2}", "[1, [print]]", "b''.join"])
def test_an_answer_that_is_no_plain_data_is_the_learners_mistake(answer: str) -> None:
    run = play(f"def go(cache, db): return {answer}", lambda script: script.call("go"))
    kind, text = told(run.tape, "raised")[0].reply
    assert kind == "TypeError"
    assert "plain data is wanted" in text


def test_a_file_is_judged_by_its_own_mistakes() -> None:
    for source, kind in (
        ("import nosuch", "ModuleNotFoundError"), ("x = 1", "NameError"), ("def go(cache): pass", "TypeError"),
        ("def go(cache, db): raise SystemExit(0)", "SystemExit"),
        ("def go(cache, db): go(cache, db)", "RecursionError"),
    ):  # fmt: skip
        run = play(source, lambda script: script.call("go"))
        assert told(run.tape, "raised")[0].reply[0] == kind
    with pytest.raises(SyntaxError):
        play("def go(cache, db) return", lambda script: script.call("go"))
