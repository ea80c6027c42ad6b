"""The properties that checks share: on tapes written by hand, and monotone on any tape."""

from __future__ import annotations

import pytest
from hand_made import Recording, board, rows, tapes
from hypothesis import given

from kit.grading import properties
from kit.grading.calls import calls
from kit.grading.properties import (
    at_the_end,
    caches,
    first_of,
    hits,
    no_exception,
    no_slower_than_alone,
    within,
    written,
)
from kit.world.tape import Tape

OLD, NEW = board(0, 0), board(39, 0)


# Calls


def test_a_call_has_its_arguments_its_operations_and_its_end() -> None:
    recording = Recording().reads("Reader 1").get("Reader 1").query("Reader 1").answers("Reader 1", [])
    (call,) = calls(recording.tape)
    assert (call.function, call.args, call.started, call.ended) == ("get_board", ("JFK",), 0, 3)
    assert [op.name for op in call.ops] == ["GET", "query"]
    assert (call.queries, call.answer, call.answered) == (1, [], True)
    assert call.end_us - call.start_us == 3_000_000
    assert str(call) == "get_board('JFK')"


def test_calls_that_run_together_keep_their_operations_apart() -> None:
    recording = Recording().reads("A").posts("B").get("A").query("B").query("A").answers("A", []).raises("B")
    first, second = calls(recording.tape)
    assert ([op.name for op in first.ops], [op.name for op in second.ops]) == (["GET", "query"], ["query"])
    assert second.raised == ("ValueError", "no")
    assert not second.answered


def test_a_call_that_never_returned_is_a_record_without_an_end() -> None:
    recording = Recording().reads("A").get("A").posts("B").dies("B").note("later", 0)
    waiting, dead = calls(recording.tape)
    assert waiting.ended is None
    assert dead.ended is None
    assert waiting.end_us == recording.us
    assert dead.end_us == recording.us - 1_000_000


def test_a_thread_s_operations_belong_to_its_process_and_set_up_to_nobody() -> None:
    recording = Recording().reads("A").get("A/1").answers("A", [])
    assert [op.actor for op in calls(recording.tape)[0].ops] == ["A/1"]


def test_two_calls_of_one_process_are_two() -> None:
    recording = Recording().reads("A").answers("A", []).reads("A").query("A").answers("A", [])
    assert [call.queries for call in calls(recording.tape)] == [0, 1]


# Errors


def test_an_exception_names_the_call_and_itself() -> None:
    recording = Recording().posts("Writer", 2, 39).raises("Writer", "KeyError", "'origin'")
    assert no_exception(recording.tape) == "Writer's post_delay(2, 39) raised KeyError: 'origin'."
    assert no_exception(recording.tape, allow=["post_delay"]) is None


def test_a_refusal_of_the_database_may_be_passed_on() -> None:
    recording = Recording().posts("Writer").refused("Writer").raises("Writer", "OperationalError", "no")
    assert no_exception(recording.tape) is not None
    assert no_exception(recording.tape, refused=True) is None
    assert no_exception(recording.reads("Reader").raises("Reader").tape, refused=True) is not None


def test_a_delay_that_was_answered_is_in_the_database() -> None:
    recording = Recording().truth(OLD).posts("Writer", 1, 39)
    assert written(recording.commits("Writer", NEW).answers("Writer").tape) is None


def test_a_delay_that_was_answered_and_not_written_is_told() -> None:
    recording = Recording().truth(OLD).posts("Writer", 1, 39).answers("Writer")
    assert written(recording.tape) == "Writer's post_delay(1, 39) answered, and the database does not have it."


def test_a_delay_that_was_overwritten_in_the_meantime_was_written() -> None:
    recording = Recording().truth(OLD).posts("Writer 1", 1, 39).posts("Writer 2", 1, 0)
    recording.commits("Writer 1", NEW).commits("Writer 2", OLD).answers("Writer 2").answers("Writer 1")
    assert written(recording.tape) is None


def test_a_delay_that_stood_there_before_needs_no_change() -> None:
    assert written(Recording().truth(NEW).posts("Writer", 1, 39).answers("Writer").tape) is None


def test_a_delay_that_raised_need_not_be_written() -> None:
    assert written(Recording().truth(OLD).posts("Writer", 1, 39).raises("Writer").tape) is None


# Hits and time


def test_a_hit_that_asks_the_database_fails_at_the_question() -> None:
    recording = Recording().note("a hit is due", ["get_board", "JFK"]).reads("Reader 2").get("Reader 2")
    assert hits(recording.tape) is None
    assert hits(recording.query("Reader 2").tape) is not None


def test_only_the_call_that_was_announced_must_be_a_hit() -> None:
    recording = Recording().note("a hit is due", ["get_board", "JFK"]).reads("A", "LGA").query("A").answers("A", [])
    recording.reads("B").answers("B", []).reads("B").query("B")
    assert hits(recording.tape) is None


def test_a_board_that_is_never_kept_is_told_by_its_note() -> None:
    assert caches(Recording().note("never cached", ["get_board", "JFK"]).tape) == (
        "get_board('JFK') asks the database each time, for a minute: nothing is kept."
    )


def test_a_call_longer_than_the_limit_fails_before_it_ends() -> None:
    recording = Recording().reads("A").wait(30).get("A")
    assert within(recording.tape, 30) == "A's get_board('JFK') took longer than 30 s."
    assert within(recording.tape, 30, "post_delay") is None
    assert within(recording.tape, 31) is None


def test_a_call_is_compared_with_the_same_call_alone() -> None:
    recording = Recording().alone(2_000_000, "get_board", "LGA").reads("A", "LGA").get("A").answers("A", [])
    assert no_slower_than_alone(recording.tape) is None
    recording.reads("B", "LGA").get("B").wait(0.02).answers("B", [])
    assert "waited for somebody" in (no_slower_than_alone(recording.tape) or "")


def test_a_call_before_the_measurement_or_of_another_board_is_not_compared() -> None:
    recording = Recording().reads("A", "LGA").wait(9).answers("A", []).alone(0, "get_board", "LGA")
    assert no_slower_than_alone(recording.reads("B").wait(9).answers("B", []).tape) is None


def test_a_property_of_the_end_waits_for_the_end() -> None:
    recording = Recording().reads("A").raises("A")
    assert at_the_end(recording.tape, no_exception) is None
    assert at_the_end(recording.end().tape, no_exception) is not None


def test_the_first_sentence_counts() -> None:
    assert first_of(None, "a", "b") == "a"
    assert first_of(None, None) is None


# On any tape

EVERY = {
    "no_exception": no_exception,
    "no_exception, refused": lambda tape: no_exception(tape, refused=True),
    "written": written,
    "hits": hits,
    "caches": caches,
    "within": lambda tape: within(tape, 30),
    "no_slower_than_alone": no_slower_than_alone,
    "at_the_end": lambda tape: at_the_end(tape, no_exception),
    "two of them": lambda tape: first_of(written(tape), no_exception(tape)),
}


@pytest.mark.parametrize("name", EVERY)
@given(tape=tapes())
def test_a_rule_once_broken_stays_broken(name: str, tape: Tape) -> None:
    head = Recording().note("a hit is due", ["get_board", "JFK"]).alone(1, "get_board", "JFK").ops
    whole = Tape("by hand", 0, (), False, (*head, *tape.ops))
    found = [EVERY[name](whole.prefix(length)) is not None for length in range(len(whole) + 1)]  # type: ignore[operator]
    assert found == sorted(found)


@given(tapes())
def test_calls_of_a_prefix_are_calls_of_the_whole(tape: Tape) -> None:
    whole = {call.started: call for call in calls(tape)}
    for length in range(len(tape) + 1):
        for call in calls(tape.prefix(length)):
            assert whole[call.started].ops[: len(call.ops)] == call.ops
            if call.ended is not None:
                assert whole[call.started] == call


def test_what_is_offered_is_sorted_and_there() -> None:
    assert properties.__all__ == sorted(properties.__all__)
    assert all(hasattr(properties, name) for name in properties.__all__)
    assert rows(OLD)[0] == {"id": 1, "delay": 0}
