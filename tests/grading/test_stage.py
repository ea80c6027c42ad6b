"""The stage of an exercise: which rows its scenes start from, and whether its calls share one process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit.grading import exercise as exercises
from kit.grading.apart import Apart
from kit.grading.bench import Bench
from kit.grading.check import Stage
from kit.grading.exercise import Exercise, load
from kit.workloads.scene_rows import AIRPORTS, COMMON, MORNING
from kit.world.actors import LocalActors
from kit.world.choice import chooser
from kit.world.tape import Tape

WARM_UP = load("warm_up")
REMEMBERED = (WARM_UP.folder / "wrong" / "04_remembered.py").read_text(encoding="utf-8")


def tapes(exercise: Exercise, source: str) -> list[Tape]:
    """The tape of each scene, played in this process."""
    bench = Bench(exercise, source, LocalActors(exercise.submission(source)))
    return [bench.play(part, chooser(())).tape for check in exercise.checks for part in check.parts]


@pytest.fixture
def each_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exercise:
    """The warm-up as if every call were a process of its own."""
    folder = tmp_path / "course" / "warm_up"
    shutil.copytree(WARM_UP.folder, folder)
    text = (folder / "checks.py").read_text(encoding="utf-8")
    (folder / "checks.py").write_text(text.replace(", one_process=True", ""), encoding="utf-8")
    monkeypatch.setattr(exercises, "ROOT", folder.parent)
    return load("warm_up")


def test_an_exercise_that_names_no_stage_has_the_common_one() -> None:
    stage = load("invalidate_on_write").stage
    assert stage == Stage() == Stage(rows=COMMON, airports=AIRPORTS, one_process=False)
    assert WARM_UP.stage == Stage(rows=MORNING, one_process=True)


def test_what_a_module_keeps_outlives_a_call_only_in_one_process(each_for_itself: Exercise) -> None:
    asked = {
        name: sum(op.peer == "store" and op.name == "query" for op in tapes(one, REMEMBERED)[-1])
        for name, one in (("one process", WARM_UP), ("each for itself", each_for_itself))
    }
    assert asked == {"one process": 1, "each for itself": 2}


def test_nothing_is_kept_from_one_schedule_to_the_next() -> None:
    bench = Bench(WARM_UP, REMEMBERED, LocalActors(WARM_UP.submission(REMEMBERED)))
    part = WARM_UP.checks[-1].parts[0]
    assert bench.play(part, chooser(())).tape == bench.play(part, chooser(())).tape


@pytest.mark.parametrize("file", ["solution.py", "wrong/04_remembered.py", "wrong/02_empty_list_raises.py"])
def test_a_child_and_this_process_come_to_the_same_tapes(file: str) -> None:
    source = (WARM_UP.folder / file).read_text(encoding="utf-8")
    actors = Apart(WARM_UP.submission(source), limit_s=WARM_UP.limit_s)
    try:
        bench = Bench(WARM_UP, source, actors)
        judged = [bench.play(part, chooser(())).tape for check in WARM_UP.checks for part in check.parts]
    finally:
        actors.end()
    assert [one.dumps() for one in judged] == [one.dumps() for one in tapes(WARM_UP, source)]
