"""`kit watch`: one check a save, keys, and what happens while a check runs; no test sleeps."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from small_course import STUB, Write

from kit.cache.clock import ManualClock
from kit.cli.watch import POLL_S, SETTLED_US, Watch
from kit.grading import exercise, progress, work
from kit.grading.exercise import Exercise

Event = str | Callable[[], object] | None
TICKS = (None,) * (int(SETTLED_US / 1e6 / POLL_S) + 2)  # long enough for a save to settle


class Typist:
    """A keyboard that follows a script: a key, something that happens meanwhile, or nothing for a moment."""

    there = True

    def __init__(self, clock: ManualClock, *script: Event) -> None:
        self.clock, self.script = clock, [*script]
        self.typed: list[str] = []

    def key(self, within_s: float) -> str | None:
        self.clock.advance(int(within_s * 1_000_000))
        if self.typed:
            return self.typed.pop(0)
        event = self.script.pop(0) if self.script else "q"
        if callable(event):
            event()
            return None
        return event

    def drop(self) -> None:
        self.typed.clear()


class Diary:
    """Verbs that write down when they were called; `during` happens while a check runs."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.during: list[Callable[[], object]] = []

    def check(self, exercise: Exercise) -> None:
        self.done.append(f"check {work.read(work.path(exercise)).decode().strip()[-1:]}")
        if self.during:
            self.during.pop(0)()

    def hint(self, exercise: Exercise) -> None:
        self.done.append("hint")

    def list(self) -> None:
        self.done.append("list")

    def reset(self, exercise: Exercise) -> None:
        self.done.append("reset")
        work.reset(exercise)

    def following(self, exercise: Exercise) -> Exercise | None:
        self.done.append("next")
        return None


@pytest.fixture
def watched(course: Path, kit_home: Path) -> Callable[..., list[str]]:
    """Watch `first` along a script; returns what was done."""

    def watch(*script: Event, diary: Diary | None = None, typist: Typist | None = None) -> list[str]:
        clock, diary = ManualClock(), diary or Diary()
        keys = typist or Typist(clock, *script)
        Watch(exercise.load("first"), diary, keys, keys.clock, say=lambda text: None).run()
        return diary.done

    return watch


def test_it_makes_the_file_checks_once_and_ends_at_q(watched: Callable[..., list[str]], kit_home: Path) -> None:
    assert watched("q") == ["check r"]
    assert (kit_home / "exercises" / "first.py").read_text() == STUB


def test_each_save_is_checked_once(watched: Callable[..., list[str]], mine: Write) -> None:
    mine("0")
    assert watched(*TICKS, lambda: mine("1"), *TICKS, *TICKS, lambda: mine("2"), *TICKS) == [
        "check 0",
        "check 1",
        "check 2",
    ]


def test_a_save_in_two_steps_is_one_check(watched: Callable[..., list[str]], mine: Write) -> None:
    mine("0")
    assert watched(lambda: mine(""), lambda: mine("1"), lambda: mine("22"), *TICKS) == ["check 0", "check 2"]


def test_a_file_written_beside_and_renamed_is_a_save(watched: Callable[..., list[str]], mine: Write) -> None:
    file = mine("0")

    def replace() -> None:
        beside = file.with_suffix(".new")
        beside.write_text("1")
        os.utime(beside, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))  # even with the old time
        beside.replace(file)

    assert watched(replace, *TICKS) == ["check 0", "check 1"]


def test_a_file_that_is_gone_is_waited_for(watched: Callable[..., list[str]], mine: Write) -> None:
    file = mine("0")
    assert watched(file.unlink, *TICKS, *TICKS, lambda: mine("1"), *TICKS) == ["check 0", "check 1"]


def test_a_save_during_a_check_is_checked_after_it(watched: Callable[..., list[str]], mine: Write) -> None:
    mine("0")
    diary = Diary()
    diary.during.append(lambda: mine("1"))
    assert watched(*TICKS, diary=diary) == ["check 0", "check 1"]


def test_keys_do_what_they_say(watched: Callable[..., list[str]], mine: Write) -> None:
    mine("0")
    assert watched("r", "h", "l", "n", "z", "q") == ["check 0", "check 0", "hint", "list", "next"]


def test_a_reset_is_no_save(watched: Callable[..., list[str]], mine: Write, kit_home: Path) -> None:
    mine("0")
    assert watched("x", *TICKS) == ["check 0", "reset"]
    assert len(list((kit_home / "backups").iterdir())) == 1


def test_what_is_typed_during_a_check_is_dropped(watched: Callable[..., list[str]], mine: Write) -> None:
    mine("0")
    diary, typist = Diary(), Typist(ManualClock(), None, "h")
    diary.during.append(lambda: typist.typed.extend("xxlq"))
    assert watched(diary=diary, typist=typist) == ["check 0", "hint"]


def test_next_goes_on_to_the_following_exercise(watched: Callable[..., list[str]], mine: Write, kit_home: Path) -> None:
    class Onwards(Diary):
        def following(self, one: Exercise) -> Exercise | None:
            return exercise.load("second") if one.id == "first" else None

    mine("0")
    script = ("n", lambda: mine("1"), *TICKS, lambda: mine("2", "second"), *TICKS)
    assert watched(*script, diary=Onwards()) == ["check 0", "check r", "check 2"]
    assert (kit_home / "exercises" / "second.py").exists()


def test_next_at_the_end_of_the_course_is_a_word(course: Path, kit_home: Path) -> None:
    for ident in ("first", "second"):
        progress.change(ident, lambda entry: entry.update(passed=True))
    said: list[str] = []
    clock = ManualClock()
    Watch(exercise.load("first"), Diary(), Typist(clock, "n"), clock, said.append).run()
    assert "That was the last one: every exercise that is here passes." in said


def test_a_file_that_is_refused_is_a_sentence_and_the_watch_goes_on(
    watched: Callable[..., list[str]], mine: Write, kit_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = mine("0")

    def turned() -> None:
        file.unlink()
        file.symlink_to(kit_home / "elsewhere.py")

    def back() -> None:
        file.unlink()
        mine("1")

    assert watched(turned, *TICKS, back, *TICKS) == ["check 0", "check 1"]
    assert "first.py is a symbolic link; name the file itself." in capsys.readouterr().err


def test_the_bar_names_the_keys_only_where_there_are_some(course: Path, kit_home: Path) -> None:
    clock = ManualClock()
    for there, words in ((True, "n next · r run · h hint · l list · x reset · q quit"), (False, "Ctrl-C ends it")):
        said: list[str] = []
        typist = Typist(clock)
        typist.there = there
        Watch(exercise.load("first"), Diary(), typist, clock, said.append).run()
        assert words in said[-1]
