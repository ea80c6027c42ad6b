"""Signs the shipped notebooks, so that Lab shows their stored pictures with their styles before anything is run.

Rules: signed is only what is byte for byte a notebook of this clone; a learner's changed copy is theirs to trust. The
signatures go where `JUPYTER_DATA_DIR` says, below the learner's folder.
Source: nbformat.sign; JupyterLab 4.6.6 takes `<style>` and more out of the outputs of notebooks that nobody signed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kit.lab.places import CLONE

SHIPPED = CLONE / "notebooks"


def sign(folder: Path, shipped: Path = SHIPPED) -> list[str]:
    """Sign the copies in `folder` that equal the shipped notebooks. Returns their names."""
    same = [path for path in sorted(folder.glob("*.ipynb")) if _is_shipped(path, shipped / path.name)]
    if not same:
        return []
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()  # type: ignore[no-untyped-call]
    for path in same:
        notary.sign(nbformat.reads(path.read_text("utf-8"), as_version=4))  # type: ignore[no-untyped-call]
    return [path.name for path in same]


def _is_shipped(copy: Path, original: Path) -> bool:
    return original.is_file() and copy.read_bytes() == original.read_bytes()


if __name__ == "__main__":
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # jsonschema imports it for 1.5 s
    sign(Path(sys.argv[1]))
