"""Programs of careless and hostile children, and what a judge sees of each.

Run as a script it prints one scenario's observations as JSON: the tests run it so under another user id as well.
Standard library and kit.real only, because that user may reach no site-packages.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kit.cache.clock import WallClock
from kit.real.child import Child, start_child
from kit.real.limits import Limits

CLOCK = WallClock()
_PRELUDE = """
import sys; sys.path[:] = {path!r}
import os, socket
from kit.real.privileges import drop_privileges
fd = int(os.environ["KIT_CHANNEL_FD"])
channel = socket.socket(fileno=fd)
given = drop_privileges(fd)
def say(*words): channel.sendall((" ".join(map(str, words)) + chr(10)).encode())
say("ready")
"""


def child_of(program: str, mark: str = "", **options: Any) -> Child:
    """A child that drops its privileges, says "ready" and runs `program`."""
    path = [str(Path(__file__).resolve().parents[2]), *(entry for entry in sys.path if entry)]
    argv = [sys.executable, "-s", "-S", "-P", "-B", "-c", _PRELUDE.format(path=path) + program]
    child = start_child(argv, env={"KIT_TEST_MARK": mark}, **options)
    child.channel.settimeout(20)
    return child


def lines_of(child: Child, count: int) -> list[str]:
    """The next lines that the child says; fewer when the channel ends."""
    text = b""
    while text.count(b"\n") < count:
        part = child.channel.recv(65536)
        if not part:
            break
        text += part
    return text.decode().splitlines()


def marked(mark: str) -> list[int]:
    """Processes with this mark in their environment: forked or executed, reparented or not."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            environment = Path(f"/proc/{name}/environ").read_bytes()
            state = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            continue
        if f"KIT_TEST_MARK={mark}".encode() in environment and state != b"Z":
            found.append(int(name))
    return found


def observe(
    program: str, said: int = 1, until: Callable[[Child], bool] | None = None, crowd: int = 0, **options: Any
) -> dict[str, Any]:
    """Run a program until it has said its lines, end it, and say what was seen."""
    mark = uuid.uuid4().hex
    child = child_of(program, mark, **options)
    started = CLOCK.monotonic_s()
    try:
        lines = lines_of(child, said)
        if crowd:
            until = lambda child: len(marked(mark)) >= crowd  # noqa: E731
        if until is not None:
            while not until(child) and CLOCK.monotonic_s() - started < 20:
                time.sleep(0.005)
        alive, cpu_s = child.alive(), child.cpu_s()
        running = len(marked(mark))
    finally:
        ended = CLOCK.monotonic_s()
        child.end()
    return {
        "said": lines,
        "alive": alive,
        "cpu_s": cpu_s,
        "took_s": ended - started,
        "end_s": CLOCK.monotonic_s() - ended,
        "running": running,
        "survivors": marked(mark),
        "status": child.exit_status,
        "output": child.output().decode(errors="replace"),
    }


def _state(child: Child) -> str:
    return Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[0]


_TRY = """
def attempt(name, act):
    try: say(name, "done", act())
    except BaseException as problem: say(name, type(problem).__name__)
"""

SCENARIOS: dict[str, Callable[..., dict[str, Any]]] = {
    "fork_bomb": lambda **o: observe(
        "say('go')\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        said=2,
        crowd=16,
        **o,
    ),
    "setsid_sleeper": lambda **o: observe(
        "import time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        while True: time.sleep(1000)\n"
        "    os._exit(0)\n"
        "os.wait(); say('forked'); time.sleep(1000)",
        said=2,
        **o,
    ),
    "sleeper_left_behind": lambda **o: observe(
        "import time\nif os.fork() == 0: time.sleep(1000)\nos._exit(0)",
        until=lambda child: not child.alive(),
        **o,
    ),
    "one_gib_printed": lambda **o: observe(
        "block = b'x' * (1 << 20)\nfor _ in range(1024): os.write(1, block)\nos.write(2, b'the end'); say('printed')",
        said=2,
        **o,
    ),
    "os_exit": lambda **o: observe("os._exit(0)", said=2, until=lambda child: not child.alive(), **o),
    "stops_itself": lambda **o: observe(
        "import signal\nos.kill(os.getpid(), signal.SIGSTOP)", until=lambda child: _state(child) == "T", **o
    ),
    "closes_its_channel": lambda **o: observe("import time\nos.close(fd); time.sleep(1000)", said=2, **o),
    "kills_its_group": lambda **o: observe(
        "import signal\nos.kill(0, signal.SIGKILL)", said=2, until=lambda child: not child.alive(), **o
    ),
    "busy": lambda **o: observe("while True: pass", until=lambda child: child.cpu_s() > 0.2, **o),
    "limits": lambda **o: observe(
        _TRY + "attempt('memory', lambda: len(bytearray(4 << 30)))\n"
        "attempt('write', lambda: open('/tmp/kit-hostile.txt', 'w'))\n"
        "attempt('devnull', lambda: open(os.devnull, 'w').close())\n"
        "attempt('remove', lambda: os.remove('/tmp'))\n"
        "attempt('files', lambda: [os.dup(0) for _ in range(1000)])",
        said=6,
        **o,
    ),
    "inherits": lambda **o: observe(
        "say(*sorted(os.listdir('/proc/self/fd'), key=int))\nsay(fd)\n"
        "say(os.environ['PYTHONHASHSEED'], os.read(0, 9))\n"
        "say(given.uid, given.wall, os.getuid())",
        said=5,
        **o,
    ),
    "imports_after_the_drop": lambda **o: observe(
        _TRY + "import importlib\n"
        "for name in 'json decimal sqlite3 xml.dom.minidom concurrent.futures.thread encodings.cp1252'.split():\n"
        "    attempt(name, lambda: importlib.import_module(name) and '')",
        said=7,
        **o,
    ),
    "a_fork_has_no_channel": lambda **o: observe(
        "if os.fork() == 0:\n    try: say('forged')\n    except OSError: pass\n    os._exit(0)\nos.wait(); say('own')",
        said=2,
        **o,
    ),
}


if __name__ == "__main__":
    json.dump(SCENARIOS[sys.argv[1]](), sys.stdout)


__all__ = ["CLOCK", "SCENARIOS", "Limits", "child_of", "lines_of", "marked", "observe"]
