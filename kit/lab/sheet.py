"""The living sheet: a slider over cards that stand ready in the page, and, where a bet guards it, its reveal.

Rules: the model of a guarded sheet holds one card until `reveal`; a slider never waits for the kernel.
Leaves out: what is on the cards (`kit/views/sheet.py` and its pictures).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from ipywidgets.widgets.widget import Widget

from kit.lab import player, predict
from kit.lab.mount import mount, read, script
from kit.views import sheet as view
from kit.views import theme
from kit.views.sheet import Sheet

CSS = ("card.css", "live.css", "plot.css", "sheet.css")


class SheetWidget(anywidget.AnyWidget):
    """The widget. move: the stop it goes to by itself once revealed, -1: none."""

    _esm = script("controls.js") + "\n" + Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = "".join(map(read, ("theme.css", *CSS)))
    data = traitlets.Dict().tag(sync=True)
    locked = traitlets.Unicode().tag(sync=True)
    move = traitlets.Int(-1).tag(sync=True)

    def __init__(self, data: dict[str, Any], locked: str = "") -> None:
        super().__init__(data=data, locked=locked)

    def __repr__(self) -> str:
        return f"SheetWidget({self.data['title']!r})"

    def reveal(self, sheet: Sheet, move: int = -1) -> None:
        """Send the whole sheet; the picture then goes to stop `move` by itself."""
        with self.hold_sync():
            self.move = move
            self.data = sheet.data()


def show(sheet: Sheet) -> SheetWidget:
    """Show a sheet that no bet guards: its twin, then the living one."""
    return _show(SheetWidget(sheet.data()), sheet, "")


def show_opening(sheet: Sheet, behind: Callable[[str, int], Widget]) -> None:
    """Show a sheet whose cards have something behind them: `behind(option, stop)` makes it, below, when asked."""
    one = SheetWidget(sheet.data())
    stage = predict.Stage(one)

    def asked(_: Any, message: dict[str, Any], __: Any) -> None:
        if "open" in message:
            option, stop = str(message["open"]), int(message["stop"])
            stage.present(predict.note("The window is being played …"))
            stage.present(behind(option, stop))

    one.on_msg(asked)
    mount(stage, view.twin(sheet, image_style()), view.plain(sheet), (*CSS, *player.TWIN_STYLES))


def show_locked(sheet: Sheet, locked: str) -> SheetWidget:
    """Show a guarded sheet: its first card, and `locked`, which says what opens it."""
    return _show(SheetWidget(view.only(sheet), locked), sheet, locked)


def image_style() -> str:
    """The css inside a stored image: both palettes, and the picture's lines."""
    light = f"svg{{{theme.variables(theme.LIGHT)}--kit-ui:{theme.PLAIN_UI_FONT}}}"
    dark = f"@media (prefers-color-scheme:dark){{svg{{{theme.variables(theme.DARK)}}}}}"
    return light + dark + read("plot.css") + read("sheet.css")


def _show(widget: SheetWidget, sheet: Sheet, locked: str) -> SheetWidget:
    mount(widget, view.twin(sheet, image_style(), locked), view.plain(sheet), CSS)
    return widget
