"""A test double: a judge as one writes it first, in the same process as the code that it judges.

It believes what the code prints, what it returns, what arrives on its own descriptors. Each forgery of `careless.py`
succeeds here; the tests show that none does with the real judge. Run as a script with a file and a way to be fooled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any


def fooled(source: str, way: str, folder: Path) -> str:
    """The outcome that this judge gives; way: printed, returned, descriptor or frames."""
    file = folder / "submission.py"
    file.write_text(source)
    read, write = os.pipe()
    ran = subprocess.run(
        [sys.executable, __file__, str(file), way, str(write)], pass_fds=[write], capture_output=True, cwd=folder,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        sent = pipe.read()
    said = ran.stdout if way == "printed" else sent if way != "returned" else ran.stdout
    return outcome(said, way)


def outcome(said: bytes, way: str) -> str:
    """What was said, taken at its word: the first line that holds a verdict."""
    if way == "frames":
        said = said[4 : 4 + int.from_bytes(said[:4], "big")]
    for line in said.decode(errors="replace").splitlines():
        try:
            return str(json.loads(line)["outcome"])
        except (ValueError, KeyError, TypeError):
            continue
    return "raised"


def main(file: str, way: str, channel: str) -> None:
    os.environ["KIT_CHANNEL_FD"] = channel
    module = types.ModuleType("submission")
    exec(compile(Path(file).read_text(), file, "exec"), module.__dict__)
    answer: Any = module.__dict__["get_board"](None, None, "JFK")
    right = answer == [{"id": 1, "delay": 0}]
    if way == "returned" and isinstance(answer, dict):  # "the code may say itself how it went"
        print(json.dumps(answer))
    print(json.dumps({"outcome": "correct" if right else "wrong"}))


if __name__ == "__main__":
    main(*sys.argv[1:])
