"""Freshness as a regular register, on tapes written by hand, on any tape, and beside its definition."""

from __future__ import annotations

import pytest
from hand_made import READERS, Recording, board, rows, tapes
from hypothesis import given

from kit.grading.freshness import freshness, rows_of
from kit.world.tape import Tape

OLD, NEW, NEWER = board(0, 0), board(39, 0), board(39, 20)


def _post(recording: Recording, actor: str = "Writer", state: tuple[tuple[int, int], ...] = NEW) -> Recording:
    return recording.posts(actor).commits(actor, state).answers(actor)


def _read(recording: Recording, shown: object, actor: str = "Reader 1") -> Recording:
    return recording.reads(actor).get(actor).answers(actor, shown)


def test_a_read_of_the_only_state_is_fresh() -> None:
    assert freshness(_read(Recording().truth(OLD), rows(OLD)).tape) is None


def test_after_an_answered_write_the_old_state_is_stale() -> None:
    recording = _post(Recording().truth(OLD))
    assert freshness(_read(recording, rows(OLD)).tape) == (
        "Reader 1 was shown the old board of JFK: DL120 at 09:00 instead of 09:39."
    )


def test_after_an_answered_write_the_new_state_is_fresh() -> None:
    assert freshness(_read(_post(Recording().truth(OLD)), rows(NEW)).tape) is None


@pytest.mark.parametrize("shown", [OLD, NEW])
def test_a_read_that_overlaps_the_write_may_show_either(shown: object) -> None:
    recording = Recording().truth(OLD).posts("Writer").reads("Reader 1").commits("Writer", NEW).answers("Writer")
    assert freshness(recording.answers("Reader 1", rows(shown)).tape) is None  # type: ignore[arg-type]


def test_two_reads_that_overlap_one_write_may_see_new_then_old() -> None:
    recording = Recording().truth(OLD).posts("Writer").commits("Writer", NEW)
    _read(recording, rows(NEW), "Reader 1")
    _read(recording, rows(OLD), "Reader 2")
    assert freshness(recording.answers("Writer").tape) is None


def test_a_state_that_comes_later_was_never_on_the_board_yet() -> None:
    recording = Recording().truth(OLD).posts("Writer")
    _read(recording, rows(NEW))
    assert "never was in the database" in (freshness(recording.commits("Writer", NEW).tape) or "")


@pytest.mark.parametrize("end", ["raises", "dies"])
def test_a_write_that_raised_or_died_obliges_nobody(end: str) -> None:
    recording = Recording().truth(OLD).posts("Writer").commits("Writer", NEW)
    getattr(recording, end)("Writer")
    for shown in (OLD, NEW):
        _read(recording, rows(shown))
    assert freshness(recording.tape) is None


def test_a_write_obliges_by_its_newest_commit() -> None:
    recording = Recording().truth(OLD).posts("Writer").commits("Writer", NEW).commits("Writer", NEWER).answers("Writer")
    assert freshness(_read(recording, rows(NEW)).tape) is not None


def test_a_write_that_commits_earlier_and_answers_later_obliges_no_more_than_it_wrote() -> None:
    recording = Recording().truth(OLD).posts("Writer 1").commits("Writer 1", NEW)
    _post(recording, "Writer 2", NEWER)
    recording.answers("Writer 1")
    assert freshness(_read(recording, rows(NEWER)).tape) is None
    assert freshness(_read(recording, rows(NEW)).tape) is not None


def test_a_state_that_came_back_is_the_newest_again() -> None:
    recording = _post(_post(Recording().truth(OLD), state=NEW), state=OLD)
    assert freshness(_read(recording, rows(OLD)).tape) is None
    assert freshness(_read(recording, rows(NEW)).tape) is not None


def test_each_board_has_its_own_states() -> None:
    recording = Recording().truth(OLD).truth(board(7), "LGA")
    _post(recording)
    recording.reads("Reader 1", "LGA").answers("Reader 1", rows(board(7)))
    assert freshness(recording.tape) is None
    recording.reads("Reader 2", "LGA").answers("Reader 2", rows(NEW))
    assert "board of LGA that never was" in (freshness(recording.tape) or "")


def test_rows_are_compared_in_order_by_id_and_delay_alone() -> None:
    more = [row | {"carrier": "UA", "version": 9} for row in rows(OLD)]
    assert freshness(_read(Recording().truth(OLD), more).tape) is None
    assert freshness(_read(Recording().truth(OLD), more[::-1]).tape) is not None


@pytest.mark.parametrize("answer", [None, "[]", {"rows": []}, [1, 2], [{"id": 1}], b"[]", [None]])
def test_an_answer_that_is_no_list_of_rows_says_so(answer: object) -> None:
    assert rows_of(answer) is None
    assert "a list of rows is wanted" in (freshness(_read(Recording().truth(OLD), answer).tape) or "")


def test_a_thread_commits_for_its_process() -> None:
    recording = Recording().truth(OLD).posts("Writer").commits("Writer/1", NEW).answers("Writer")
    assert freshness(_read(recording, rows(OLD)).tape) is not None


# In seconds


def test_a_bound_lets_a_promise_be_unseen_for_so_long_and_no_longer() -> None:
    recording = _post(Recording().truth(OLD))
    _read(recording.wait(57), rows(OLD))  # starts 58 s after the answer
    assert freshness(recording.tape, 60) is None
    _read(recording, rows(OLD))  # and this one 61 s
    assert freshness(recording.tape, 60) is not None
    assert freshness(recording.tape) is not None


def test_a_write_past_the_submission_obliges_at_its_commit_within_its_own_bound() -> None:
    recording = Recording().truth(OLD).commits("Operator", NEW)
    _read(recording, rows(OLD))
    assert freshness(recording.tape) is not None
    assert freshness(recording.tape, bypass=60) is None
    _read(recording.wait(60), rows(OLD))
    assert freshness(recording.tape, bypass=60) is not None


def test_the_bound_of_the_operator_does_not_loosen_the_submission_s_own_writes() -> None:
    recording = _post(Recording().truth(OLD).commits("Operator", board(0, 20)), state=NEWER)
    assert freshness(_read(recording, rows(board(0, 20))).tape, bypass=60) is not None


# On any tape


@given(tapes())
def test_what_fails_on_a_prefix_fails_on_every_longer_one_with_the_same_sentence(tape: Tape) -> None:
    for bounds in ({}, {"bound": 60.0}, {"bypass": 60.0}):
        found = [freshness(tape.prefix(length), **bounds) for length in range(len(tape) + 1)]  # type: ignore[arg-type]
        failed = next((length for length, one in enumerate(found) if one is not None), len(found))
        assert len(set(found[failed:])) <= 1


@given(tapes())
def test_it_says_what_the_definition_says(tape: Tape) -> None:
    assert (freshness(tape) is None) == all(map(_allowed_by_definition, _reads(tape)))


def _reads(tape: Tape) -> list[tuple[Tape, int, int, object]]:
    """(tape, start, answer, rows) of every answered read."""
    found = []
    for answer in tape:
        if answer.name == "answer" and answer.actor in READERS:
            start = max(
                op.seq for op in tape if op.actor == answer.actor and op.name == "start" and op.seq < answer.seq
            )
            found.append((tape, start, answer.seq, rows_of(answer.reply)))
    return found


def _allowed_by_definition(read: tuple[Tape, int, int, object]) -> bool:
    """State k with L ≤ k ≤ states committed at the answer; L: newest commit of a write answered before the start."""
    tape, start, answer, shown = read
    states = [(op.seq, op.actor, one.rows) for op in tape for one in op.effects if one.kind == "changed"]
    least = 0
    for number, (commit, actor, _) in enumerate(states):
        ends = [op for op in tape if op.actor == actor and op.seq > commit and op.name in ("answer", "raised", "death")]
        promised = commit if actor == "Operator" else ends[0].seq if ends and ends[0].name == "answer" else answer
        if promised < start and number:
            least = max(least, number)
    return any(shown == one for number, (commit, _, one) in enumerate(states) if number >= least and commit < answer)
