"""How nbval runs the notebooks here: as they were built, with an empty home, no progress and no living widgets.

`pytest --nbval --nbval-cell-timeout=60 notebooks` (`make nbval`) compares every stored output.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from kit.lab.build import environment

_HOME = Path(tempfile.mkdtemp(prefix="kit-nbval-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.update(environment(_HOME))
