"""A checks.py that builds on another exercise's: its scenes and rules, and a digest that covers both."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.grading import exercise
from kit.grading.exercise import ExerciseError, load, sibling
from kit.grading.judge import check

VARIANT = """
from kit.grading.check import Check, Part
from kit.grading.exercise import sibling

lazy = sibling("lazy_loading")


def one_airport(world):
    lazy.boards(world, "LGA")
    world.call(lazy.READ, "LGA")


CHECKS = (
    *(one for one in lazy.CHECKS if one.id in ("answer", "empty")),
    Check("again", "One airport", 1, False, "always", (Part(one_airport),), lazy.answer_holds),
)
"""


@pytest.fixture
def variant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of two exercises, the second built on the first; the folder of the course."""
    original = load("lazy_loading").folder
    for name in ("lazy_loading", "variant"):
        (tmp_path / name).mkdir()
        for file in ("exercise.toml", "stub.py", "solution.py", "README.md", "checks.py"):
            (tmp_path / name / file).write_text((original / file).read_text("utf-8").replace("lazy_loading", name))
    (tmp_path / "variant" / "checks.py").write_text(VARIANT)
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    return tmp_path


def test_a_variant_is_judged_by_its_sibling_s_checks_and_its_own(variant: Path) -> None:
    one = load("variant")
    assert [each.id for each in one.checks] == ["answer", "empty", "again"]
    assert check(one, one.solution)["outcome"] == "correct"
    verdict = check(one, one.solution.replace("    if found is not None:", "    if found and json.loads(found):"))
    assert [each["passed"] for each in verdict["checks"]] == [True, False, True]
    assert verdict["trace"].startswith("k1.variant.empty.0.")


def test_the_digest_of_a_variant_changes_with_its_sibling_s_checks(variant: Path) -> None:
    before, sibling_before = load("variant").digest, load("lazy_loading").digest
    file = variant / "lazy_loading" / "checks.py"
    file.write_text(file.read_text("utf-8") + "\n# another scene\n")
    assert load("variant").digest != before
    assert load("lazy_loading").digest != sibling_before


def test_the_digest_of_an_exercise_on_its_own_is_that_of_its_file(variant: Path) -> None:
    import hashlib

    file = variant / "lazy_loading" / "checks.py"
    assert load("lazy_loading").digest == hashlib.sha256(file.read_bytes()).hexdigest()[:8]


def test_a_sibling_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(ExerciseError, match="no exercise 'lazy_laoding' has a"):
        sibling("lazy_laoding")


def test_no_scene_and_no_rule_of_lazy_loading_names_a_client() -> None:
    text = (load("lazy_loading").folder / "checks.py").read_text("utf-8").lower()
    assert not [word for word in ("redis", "memcache", "valkey") if word in text]
