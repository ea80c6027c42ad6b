"""The same checks with a real Valkey in the model's place, and checks that an instructor adds."""

from __future__ import annotations

import pytest

from kit.grading import exercise
from kit.grading.exercise import Exercise
from kit.grading.judge import check


@pytest.fixture
def task() -> Exercise:
    return exercise.load("invalidate_on_write")


def wrong(task: Exercise, name: str) -> str:
    return (task.folder / "wrong" / name).read_text(encoding="utf-8")


def only(task: Exercise, *names: str) -> Exercise:
    """The exercise with fewer checks, for a quicker verdict."""
    task.__dict__["checks"] = tuple(one for one in task.checks if one.id in names)
    return task


def run(verdict):
    return {one["id"]: one["passed"] for one in verdict["checks"]}


@pytest.mark.real("valkey")
def test_a_real_server_finds_the_textbooks_race_with_the_same_trace(task):
    only(task, "read", "slow_reader")
    modelled = check(task, wrong(task, "11_textbook.py"))
    real = check(task, wrong(task, "11_textbook.py"), engine="valkey")
    assert real["engine"] == "valkey"
    assert (real["outcome"], run(real)["slow_reader"]) == ("wrong", False)
    assert real["trace"] == modelled["trace"]


@pytest.mark.real("valkey")
def test_what_needs_the_models_clock_or_faults_is_not_run_on_a_real_server(task):
    only(task, "read", "ttl", "cache_down")
    found = run(check(task, wrong(task, "07_no_ttl.py"), engine="valkey"))
    assert [found[name] for name in ("ttl", "cache_down")] == [None, None]
    assert found["read"] is True


@pytest.mark.real("valkey")
def test_scripts_of_an_earlier_schedule_are_forgotten_by_the_real_server(task):
    """redis-py's Lock loads its script once a server: a second run would skip the NOSCRIPT of the first."""
    only(task, "read")
    found = check(task, wrong(task, "17_lock_of_redis_py.py"), engine="valkey")
    assert found["outcome"] != "not_repeatable"


@pytest.mark.real("valkey")
@pytest.mark.parametrize("name", ["05_renewed_early.py", "06_own_token.py"])
def test_what_a_real_server_answers_of_time_is_no_fault_of_the_submission(name):
    """Twice the same code, and the real PTTL is another one each time; the operator is the kit's on both engines."""
    lazy = only(exercise.load("lazy_loading"), "hit", "ttl", "race")
    verdict = check(lazy, (lazy.folder / "right" / name).read_text(encoding="utf-8"), engine="valkey")
    assert (verdict["outcome"], run(verdict)) == ("correct", {"hit": True, "ttl": None, "race": True})


def test_an_engine_that_the_exercise_does_not_run_on_is_refused(task):
    with pytest.raises(ValueError, match="model and valkey"):
        check(task, task.solution, engine="memcached")


def test_a_pack_of_checks_comes_behind_the_exercises_own(task, tmp_path, monkeypatch):
    pack = tmp_path / task.id
    pack.mkdir()
    (pack / "checks.py").write_text(
        "from kit.grading.check import Check, Part\n"
        "def scene(world):\n"
        "    world.call('get_board', 'JFK')\n"
        "CHECKS = (Check('polite', 'A board has three flights', 1, False, 'always', (Part(scene),),\n"
        "    lambda tape: next((f'it has {len(op.reply)}' for op in tape if op.name == 'answer'), None)),)\n"
    )
    digest = task.digest
    monkeypatch.setenv("KIT_CHECKS", str(tmp_path))
    more = exercise.load(task.id)
    assert [one.id for one in more.checks][-1] == "polite"
    assert more.digest != digest
    verdict = check(more, wrong(task, "03_dictionary_of_the_process.py"))
    assert verdict["checks"][-1]["passed"] is False
    assert verdict["checks"][-1]["message"] == "it has 3"


def test_a_pack_that_gives_no_checks_is_a_sentence(task, tmp_path, monkeypatch):
    (tmp_path / task.id).mkdir()
    (tmp_path / task.id / "checks.py").write_text("CHECK = ()\n")
    monkeypatch.setenv("KIT_CHECKS", str(tmp_path))
    with pytest.raises(exercise.ExerciseError, match="gives no CHECKS"):
        _ = exercise.load(task.id).checks
