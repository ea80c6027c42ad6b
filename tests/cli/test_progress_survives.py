"""The record of progress, spoilt in every way: a verb and the start page go on, say so in a sentence, lose nothing."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_course import RIGHT, Run, Write

from kit.grading import progress
from kit.lab import course as start_page

ORDINARY = 54_322  # an id that nobody has
WHOLE = json.dumps({"exercises": {"first": {"points": 2, "outcome": "wrong", "attempts": 4}}})
SPOILT = {
    "empty": b"",
    "half written": WHOLE[:31].encode(),
    "garbage": bytes(range(256)) * 4,
    "another kind of JSON": b"[1, 2]",
    "a wrong type inside": b'{"exercises": {"first": {"points": "many"}}}',
    "nested without an end": b"[" * 100_000,
}
NEWER = json.dumps({"format": 7, "exercises": {"first": {"points": {"best": 2}}}})


@contextmanager
def _ordinary_user() -> Iterator[None]:
    """File permissions bind an ordinary user; root would pass them by."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(ORDINARY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def _full_disk(most_bytes: int) -> Iterator[None]:
    """No file of ours may grow beyond so many bytes: writes fail half-way, as on a full disk."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    os.chmod(folder, 0o555)
    try:
        with _ordinary_user():
            yield
    finally:
        os.chmod(folder, 0o755)


@pytest.mark.parametrize("text", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_record_is_kept_under_a_dated_name_and_the_list_goes_on(
    course: Path, kit: Run, kit_home: Path, text: bytes
) -> None:
    (kit_home / "progress.json").write_bytes(text)
    found = kit("list")
    assert found.exit_code == 0
    assert "Next: kit check first" in found.stdout
    (aside,) = kit_home.glob("progress.*.damaged.json")
    assert aside.read_bytes() == text
    assert f"it is kept as {aside}" in found.stderr.replace("\n", " ").replace("  ", " ")


def test_a_verdict_over_a_spoilt_record_counts_and_the_old_file_stays(
    course: Path, kit: Run, kit_home: Path, mine: Write
) -> None:
    mine(RIGHT)
    (kit_home / "progress.json").write_text(WHOLE[:31])
    found = kit("check", "first")
    assert found.exit_code == 0
    assert "rogress.json was damaged" in found.stderr
    assert progress.entry("first")["passed"] is True
    assert [one.read_text() for one in kit_home.glob("progress.*.damaged.json")] == [WHOLE[:31]]


def test_the_record_of_a_newer_kit_is_left_as_it_is_and_that_is_said(
    course: Path, kit: Run, kit_home: Path, mine: Write
) -> None:
    mine(RIGHT)
    (kit_home / "progress.json").write_text(NEWER)
    found = kit("check", "first")
    words = " ".join(found.stderr.split())
    assert found.exit_code == 0
    assert "rogress.json is of format 7 and this kit knows 1: update the kit" in words
    assert "our progress could not be kept" in words
    assert (kit_home / "progress.json").read_text() == NEWER
    assert not list(kit_home.glob("*.damaged.json"))


def test_on_a_full_disk_the_verdict_is_given_and_the_record_is_the_old_one(
    course: Path, kit: Run, kit_home: Path, mine: Write
) -> None:
    mine(RIGHT)
    (kit_home / "progress.json").write_text(WHOLE)
    with _full_disk(16):
        found = kit("check", "first")
    assert found.exit_code == 0, found.output
    assert "our progress could not be kept (File too large)" in " ".join(found.stderr.split())
    assert (kit_home / "progress.json").read_text() == WHOLE
    assert not list(kit_home.glob(".progress.json.*")), "half a file was left behind"


def test_a_spoilt_record_on_a_full_disk_is_kept_and_both_are_said(kit_home: Path) -> None:
    (kit_home / "progress.json").write_text(WHOLE[:31])
    with _full_disk(16):
        said = progress.change("first", lambda entry: entry.update(points=1))
    (aside,) = kit_home.glob("progress.*.damaged.json")
    assert aside.read_text() == WHOLE[:31]
    assert said is not None
    assert f"kept as {aside}" in said
    assert "could not be kept (File too large)" in said


@pytest.mark.parametrize("text", [WHOLE, WHOLE[:31]], ids=["whole", "spoilt"])
def test_in_a_read_only_folder_the_list_is_shown_and_a_change_is_a_sentence(
    course: Path, kit: Run, kit_home: Path, text: str
) -> None:
    for folder in (kit_home, *kit_home.parents):
        if folder.owner() == "root" and not folder.stat().st_mode & 0o005:
            os.chmod(folder, 0o755)  # pytest's own folders are for its user alone
    (kit_home / "progress.json").write_text(text)
    with _read_only(kit_home):
        found = kit("list")
        said = progress.change("first", lambda entry: entry.update(points=3))
    assert found.exit_code == 0
    assert said == "your progress could not be kept (Permission denied); all else stands"
    assert (kit_home / "progress.json").read_text() == text
    assert ("could not be put aside" in found.stderr) == (text != WHOLE)


def test_the_start_page_says_what_happened_to_the_record(
    course: Path, kit_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, words in (
        (NEWER, "Progress.json is of format 7"),
        (WHOLE[:31], "Progress.json was damaged; it is kept as"),
    ):
        (kit_home / "progress.json").write_text(text)
        start_page.show()
        assert words in capsys.readouterr().out
    start_page.show()
    assert "rogress.json" not in capsys.readouterr().out
