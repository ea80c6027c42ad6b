"""Verdicts: what passes, what fails, whose fault it is; and that a pass needs evidence."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kit.grading import judge, token
from kit.grading.bench import Bench, CheckFault
from kit.grading.check import Bounds, Check, Part, Script, call
from kit.grading.exercise import Exercise, load
from kit.grading.mistake import mistake
from kit.grading.replay import replay
from kit.grading.search import Search
from kit.grading.verdict import exit_code
from kit.world.actors import LocalActors
from kit.world.choice import chooser
from kit.world.tape import Tape
from tests.world.worlds import at_random

EXERCISE = load("invalidate_on_write")
EMPTY = {
    "nothing": "",
    "two functions that do nothing": "def get_board(*a): pass\ndef post_delay(*a): pass\n",
    "an empty board": "def get_board(*a): return []\ndef post_delay(*a): return None\n",
    "the stub": EXERCISE.stub,
}


@pytest.fixture(autouse=True)
def home(kit_home: Path) -> Path:
    return kit_home


def text(name: str) -> str:
    return (EXERCISE.folder / name).read_text(encoding="utf-8")


def with_checks(*checks: Check) -> Exercise:
    """The exercise with other checks."""
    made = dataclasses.replace(EXERCISE)
    made.__dict__["checks"] = checks
    return made


def check_of(scene: Callable[[Script], None], holds: Callable[[Tape], str | None], **options: Any) -> Check:
    form: dict[str, Any] = {"points": 1, "hidden": False, "quantifier": "always", "parts": (Part(scene),)}
    return Check("one", "A rule", holds=holds, **{**form, **options})


def reads(script: Script) -> None:
    script.call("get_board", "JFK")


def first_failing(verdict: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in verdict["checks"] if one["passed"] is False)
    return found


# Evidence


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("check", EXERCISE.checks, ids=lambda check: check.id)
def test_the_empty_submission_fails_every_check(check: Check, name: str) -> None:
    bench = Bench(EXERCISE, EMPTY[name], LocalActors(EXERCISE.submission(EMPTY[name])))
    for part in check.parts:
        play, look = partial(bench.play, part), partial(bench.look, check)
        search = Search(play, look, part.bounds, part.faulty)
        if search.always().failure is not None:
            return
    pytest.fail(f"{check.id} passes {name}")


def test_the_stub_is_not_attempted_and_only_where_it_is_reached() -> None:
    verdict = judge.check(EXERCISE, EXERCISE.stub)
    assert (verdict["outcome"], exit_code(verdict), verdict["points"]) == ("not_attempted", 1, 0)
    assert {one["passed"] for one in verdict["checks"] if one["hidden"]} == {None}
    half = EXERCISE.stub.replace(
        "raise NotImplementedError", "return db.query(BOARD, airport=airport)", 1
    )  # fmt: skip
    assert judge.check(EXERCISE, half)["outcome"] == "wrong"


def test_a_scene_whose_call_never_answers_does_not_pass() -> None:
    source = "import threading\nLOCK = threading.Lock()\nLOCK.acquire()\ndef get_board(*a): LOCK.acquire()\n"
    verdict = judge.check(with_checks(check_of(reads, lambda tape: None)), source)
    assert verdict["outcome"] == "timed_out"
    assert verdict["points"] == 0


def test_a_scene_that_calls_nothing_is_a_fault_of_ours() -> None:
    verdict = judge.check(with_checks(check_of(lambda script: script.sleep(1), lambda tape: None)), EXERCISE.solution)
    assert (verdict["outcome"], exit_code(verdict)) == ("fault", 3)
    assert "a scene passed without an end" in first_failing(verdict)["message"]


def raises(tape: Tape) -> str | None:
    raise KeyError("a check with a hole")


def raises_late(tape: Tape) -> str | None:
    return str(tape.ops[99])


def breaks_the_script(script: Script) -> None:
    script.call("get_board", "JFK")
    script.call("get_board", "JFK", actor="Reader 1")


@pytest.mark.parametrize(
    ("scene", "holds"), [(reads, raises), (reads, raises_late), (breaks_the_script, lambda tape: None)]
)
def test_a_check_that_raises_is_a_fault_of_ours_and_never_the_learners(scene: Any, holds: Any) -> None:
    verdict = judge.check(with_checks(check_of(scene, holds)), EXERCISE.solution)
    assert (verdict["outcome"], exit_code(verdict)) == ("fault", 3)
    assert first_failing(verdict)["message"].startswith("the check itself is wrong, not your code: ")


def test_an_error_of_the_submission_is_not_a_fault_of_the_check() -> None:
    source = "def get_board(cache, db, airport): raise KeyError('mine')\n"
    verdict = judge.check(EXERCISE, source)
    assert verdict["outcome"] == "raised"
    assert "line 1: KeyError: 'mine'" in first_failing(verdict)["seen"]


# Order, points, and what is told


def test_a_right_file_passes_every_check_and_says_what_was_covered() -> None:
    verdict = judge.check(EXERCISE, EXERCISE.solution)
    assert (verdict["outcome"], exit_code(verdict), verdict["mistake"], verdict["trace"]) == ("correct", 0, None, None)
    assert verdict["points"] == verdict["max_points"] == sum(check.points for check in EXERCISE.checks)
    assert verdict["public"] == {"passed": 5, "total": 5}
    assert verdict["hidden"] == {"passed": 4, "total": 4}
    for check, told in zip(EXERCISE.checks, verdict["checks"], strict=True):
        assert len(told["coverage"]) == len(check.parts)
        for part, claim in zip(check.parts, told["coverage"], strict=True):
            kinds = part.bounds.words()
            explored = f"all orders of these actors, with {kinds}" if kinds else "all orders of these actors"
            assert claim in {explored, "the scene as it is told"}
    slow_reader = next(one for one in verdict["checks"] if one["id"] == "slow_reader")
    assert slow_reader["coverage"][0] == "all orders of these actors, with at most one leap and one expiry"
    assert slow_reader["coverage"][-1] == "all orders of these actors"
    assert all(claim in verdict["coverage"] for claim in slow_reader["coverage"])


def test_the_race_of_the_lesson_is_one_deviation_at_five_operations() -> None:
    verdict = judge.check(EXERCISE, text("wrong/12_delete_first.py"))
    assert first_failing(verdict)["id"] == "slow_reader"
    verdict = judge.check(EXERCISE, text("wrong/11_textbook.py"))
    failed = first_failing(verdict)
    assert (verdict["outcome"], failed["id"], failed["level"], failed["failing"]) == ("wrong", "slow_reader", 1, 1)
    assert verdict["trace"] == failed["trace"]
    found = token.parse(verdict["trace"])
    assert (found.exercise, found.check, found.part, found.choices) == (
        "invalidate_on_write", "slow_reader", 0, (0, 0, 1),
    )  # fmt: skip


def test_all_public_checks_run_and_hidden_ones_only_behind_them() -> None:
    verdict = judge.check(EXERCISE, text("wrong/11_textbook.py"))
    assert [one["passed"] for one in verdict["checks"]] == [True, True, True, True, False, None, None, None, None]
    assert verdict["public"] == {"passed": 4, "total": 5}
    assert verdict["hidden"] == {"passed": None, "total": 4}
    assert verdict["points"] == 8
    assert verdict["coverage"] == ""
    hidden = judge.check(EXERCISE, text("wrong/27_cache_errors_swallowed.py"))
    assert hidden["public"] == {"passed": 5, "total": 5}
    assert hidden["hidden"]["passed"] is not None
    failed = first_failing(hidden)
    assert (failed["hidden"], failed["trace"], hidden["trace"]) == (True, None, None)


def test_the_old_trace_is_tried_first() -> None:
    slow_reader = next(check for check in EXERCISE.checks if check.id == "slow_reader")
    race = with_checks(dataclasses.replace(slow_reader, parts=slow_reader.parts[:1]))
    textbook = text("wrong/11_textbook.py")
    old = judge.check(race, textbook)["trace"]
    assert judge.check(race, textbook, previous=old)["previous"] == {"trace": old, "passes": False}
    assert judge.check(race, EXERCISE.solution, previous=old)["previous"] == {"trace": old, "passes": True}
    for other in ("nonsense", old.replace("slow_reader", "no_such_check"), old.replace(EXERCISE.digest, "00000000")):
        assert judge.check(race, textbook, previous=other)["previous"] is None


def test_a_goal_is_reached_in_a_schedule_or_missed_in_all() -> None:
    def scene(script: Script) -> None:
        script.explore({"A": [call("get_board", "JFK")], "B": [call("get_board", "LGA")]})

    def apart(tape: Tape) -> str | None:
        names = [op.actor for op in tape if op.peer == "store"]
        return None if names[:2] == ["B", "A"] else "LGA was never answered before JFK."

    form: dict[str, Any] = {"quantifier": "sometimes", "parts": (Part(scene, Bounds(leaps=0)),)}
    plain = (
        "def get_board(cache, db, airport): return db.query('SELECT id FROM flights WHERE origin = :a', a=airport)\n"
    )
    reached = judge.check(with_checks(check_of(scene, apart, **form)), plain)
    assert (reached["outcome"], reached["coverage"]) == ("correct", "reached in a schedule")
    never = judge.check(with_checks(check_of(scene, lambda tape: "never", **form)), plain)
    assert (never["outcome"], first_failing(never)["message"]) == ("wrong", "never")


# Mistakes


def test_two_spellings_of_one_idea_are_one_mistake() -> None:
    first = judge.check(EXERCISE, text("wrong/11_textbook.py"))
    other = (
        text("wrong/11_textbook.py")
        .replace("board:", "tafel/")
        .replace("found", "was_da")
        .replace("ex=60", "px=59_000")
    )
    second = judge.check(EXERCISE, other)
    assert second["mistake"] == first["mistake"]
    assert second["trace"] != first["trace"]  # another submission


def test_a_mistake_knows_no_names_keys_or_values() -> None:
    bench = Bench(EXERCISE, "", LocalActors(EXERCISE.submission(text("wrong/11_textbook.py"))))
    part = next(check for check in EXERCISE.checks if check.id == "slow_reader").parts[0]
    ident, steps = mistake("slow_reader", bench.play(part, chooser((0, 0, 1))).tape)
    assert len(ident) == 8
    assert steps[:5] == [
        ("get_board", "cache", "miss"), ("get_board", "store", "read"), ("post_delay", "store", "read"),
        ("post_delay", "store", "changed+committed"), ("post_delay", "cache", "write"),
    ]  # fmt: skip
    assert mistake("other", [])[0] != mistake("slow_reader", [])[0]


# Rules that stay broken


def test_a_rule_once_broken_stays_broken() -> None:
    """Every rule on tapes of every kind of scene, in schedules with any fault, death or expiry at all."""
    broken: Counter[str] = Counter()
    for name in ("wrong/11_textbook.py", "wrong/16_lock_that_ends.py", "wrong/27_cache_errors_swallowed.py",
                 "wrong/29_set_then_expire.py", "wrong/01_empty_is_a_miss.py", "right/05_lease.py"):  # fmt: skip
        bench = Bench(EXERCISE, "", LocalActors(EXERCISE.submission(text(name))))
        for number, played in enumerate(EXERCISE.checks):
            tape = bench.play(played.parts[-1], at_random(number, 0.3)).tape
            for check in EXERCISE.checks:
                told = [check.holds(tape.prefix(length)) is not None for length in range(len(tape) + 1)]
                assert told == sorted(told), (name, check.id, tape.scene, tape.choices)
                broken[check.id] += told[-1]
    assert sum(broken.values()) > 20
    assert len(+broken) >= 6  # of nine rules


def test_every_prefix_of_a_right_files_tape_passes() -> None:
    for name in ("right/01_token_in_one_trip.py", "right/05_lease.py"):
        bench = Bench(EXERCISE, "", LocalActors(EXERCISE.submission(text(name))))
        for check in EXERCISE.checks:
            for part in check.parts:
                for choices in ((), (0, 1)) if part.bounds.switches != 0 else ((),):
                    run = bench.play(part, chooser(choices))
                    if choices and not _within(part, run.points[1].chosen.kind if len(run.points) > 1 else "end"):
                        continue
                    for length in range(0, len(run.tape) + 1, 3):
                        assert check.holds(run.tape.prefix(length)) is None, (check.id, part.scene.__name__)


def _within(part: Part, kind: str) -> bool:
    return kind in ("run", "switch") or (kind == "expire" and part.bounds.expiries > 0)


def test_the_trace_stops_at_the_record_at_which_the_rule_is_first_broken() -> None:
    verdict = judge.check(EXERCISE, text("wrong/11_textbook.py"))
    found = replay(verdict["trace"])
    assert found.message == first_failing(verdict)["message"]
    assert len(found.tape) < len(found.whole)
    assert found.check.holds(found.tape) is not None
    assert found.check.holds(found.tape.prefix(len(found.tape) - 1)) is None


def test_a_scene_that_breaks_in_the_judge_is_not_swallowed() -> None:
    bench = Bench(EXERCISE, "", LocalActors(EXERCISE.submission(EXERCISE.solution)))
    with pytest.raises(CheckFault, match="two actors of one scene"):
        bench.play(Part(breaks_the_script), chooser(()))
