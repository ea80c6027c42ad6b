"""The page that `kit replay` writes: a player in one file that asks nothing of any network.

Rules: styles, scripts and data stand in the file, and its own policy forbids requests; without scripts the twin and the
table of the same steps are there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from kit.views import twin
from kit.views.frames import recording
from kit.world.tape import Tape

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
STYLES = ("theme.css", "card.css", "picture.css", "player.css", "twin.css")
SCRIPTS = ("core.js", "view.js")


def page(
    tape: Tape, title: str = "", *, subtitle: str = "", verdict: Mapping[str, Any] | None = None, source: str = "",
) -> str:  # fmt: skip
    """A whole HTML page. verdict, source: the object of `kit check --json` and the submission's text, of a failure."""
    data = recording(tape, title, subtitle=subtitle, verdict=verdict, source=source)
    name = escape(data["title"] or "Recording")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}</title>\n<style>\n{styles()}"
        "body { margin: 0; }\n.kit-page { min-height: 100vh; box-sizing: border-box; padding: 16px; "
        "background: var(--kit-page); }\n.kit-page > main { max-width: 1280px; margin: 0 auto; }\n"
        f'</style></head>\n<body><div class="kit kit-page"><main><div data-kit="player"></div>'
        f"<noscript>{twin.html(tape, title=data['title'])}</noscript></main></div>\n"
        f'<script type="application/json" id="recording">{_inert(data)}</script>\n'
        f'<script type="module">\n{script()}\nmount(document.querySelector(\'[data-kit="player"]\'), '
        "JSON.parse(document.getElementById('recording').textContent));\n</script>\n</body></html>\n"
    )


def styles() -> str:
    """Every style that a player needs, joined."""
    return "".join((HERE / name).read_text("utf-8") for name in STYLES)


def script() -> str:
    """The player's scripts as one module without exports; `mount(element, recording, hooks)` is its way in."""
    return "\n".join(
        (HERE / name).read_text("utf-8").replace("\nexport ", "\n").removeprefix("export ") for name in SCRIPTS
    )


def _inert(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
