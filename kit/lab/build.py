"""Notebooks from their sources: `notebooks/source/NN_slug.py` becomes `notebooks/NN_slug.ipynb`, executed.

Rules: building again changes no byte, on any machine (cell ids come from the content, no versions, seconds, widget
states or metadata of the run are stored); cells tagged `measured` are not executed here, store no output and carry
`nbval-skip`; a cell tagged `exercise` gets the body of `exercises/<id>/stub.py` behind its `%%exercise` line, so the
two never differ; the learner's home is a new empty folder for every notebook.
Source: jupytext's percent format, https://jupytext.readthedocs.io/en/latest/formats-scripts.html (2026-11-24).
Leaves out: what `measured` cells show; tests execute them apart.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit.lab import figures_00, figures_03, live
from kit.lab.places import BUILD, CLONE

SOURCES = CLONE / "notebooks" / "source"
MEASURED = "measured"
CELL_TIMEOUT_S = 120
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def environment(home: Path, data: Path | None = None) -> dict[str, str]:
    """What the kernel of a build, of nbval and of a test runs with, beside the environment it is started in.

    home: an empty folder for this run alone. data: the shared folder of prepared data (default: `KIT_DATA`, else
    `work/data` of the clone). Jupyter's and IPython's own folders are moved below `home`, so a learner's settings
    change nothing.
    """
    return {
        BUILD: "1",
        "KIT_HOME": str(home),
        "KIT_DATA": str(data or os.environ.get("KIT_DATA") or CLONE / "work" / "data"),
        "PYTHONHASHSEED": "0",
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / ".jupyter" / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / ".jupyter" / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(home / ".ipython"),
    }


def compose(source: Path) -> Any:
    """The notebook of one source, not executed: cells, tags, ids and stubs in their places."""
    import jupytext

    notebook: Any = jupytext.reads(source.read_text("utf-8"), fmt="py:percent")  # type: ignore[no-untyped-call]
    notebook.metadata = _METADATA
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "exercise" in tags:
            cell.source = f"{cell.source}\n{_stub(cell.source)}"
        cell.metadata = {"tags": tags + ["nbval-skip"] * (MEASURED in tags)} if tags else {}
        cell.id = _identity(cell, seen)
    return notebook


def execute(notebook: Any, *, skip: str = MEASURED, home: Path | None = None) -> Any:
    """Run the cells in a new kernel with an empty home; cells tagged `skip` stay as they are.

    Raises nbclient.exceptions.CellExecutionError if a cell raises: a lesson may not.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory(prefix="kit-home-") as folder:
        # This interpreter's own kernel, whatever kernels the user's folders hold.
        kernels = KernelSpecManager(kernel_dirs=[str(Path(sys.prefix, "share", "jupyter", "kernels"))])
        manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels, transport="ipc")
        manager.connection_file = str(Path(folder, "kernel.json"))
        client = NotebookClient(
            notebook, km=manager, timeout=CELL_TIMEOUT_S, store_widget_state=False, record_timing=False,
            skip_cells_with_tag=skip, resources={"metadata": {"path": folder}},
        )  # fmt: skip
        client.owns_km = True  # so that it ends the kernel and closes its channels
        client.execute(env=os.environ | environment(home or Path(folder)))
    return notebook


def normalise(notebook: Any) -> Any:
    """Take away what the run left behind and no reader needs."""
    notebook.metadata = _METADATA
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        cell.execution_count = None if MEASURED in cell.metadata.get("tags", []) else count
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            output.pop("transient", None)
            if "execution_count" in output:
                output.execution_count = count
    return notebook


def build(source: Path) -> str:
    """The whole notebook of one source as the text of its file."""
    import nbformat

    text: str = nbformat.writes(normalise(execute(compose(source))), version=4)  # type: ignore[no-untyped-call]
    return text.rstrip() + "\n"


def make_series() -> bool:
    """Make the series of the live picture from the archive (about ten seconds). Returns whether the file changed."""
    from kit.grading.progress import write_whole
    from kit.workloads.flights import archive, rule
    from kit.workloads.flights.live import DAYS, GRAINS, series

    year = archive.open_archive(archive.ensure().parent)
    days = {name: rule.day_of(year, day, live.SEED) for name, day in DAYS.items()}
    made = {name: {grain: asdict(series(day, grain, live.TTLS_S)) for grain in GRAINS} for name, day in days.items()}
    text = json.dumps({"seed": live.SEED, "series": made}, indent=1, sort_keys=True) + "\n"
    same = live.SERIES.exists() and live.SERIES.read_text("utf-8") == text
    if not same:
        write_whole(live.SERIES, text)
    return not same


def target(source: Path) -> Path:
    """Where the notebook of a source stands."""
    return source.parent.parent / f"{source.stem}.ipynb"


def _stub(magic: str) -> str:
    name = magic.split()[1]
    return (CLONE / "exercises" / name / "stub.py").read_text("utf-8").rstrip("\n")


def _identity(cell: Any, seen: dict[str, int]) -> str:
    """Eight hexadecimal digits of the content; a repeated content is told apart by its count."""
    key = f"{cell.cell_type}\n{cell.source}"
    seen[key] = seen.get(key, 0) + 1
    return hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()[:8]


def main(arguments: Iterable[str] | None = None) -> int:
    """`python -m kit.lab.build [--check] [name …]`; with --check nothing is written and a difference is an error."""
    parser = argparse.ArgumentParser(prog="python -m kit.lab.build", description="Build the notebooks.")
    parser.add_argument("names", nargs="*", help="slugs such as 05_keeping_it_true; default: all")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a notebook would change")
    options = parser.parse_args(None if arguments is None else list(arguments))
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # jsonschema imports it for 1.5 s
    differ = False
    if not options.names and not options.check:
        print(f"{live.SERIES.name}: {'unchanged' if not make_series() else 'written'}")
        print(f"{figures_03.FILE.name}: {'unchanged' if not figures_03.make() else 'written'}")
        print(f"{figures_00.FILE.name}: {'unchanged' if not figures_00.write() else 'written'}")
    for source in sorted(SOURCES.glob("*.py")):
        if options.names and source.stem not in options.names:
            continue
        text, path = build(source), target(source)
        same = path.exists() and path.read_text("utf-8") == text
        differ |= not same
        if not options.check and not same:
            path.write_text(text, "utf-8")
        print(f"{path.name}: {'unchanged' if same else 'differs' if options.check else 'written'}")
    return 1 if options.check and differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
