"""The failing form: the broken rule, the learner's line, the gap before it."""

from __future__ import annotations

from dataclasses import replace

import race

from kit.views.frames import recording
from kit.world.tape import Tape


def without_lines(tape: Tape) -> Tape:
    return replace(tape, ops=tuple(replace(op, line=None) for op in tape))


def test_the_line_that_stored_the_stale_value_is_marked_with_the_gap_before_it() -> None:
    data = recording(race.race(), verdict=race.VERDICT, source=race.SUBMISSION)
    code = data["failure"]["code"]
    assert [line[0] for line in code["lines"]] == [12, 13, 14, 15, 16, 17, 18]
    assert [line[1].strip() for line in code["lines"] if line[2]] == ["cache.set(key, board, ex=300)"]
    assert code["gap"] == "the writer runs here, 4 messages"
    assert code["who"] == "where Reader 1 stands"


def test_a_failure_opens_on_the_last_step_with_its_rule() -> None:
    data = recording(race.race(), verdict=race.VERDICT, source=race.SUBMISSION)
    failed = data["failure"]
    assert data["start"] == data["steps"] == 12
    assert failed["rule"] == "A slow reader put the old board back after your delay."
    assert failed["detail"] == "6 operations; no order with fewer deviations breaks it"
    assert failed["token"].startswith("k1.invalidate_on_write.")
    assert data["subtitle"] == "invalidate_on_write · A slow reader · 1 of 4 schedules break it"


def test_without_lines_the_code_falls_away_and_nothing_else() -> None:
    failed = recording(without_lines(race.race()), verdict=race.VERDICT, source=race.SUBMISSION)["failure"]
    assert failed["code"] is None
    assert failed["rule"]


def test_a_failure_of_the_walk_is_not_called_the_shortest() -> None:
    check = {"passed": False, "message": "m", "operations": 40, "level": None}
    failed = recording(race.race(), verdict={"checks": [check]}, source="")["failure"]
    assert failed["detail"] == "40 operations"


def test_a_scene_without_a_choice_says_nothing_of_other_orders() -> None:
    check = {
        "title": "A read",
        "passed": False,
        "message": "m",
        "operations": 1,
        "level": 0,
        "failing": 1,
        "schedules": 1,
    }
    found = recording(race.race(), verdict={"exercise": "e", "checks": [check]}, source="")
    assert found["failure"]["detail"] == "1 operation"
    assert found["subtitle"] == "e · A read"


def test_a_replay_knows_its_one_check() -> None:
    failed = recording(race.race(), verdict={"exercise": "e", "title": "t", "message": "The rule."}, source="")[
        "failure"
    ]
    assert failed["rule"] == "The rule."
    assert failed["detail"] == "6 operations"


def test_without_a_stale_value_the_last_line_that_was_reached_is_marked() -> None:
    at = race.Recorder()
    at.start("Reader 1", "get_board", "EWR")
    at.get("Reader 1", race.miss(), line=14)
    at.query("Reader 1", None, line=16)
    code = recording(at.tape(), verdict={"message": "m"}, source=race.SUBMISSION)["failure"]["code"]
    assert [line[0] for line in code["lines"] if line[2]] == [16]
    assert code["gap"] == ""


def test_a_line_that_no_longer_exists_shows_no_code() -> None:
    assert recording(race.race(), verdict=race.VERDICT, source="x = 1\n")["failure"]["code"] is None


def test_a_long_function_is_cut_around_its_line() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(40))
    source = f"def get_board(cache, db, airport):\n{body}\n"
    code = recording(race.race(), verdict=race.VERDICT, source=source)["failure"]["code"]
    assert len(code["lines"]) <= 11
    assert any(line[2] for line in code["lines"])
