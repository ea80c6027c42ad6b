"""A notebook in JupyterLab as a learner's hands and eyes have it: verbs for the browser tests.

Rules: a wait is for something that can be seen, never for a time; every request and every console error of the page is
kept, so a test can demand that there was none; screenshots go to `screenshots/`, which git ignores.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

HERE = Path(__file__).parent
SHOTS = HERE / "screenshots"
AXE = HERE / "axe.min.js"
PATIENCE_MS = 60_000


class LabPage:
    """One page on one Lab. size: width and height in pixels; theme: only for the names of screenshots."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int], theme: str) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.address, self.label = address, f"{size[0]}-{theme}"
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def open(self, notebook: str) -> None:
        """Open a notebook, or follow the address that Lab printed where `notebook` is empty."""
        address = urlsplit(self.address)
        path = f"/lab/tree/notebooks/{notebook}" if notebook else address.path
        self.page.goto(f"{address.scheme}://{address.netloc}{path}?{address.query}")
        self.page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for()
        self.idle()
        if self.page.locator("#filebrowser:visible").count():
            self.page.keyboard.press("Control+B")  # the left sidebar: the learner's picture has room
            self.page.locator("#filebrowser").wait_for(state="hidden")

    def idle(self) -> None:
        """Wait until the kernel of the notebook in front has nothing to do."""
        self.page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()

    def menu(self, menu: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).first.click()

    def run_all(self) -> None:
        """Run every cell and wait until the last one has a number."""
        self.menu("Run", "Run All Cells")
        self.finished(self.page.locator(".jp-NotebookPanel:visible .jp-CodeCell").last)

    def finished(self, cell: Locator) -> None:
        """Wait until a cell that was just started has its number and the kernel is idle."""
        cell.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[\d+\]")).wait_for()
        self.idle()

    def cell(self, source: str) -> Locator:
        """The code cell whose text begins with, or holds, `source`."""
        return self.page.locator(".jp-NotebookPanel:visible .jp-CodeCell").filter(
            has=self.page.locator(".jp-InputArea", has_text=source)
        ).first  # fmt: skip

    def write(self, cell: Locator, text: str) -> None:
        """Replace the text of a cell, without the editor's own indents, and run it."""
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").first.click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Shift+Enter")

    def run_cell(self, source: str) -> Locator:
        """Choose a cell and run it, as a learner does."""
        cell = self.cell(source)
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-InputArea").first.click()
        self.page.keyboard.press("Shift+Enter")
        self.finished(cell)
        return cell

    def sheet(self, call: str) -> Locator:
        """The living sheet that `lesson.<call>(` shows."""
        return self.cell(f"lesson.{call}(").locator(".kit-live .kit-card.kit-sheet")

    def bet(self, name: str, downs: int) -> Locator:
        """Answer a bet by keys: ↓ as often as asked, then Enter."""
        card = self.cell(f'lesson.bet("{name}"').locator(".kit-question:visible")
        card.get_by_role("radio").first.focus()
        self.page.keyboard.press("Space")
        for _ in range(downs):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(card.get_by_text("is kept.")).to_be_visible()
        return card

    def shot(self, name: str, what: Locator | None = None) -> None:
        """A screenshot to look at; of the whole page where `what` is being drawn anew."""
        SHOTS.mkdir(exist_ok=True)
        path = str(SHOTS / f"{name}-{self.label}.png")
        try:
            (what or self.page).screenshot(path=path)
        except Error:
            self.page.screenshot(path=path)

    def accessibility(self) -> list[str]:
        """What axe finds on the kit's own pictures (WCAG 2.1 A and AA); Lab's shell is not ours to judge."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(
            """async () => (await axe.run({ include: [...document.querySelectorAll(".kit-live, .kit-twin")] }, {
                 runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] })).violations"""
        )
        return [
            f"{one['id']}: {one['help']}: {json.dumps([node['html'][:120] for node in one['nodes'][:3]])}"
            for one in found
        ]

    def strangers(self) -> list[str]:
        """Requests that left this machine."""
        return [url for url in self.requests if urlsplit(url).hostname not in ("127.0.0.1", "localhost", None)]

    def close(self) -> None:
        self.context.close()
