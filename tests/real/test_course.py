"""The learner's copies of the notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.cache.clock import ManualClock
from kit.real.course import bring_up_to_date, keep_a_copy, start_page

CLOCK = ManualClock(1_362_700_800_000_000)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "00_start.ipynb").write_text("start, first edition")
    (folder / "05_races.ipynb").write_text("races, first edition")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "work"


def test_first_use_copies_everything(shipped: Path, home: Path) -> None:
    assert bring_up_to_date(shipped, home, CLOCK) == ["new: 00_start.ipynb", "new: 05_races.ipynb"]
    assert (home / "notebooks" / "05_races.ipynb").read_text() == "races, first edition"
    assert not (home / "backups").exists()


def test_a_second_use_does_nothing(shipped: Path, home: Path) -> None:
    bring_up_to_date(shipped, home, CLOCK)
    (home / "notebooks" / "05_races.ipynb").write_text("the learner's")
    assert bring_up_to_date(shipped, home, CLOCK) == []
    assert (home / "notebooks" / "05_races.ipynb").read_text() == "the learner's"


def test_an_update_replaces_an_untouched_copy_without_a_backup(shipped: Path, home: Path) -> None:
    bring_up_to_date(shipped, home, CLOCK)
    (shipped / "05_races.ipynb").write_text("races, second edition")
    assert bring_up_to_date(shipped, home, CLOCK) == ["updated: 05_races.ipynb"]
    assert (home / "notebooks" / "05_races.ipynb").read_text() == "races, second edition"
    assert not (home / "backups").exists()


def test_an_update_keeps_a_dated_copy_of_what_the_learner_changed(shipped: Path, home: Path) -> None:
    bring_up_to_date(shipped, home, CLOCK)
    mine = home / "notebooks" / "05_races.ipynb"
    for edition in ("second", "third"):
        mine.write_text(f"the learner's, before the {edition}")
        (shipped / "05_races.ipynb").write_text(f"races, {edition} edition")
        (said,) = bring_up_to_date(shipped, home, CLOCK)
        assert said.startswith("updated: 05_races.ipynb; yours is kept as backups/05_races.2013-03-0")
        assert mine.read_text() == f"races, {edition} edition"
    # Two in the same second stand side by side.
    kept = sorted(path.read_text() for path in (home / "backups").iterdir())
    assert kept == ["the learner's, before the second", "the learner's, before the third"]


@pytest.mark.parametrize("record", [None, "", "not json", "[]"])
def test_a_lost_record_loses_no_work(shipped: Path, home: Path, record: str | None) -> None:
    bring_up_to_date(shipped, home, CLOCK)
    (home / "notebooks" / "05_races.ipynb").write_text("the learner's")
    lost = home / "notebooks" / ".shipped.json"
    lost.unlink() if record is None else lost.write_text(record)
    bring_up_to_date(shipped, home, CLOCK)
    (kept,) = (home / "backups").iterdir()
    assert kept.read_text() == "the learner's"


def test_a_deleted_copy_comes_back(shipped: Path, home: Path) -> None:
    bring_up_to_date(shipped, home, CLOCK)
    (home / "notebooks" / "05_races.ipynb").unlink()
    assert bring_up_to_date(shipped, home, CLOCK) == ["new: 05_races.ipynb"]


def test_a_notebook_of_the_learners_own_is_left_alone(shipped: Path, home: Path) -> None:
    bring_up_to_date(shipped, home, CLOCK)
    (home / "notebooks" / "mine.ipynb").write_text("mine")
    assert bring_up_to_date(shipped, home, CLOCK) == []
    assert (home / "notebooks" / "mine.ipynb").read_text() == "mine"


def test_a_dated_copy_never_takes_a_name_that_is_there(home: Path) -> None:
    home.mkdir()
    path = home / "file.py"
    path.write_text("text")
    assert len({keep_a_copy(path, home, CLOCK) for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["05_races", "00_start", "index"], "00_start.ipynb"),
        (["05_races", "00_start", "09_sessions"], "00_start.ipynb"),
        (["05_races"], "05_races.ipynb"),
        ([], None),
    ],
)
def test_the_start_page_opens_first(tmp_path: Path, names: list[str], first: str | None) -> None:
    for name in names:
        (tmp_path / f"{name}.ipynb").touch()
    assert start_page(tmp_path) == first
