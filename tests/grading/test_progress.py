"""progress.json: half written, damaged, unreadable, changed by two at once: a sentence, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kit.grading import progress
from kit.grading.progress import Entry

WHOLE = json.dumps({"exercises": {"one": {"points": 4, "outcome": "wrong", "hints": 2}}}, indent=1) + "\n"


def add_one(entry: Entry) -> None:
    entry["points"] = entry.get("points", 0) + 1


def test_a_change_is_read_back_and_leaves_the_others(kit_home: Path) -> None:
    (kit_home / "progress.json").write_text(WHOLE)
    assert progress.change("two", add_one) is None
    assert progress.entry("one") == {"points": 4, "outcome": "wrong", "hints": 2}
    assert progress.entry("two") == {"points": 1}


def test_what_a_later_version_wrote_beside_it_is_kept(kit_home: Path) -> None:
    (kit_home / "progress.json").write_text('{"exercises": {"one": {"stars": 5}}, "colour": "blue"}')
    assert progress.change("one", add_one) is None
    assert json.loads((kit_home / "progress.json").read_text()) == {
        "exercises": {"one": {"stars": 5, "points": 1}},
        "colour": "blue",
    }


@pytest.mark.parametrize("cut", range(0, len(WHOLE.rstrip()), 9))
def test_a_half_written_file_counts_as_empty_and_is_kept(kit_home: Path, cut: int) -> None:
    (kit_home / "progress.json").write_text(WHOLE[:cut])
    assert progress.read() == {"exercises": {}}
    assert (kit_home / "progress.json").read_text() == WHOLE[:cut]  # reading changes nothing
    said = progress.change("one", add_one)
    (aside,) = kit_home.glob("progress.*.damaged.json")
    assert said is not None
    assert str(aside) in said
    assert aside.read_text() == WHOLE[:cut]
    assert progress.entry("one") == {"points": 1}


@pytest.mark.parametrize(
    "text",
    [
        "[]", "null", '{"exercises": []}', '{"exercises": {"one": 3}}', '{"exercises": {"one": {"points": "four"}}}',
        '{"exercises": {"one": {"passed": 1}}}', '{"exercises": {"one": {"hints": null}}}', "\x00", "[" * 100_000,
    ],
)  # fmt: skip
def test_json_that_is_not_ours_is_damage_too(kit_home: Path, text: str) -> None:
    (kit_home / "progress.json").write_text(text)
    assert progress.entry("one") == {}
    assert "was damaged; it is kept as" in (progress.mend() or "")
    assert progress.mend() is None
    assert not (kit_home / "progress.json").exists()


def test_two_damaged_files_in_one_second_are_both_kept(kit_home: Path) -> None:
    for text in ("first damage", "second damage"):
        (kit_home / "progress.json").write_text(text)
        progress.mend()
    assert sorted(one.read_text() for one in kit_home.glob("progress.*.damaged.json")) == [
        "first damage",
        "second damage",
    ]


def test_a_whole_file_is_no_damage_and_mending_writes_nothing(kit_home: Path) -> None:
    assert progress.mend() is None
    assert list(kit_home.iterdir()) == []
    (kit_home / "progress.json").write_text(WHOLE)
    assert progress.mend() is None
    assert [one.name for one in kit_home.iterdir()] == ["progress.json"]


def test_a_file_that_cannot_be_read_is_left_as_it_is(kit_home: Path) -> None:
    (kit_home / "progress.json").mkdir()  # an error of the system for root too
    assert "cannot be read (Is a directory); it counts as empty" in (progress.mend() or "")
    assert "could not be kept (Is a directory)" in (progress.change("one", add_one) or "")
    assert (kit_home / "progress.json").is_dir()


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KIT_HOME", str(tmp_path / "file" / "home"))
    assert progress.read() == {"exercises": {}}
    assert "could not be kept (Not a directory)" in (progress.change("one", add_one) or "")


def test_a_write_that_fails_leaves_the_old_text_and_no_litter(kit_home: Path) -> None:
    (kit_home / "progress.json").write_text(WHOLE)
    with pytest.raises(UnicodeEncodeError):
        progress.write_whole(kit_home / "progress.json", "half \ud800")
    assert (kit_home / "progress.json").read_text() == WHOLE
    assert [one.name for one in kit_home.iterdir()] == ["progress.json"]


def test_two_processes_at_once_lose_nothing(kit_home: Path) -> None:
    code = (
        "from kit.grading import progress\n"
        "for _ in range(200):\n"
        "    assert progress.change('one', lambda one: one.update(points=one.get('points', 0) + 1)) is None\n"
        "    assert progress.entry('one')['points'] > 0\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert progress.entry("one") == {"points": 400}


def test_a_file_set_aside_never_takes_a_name_that_is_taken(tmp_path: Path) -> None:
    names = []
    for number in range(3):
        (tmp_path / "work.py").write_text(str(number))
        names.append(progress.set_aside(tmp_path / "work.py", tmp_path / "backups"))
    assert [one.read_text() for one in names] == ["0", "1", "2"]


def test_a_file_that_is_gone_is_not_set_aside(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        progress.set_aside(tmp_path / "nothing.py", tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
