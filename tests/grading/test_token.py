"""Tokens: what stands in one, and what happens to a text that is none or no longer fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.grading import judge
from kit.grading.exercise import ExerciseError, load
from kit.grading.replay import replay
from kit.grading.token import Token, TokenError, digest, parse
from kit.grading.traces import keep, kept

HEX = "0123456789abcdef"
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=20)
TOKENS = st.builds(
    Token, NAMES, NAMES, st.integers(0, 99), st.integers(0, 10**6), st.text(HEX, min_size=8, max_size=8),
    st.text(HEX, min_size=12, max_size=12),
    st.lists(st.integers(0, 999), max_size=20).filter(lambda found: not found or found[-1] != 0).map(tuple),
)  # fmt: skip
GOOD = "k1.invalidate_on_write.slow_reader.0.0.0a1b2c3d.0123456789ab.0-0-1"


@given(TOKENS)
def test_a_token_comes_back_from_its_text(token: Token) -> None:
    assert parse(str(token)) == token
    assert parse(f"  {token}\n") == token


@pytest.mark.parametrize(
    "text",
    [
        "", "k1", "k2" + GOOD[2:], GOOD[:-6], GOOD + "-", GOOD + "-x", GOOD.replace("0a1b2c3d", "0a1b2c3"),
        GOOD.replace(".0.0.", ".-1.0."), GOOD.replace("slow_reader", "Slow Reader"), GOOD + ".", "../" + GOOD,
        GOOD.replace("0-0-1", "9" * 6_000), GOOD.replace(".0.0.", f".{'9' * 6_000}.0."), "\0" + GOOD,
        GOOD.replace("0-0-1", "٣"),
    ],
)  # fmt: skip
def test_what_is_no_token_is_told_what_one_looks_like(text: str) -> None:
    with pytest.raises(TokenError, match=r"is no token of this kit\. A token begins with k1") as told:
        parse(text)
    assert len(str(told.value)) < 400


def test_the_digest_is_of_the_text_whatever_it_holds() -> None:
    assert digest("x") != digest("y")
    assert len(digest("\udc80")) == 12


@pytest.fixture
def trace(kit_home: Path) -> str:
    exercise = load("invalidate_on_write")
    source = (exercise.folder / "wrong/11_textbook.py").read_text(encoding="utf-8")
    found: str = judge.check(exercise, source)["trace"]
    return found


def test_a_token_plays_its_schedule_again_and_again(trace: str) -> None:
    first, second = replay(trace), replay(trace)
    assert first.whole == second.whole
    assert first.whole.choices == parse(trace).choices
    assert first.message is not None
    assert first.source == kept(parse(trace).submission).read_text(encoding="utf-8")


def test_another_submission_can_be_played_along_the_same_schedule(trace: str) -> None:
    found = replay(trace, source=load("invalidate_on_write").solution)
    assert found.message is None
    assert found.tape == found.whole


def test_another_schedule_of_the_same_part_can_be_played(trace: str) -> None:
    found = replay(trace, choices=(0, 1))
    assert found.whole.choices == (0, 1)
    assert replay(trace, choices=()).message is None


def test_a_token_of_other_scenes_is_told(trace: str) -> None:
    with pytest.raises(TokenError, match="was made for other scenes of invalidate_on_write"):
        replay(trace.replace(parse(trace).scene, "00000000"))


def test_a_token_of_a_check_or_part_that_is_not_there_is_told(trace: str) -> None:
    for other in (trace.replace("slow_reader", "fast_reader"), trace.replace(".0.0.", ".7.0.")):
        with pytest.raises(TokenError, match="has no check"):
            replay(other)
    with pytest.raises(ExerciseError, match=r"Did you mean invalidate_on_write\?"):
        replay(trace.replace("invalidate_on_write", "invalidate_on_writes"))


def test_a_submission_that_is_not_here_is_asked_for(trace: str) -> None:
    kept(parse(trace).submission).unlink()
    with pytest.raises(TokenError, match="give its file"):
        replay(trace)


def test_a_later_edit_changes_no_replay(kit_home: Path) -> None:
    name = keep("x = 1\n")
    kept(name).write_text("x = 1\n# the learner's own note\n")
    assert keep("x = 1\n") == name
    assert keep("x = 2\n") != name


def test_a_disk_that_cannot_be_written_costs_the_replay_and_not_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KIT_HOME", str(tmp_path / "file" / "home"))
    assert keep("x = 1\n") == digest("x = 1\n")
    exercise = load("invalidate_on_write")
    verdict = judge.check(exercise, (exercise.folder / "wrong/11_textbook.py").read_text(encoding="utf-8"))
    assert verdict["outcome"] == "wrong"
