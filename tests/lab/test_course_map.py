"""The map: nineteen lessons in five legs, links only to what is there, points as they were recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.grading import exercise, progress
from kit.lab import course
from kit.lab.places import CLONE
from kit.views.course import Leg, Score, Stop, course_map, plain, sentence, whereabouts


def test_nineteen_lessons_are_numbered_in_order() -> None:
    numbers = [stop.number for leg in course.legs() for stop in leg.stops]
    assert numbers == [f"{number:02d}" for number in range(19)]


def test_the_map_links_only_what_is_there() -> None:
    html = course_map(course.legs(), {}, "05")
    links = re.findall(r'href="([^"]+)"', html)
    assert links == [path.name for path in sorted((CLONE / "notebooks").glob("[0-9]*.ipynb"))]
    assert links[0] == "00_start_here.ipynb"
    assert html.count("being written") == 19 - len(links) + 1  # and once in the legend


def test_points_are_those_that_were_recorded(kit_home: Path) -> None:
    assert course.scores() == {}
    progress.change("invalidate_on_write", lambda entry: entry.update(points=8))
    assert course.scores() == {"05": Score(8, 20, False)}
    assert "You are in lesson 05, Keeping it true: 8 of 20 points." in plain(course.legs(), course.scores(), "05")


def test_a_finished_lesson_is_done_by_glyph_and_word() -> None:
    legs = (Leg("One", (Stop("00", "First", "00.ipynb"), Stop("01", "Second"))),)
    html = course_map(legs, {"00": Score(4, 4)}, "00")
    assert 'data-mark="✓"' in html
    assert "done, 4/4 points" in html
    assert sentence(legs, {"00": Score(4, 4)}, "00") == "Lesson 00, First, is done: 4 of 4 points."
    assert sentence(legs, {}, "00") == "Begin with lesson 00, First."


def test_the_best_score_of_a_second_task_stands_beside_the_points(kit_home: Path) -> None:
    progress.change("invalidate_on_write", lambda entry: entry.update(points=20, passed=True, score=63))
    assert course.scores() == {"05": Score(20, 20, True, 63)}
    assert "done, 20/20 points, second task 63" in course_map(course.legs(), course.scores(), "05")


def test_a_lesson_with_two_exercises_is_not_done_by_one(
    kit_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = exercise.load("invalidate_on_write")
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "checks.py").write_bytes((real.folder / "checks.py").read_bytes())
        toml = (real.folder / "exercise.toml").read_text(encoding="utf-8").replace(f'"{real.id}"', f'"{name}"')
        (tmp_path / name / "exercise.toml").write_text(toml, encoding="utf-8")
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    progress.change("one", lambda entry: entry.update(points=20, passed=True))
    assert course.scores() == {"05": Score(20, 40, False)}
    assert not course.scores()["05"].done


def test_a_lesson_without_points_is_done_when_its_exercise_has_passed(kit_home: Path) -> None:
    legs = (Leg("One", (Stop("00", "Start here", "00.ipynb"),)),)
    progress.change("warm_up", lambda entry: entry.update(points=0, outcome="wrong", passed=False))
    begun = course.scores()
    assert sentence(legs, begun, "00") == "You are in lesson 00, Start here."
    assert "now, no points" in course_map(legs, begun, "00")
    progress.change("warm_up", lambda entry: entry.update(outcome="correct", passed=True))
    done = course.scores()
    assert sentence(legs, done, "00") == "Lesson 00, Start here, is done."
    assert "done, no points" in course_map(legs, done, "00")
    assert "<b>1</b> done</span>" in course_map(legs, done, "00")
    assert "0/0" not in course_map(legs, begun, "00") + course_map(legs, done, "00")


def test_a_title_is_shown_as_text() -> None:
    legs = (Leg("<i>", (Stop("00", "<b>", '"x'),)),)
    html = course_map(legs, {}, "00")
    assert "<i>" not in html
    assert "<b>00" not in html
    assert 'href="&quot;x"' in html


def test_one_is_where_one_has_begun_else_at_the_first_lesson_not_begun_else_at_the_last() -> None:
    stops = (Stop("00", "First", "00.ipynb"), Stop("01", "Second"), Stop("02", "Third", "02.ipynb"))
    legs = (Leg("One", stops),)
    assert whereabouts(legs, {}) == "00"
    assert whereabouts(legs, {"02": Score(1, 4)}) == "02"
    assert whereabouts(legs, {"00": Score(0, 0, True)}) == "02"
    assert sentence(legs, {"00": Score(0, 0, True)}, "02") == "Next: lesson 02, Third."
    assert whereabouts(legs, {"00": Score(0, 0, True), "02": Score(4, 4)}) == "02"
