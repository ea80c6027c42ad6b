"""Views can be imported where there is no socket, no thread, no greenlet and no pandas: in a browser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import kit.views

BLOCKED = ("socket", "_socket", "greenlet", "threading", "pandas", "numpy", "redis", "IPython", "anywidget")
# Those of the other rooms' modules that stand beside the player's are not this test's business.
OWN = (
    "board commands failure frames labels lanes metrics narration outcome page panels replies requests rows spans "
    "state steps svg table theme ticks twin words"
)


def test_views_need_nothing_that_a_browser_lacks() -> None:
    blocked = "".join(f"sys.modules[{name!r}] = None\n" for name in BLOCKED)
    imports = "".join(f"import kit.views.{name}\n" for name in OWN.split())
    code = f"import sys\n{blocked}{imports}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_module_of_the_player_is_asked() -> None:
    found = {path.stem for path in Path(kit.views.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(OWN.split()) <= found
