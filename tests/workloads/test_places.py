"""Where files live: the environment decides, else the clone, never the current folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import kit
from kit.workloads import places


def test_the_home_is_beside_the_package_wherever_one_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KIT_HOME")
    monkeypatch.delenv("KIT_DATA")
    monkeypatch.chdir(tmp_path)
    clone = Path(kit.__file__).resolve().parents[1]
    assert places.home() == clone / "work"
    assert places.data() == clone / "work" / "data"


def test_the_data_follow_the_home_unless_they_have_a_folder_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KIT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KIT_DATA")
    assert places.data() == tmp_path / "home" / "data"
    monkeypatch.setenv("KIT_DATA", str(tmp_path / "shared"))
    assert places.data() == tmp_path / "shared"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_HOME", "")
    assert places.home().name == "work"


def test_a_relative_home_and_a_tilde_become_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIT_HOME", "mine")
    assert places.home() == tmp_path / "mine"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KIT_HOME", "~/mine")
    assert places.home() == tmp_path / "mine"


def test_asking_for_a_folder_creates_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KIT_DATA")
    places.data()
    assert list(tmp_path.iterdir()) == []
