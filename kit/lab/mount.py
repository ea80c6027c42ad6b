"""How a picture reaches the page: first its stored twin, then the living widget, as two displays.

Rules: one bundle with both would show "model not found" in a saved notebook that has not been run; as two displays the
twin shows wherever the widget does not, and one css rule hides it where the widget lives. While notebooks are built
only the twin is shown, so no model's id is ever stored. Every twin has a text/plain twin, which nbval compares too.
Source: jupyter.md, "The static twin is a display of its own" (tried in JupyterLab 4.6.6, 2026-11-24).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from IPython.display import display

from kit.lab.places import building

VIEWS = Path(__file__).resolve().parents[1] / "views"
WIDGET = "application/vnd.jupyter.widget-view+json"
# `:has()` cannot be nested, but it can be chained. Where the widget lives the twin goes; where its model is gone (a
# notebook that was saved and opened again) the twin stays and Lab's "model not found" goes.
HIDE_TWIN = (
    ".jp-OutputArea-child:has(.kit-twin):has(+ .jp-OutputArea-child .kit-live){display:none}"
    ".jp-OutputArea-child:has(.kit-twin) + .jp-OutputArea-child:has(> .jupyter-widgets):not(:has(.kit-live))"
    "{display:none}"
)


def mount(widget: Any, twin: str, text: str, css: Iterable[str] = ()) -> Any:
    """Show `twin` (HTML; css: files of `kit/views`) and `text`; then the widget, if there is one and the kernel lives.

    Returns the handle with which a living twin can be brought up to date; None while notebooks are built.
    """
    living = not building()
    handle = display(page(twin, text, css), raw=True, display_id=True if living else None)  # type: ignore[no-untyped-call]
    if living and widget is not None:
        view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
        display({WIDGET: view}, raw=True)  # type: ignore[no-untyped-call]
    return handle


def page(twin: str, text: str, css: Iterable[str]) -> dict[str, str]:
    """The twin as one display: HTML with its own style, and its text."""
    style = "".join(read(name) for name in ("theme.css", *css)) + HIDE_TWIN
    return {"text/html": f'<style>{style}</style><div class="kit kit-twin">{twin}</div>', "text/plain": text}


def read(name: str) -> str:
    """The text of a css or js file of `kit/views`."""
    return (VIEWS / name).read_text("utf-8")


def script(*names: str) -> str:
    """One module for anywidget: the pure scripts of `kit/views`, joined, without their `export` words."""
    return "\n".join(read(name).replace("\nexport ", "\n").removeprefix("export ") for name in names)
