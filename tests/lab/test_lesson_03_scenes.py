"""The scenes of lesson 03: told in looks.md's sentences, and a point's window equal to the day it is cut from."""

from __future__ import annotations

import pytest

from kit.lab import figures_03, scenes_03
from kit.views import trips
from kit.views.narration import tell
from kit.workloads.flights import hits
from kit.world.tape import Tape

DATA = figures_03.load()


def test_three_looks_are_told_as_the_looks_say() -> None:
    assert tell(scenes_03.trips()) == (
        "Reader 1 asks the cache for the board of EWR.",
        "The cache holds nothing under board:EWR: a miss.",
        "Reader 1 asks the database for the board.",
        "The database answers with 3 rows after 6 ms.",
        "Reader 1 puts the rows into the cache for 60 s.",
        "Reader 1 answers its passenger after 7 ms and three round trips.",
        "Reader 2 asks the cache for the same board.",
        "The cache answers in 0.5 ms: a hit. The database is spared.",
        "Reader 1 asks the cache for the board of EWR.",
        "The copy of board:EWR has lived its 60 s and expires.",
        "Reader 1 asks the database for the board.",
        "The database answers with 3 rows after 6 ms.",
        "Reader 1 puts the rows into the cache for 60 s.",
        "Reader 1 pays three round trips again: the copy has expired.",
    )


def test_a_flight_that_does_not_exist_is_asked_for_again_unless_the_answer_is_kept() -> None:
    asked = {kept: tell(scenes_03.absent(kept=kept)) for kept in (False, True)}
    assert asked[False].count("The cache holds nothing under departure:DL9999: a miss.") == 2
    assert asked[True][-1] == "The cache answers in 0.5 ms: a hit. The database is spared."


def test_a_cache_that_is_away_costs_half_a_millisecond_and_takes_no_board_away() -> None:
    tape = scenes_03.cache_away()
    assert tell(tape)[1:] == (
        "Nobody answers there: Reader 1 has an error after 0.5 ms.",
        "Reader 1 asks the database for the board.",
        "The database answers with 3 rows after 6 ms.",
    )
    assert not any(op.name == "SET" for op in tape)


def test_how_long_an_unheard_message_was_waited_for_is_known_from_what_follows_alone() -> None:
    whole = scenes_03.cache_away()
    unheard = next(op for op in whole if op.name == "GET")
    assert trips.visits(whole).given_up == {unheard.seq: 500}
    assert trips.visits(Tape("cut", 0, (), True, whole.ops[: unheard.seq + 1])).given_up == {}


@pytest.mark.parametrize("grain", figures_03.GRAINS)
def test_the_window_of_a_point_is_played_through_real_commands_with_that_ttl(grain: str) -> None:
    piece = figures_03.piece(DATA, grain, 600)
    tape = scenes_03.trace(piece, grain, 20)
    stored = [op for op in tape if op.name == "SET"]
    gets = [op for op in tape if op.name == "GET"]
    assert len(gets) == len(piece.looks) == figures_03.LOOKS
    assert len(tape) < 4_000
    assert stored
    assert all(op.keys == (piece.key.encode(),) and op.request[-2:] == (b"EX", b"20") for op in stored)
    # Each copy lives 20 s and the wait for the next look: the replay's rule, loaded at most once a TTL. A herd that
    # misses while a load is under way is the world's own, and rare.
    least = 1
    until = piece.looks[0][0] + 20_000_000
    for at_us, _ in piece.looks:
        if at_us >= until:
            least, until = least + 1, at_us + 20_000_000
    assert least <= len(stored) <= least * 1.2 + 1


def test_every_point_of_the_live_picture_has_a_window() -> None:
    for grain in figures_03.GRAINS:
        for interval_s in hits.INTERVALS_S:
            piece = figures_03.piece(DATA, grain, interval_s)
            assert len(piece.looks) == figures_03.LOOKS
            assert {flight for _, flight in piece.looks} <= {row.id for row in piece.rows}
