"""The learner's own seed, and which text of theirs has passed."""

from __future__ import annotations

import json

import pytest

from kit.grading import progress, seed


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_HOME", str(tmp_path))


def test_the_seed_that_was_drawn_first_stays():
    assert seed.of_the_learner(lambda: 4711) == 4711
    assert seed.of_the_learner(lambda: 12) == 4711


def test_a_seed_does_not_disturb_what_is_recorded_and_is_not_disturbed_by_it():
    progress.change("lazy_loading", lambda entry: entry.update(points=3))
    seed.of_the_learner(lambda: 7)
    progress.change("lazy_loading", lambda entry: entry.update(points=4))
    assert seed.of_the_learner(lambda: 8) == 7
    assert progress.entry("lazy_loading")["points"] == 4


@pytest.mark.parametrize("nonsense", ["4711", -1, 65_536, True, 1.5, None])
def test_a_seed_that_is_none_is_drawn_again(nonsense):
    progress.path().write_text(json.dumps({"exercises": {}, "seed": nonsense}))
    assert seed.of_the_learner(lambda: 9) == 9


def test_where_nothing_can_be_kept_the_seed_of_the_course_serves(tmp_path, monkeypatch):
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("KIT_HOME", str(tmp_path / "a file" / "home"))
    assert seed.of_the_learner(lambda: 9) == seed.COURSE


def test_a_text_that_passed_is_known_by_its_digest_until_another_one_passes():
    verdict = {
        "exercise": "lazy_loading", "engine": "model", "outcome": "correct", "points": 8, "trace": None,
        "previous": None,
    }  # fmt: skip
    progress.record(verdict, "one")
    assert progress.entry("lazy_loading")["right"] == progress.text_digest(b"one")
    progress.record(verdict | {"outcome": "wrong"}, "two")
    assert progress.entry("lazy_loading")["right"] == progress.text_digest("one")
    progress.record(verdict, b"three")
    assert progress.entry("lazy_loading")["right"] == progress.text_digest("three")
