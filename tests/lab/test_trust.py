"""Trust: what is shipped is signed, what a learner changed is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from kit.lab import trust


def test_only_an_unchanged_copy_of_a_shipped_notebook_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    for name in ("00_start_here.ipynb", "05_keeping_it_true.ipynb"):
        shutil.copy(trust.SHIPPED / name, tmp_path / name)
    changed = tmp_path / "05_keeping_it_true.ipynb"
    changed.write_text(changed.read_text("utf-8").replace("Keeping it true", "Keeping it", 1), "utf-8")
    (tmp_path / "mine.ipynb").write_text("{}")
    assert trust.sign(tmp_path) == ["00_start_here.ipynb"]
    notary = NotebookNotary()
    start = nbformat.read(tmp_path / "00_start_here.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    assert notary.check_signature(start)
    assert not notary.check_signature(nbformat.read(changed, as_version=4))  # type: ignore[no-untyped-call]
