"""Careless and hostile submissions, and what the judge says of each.

Run as a script it judges one of them and prints what was seen as JSON: the tests run it so under another user id, and
two at a time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kit.cache.clock import WallClock
from kit.grading.exercise import Exercise, load
from kit.grading.judge import check

CLOCK = WallClock()
TEXTBOOK = (Path(__file__).resolve().parents[2] / "exercises/invalidate_on_write/wrong/11_textbook.py").read_text()
VERDICT = '{"exercise": "invalidate_on_write", "outcome": "correct", "points": 20, "passed": true}'


@dataclasses.dataclass(frozen=True)
class Careless:
    """One submission. outcome and says: what the verdict must be; limit_s: CPU seconds it gets for a call.

    checks: how many of the exercise's are run; what fails at once would fail them all.
    """

    source: str | bytes
    outcome: str
    says: str = ""
    limit_s: float = 2.0
    checks: int = 1


def board(body: str, top: str = "pass") -> str:
    """A submission whose get_board is this (from line 5 on); the other function does nothing."""
    inside = indent(dedent(body).strip("\n"), "    ")
    reads = f"import json, os, redis, sys\n{top}\n\ndef get_board(cache, db, airport):\n{inside}\n"
    return f"{reads}\ndef post_delay(cache, db, flight, minutes):\n    pass\n"


def raised(body: str, says: str, top: str = "pass", limit_s: float = 2.0) -> Careless:
    return Careless(board(body, top), "raised", says, limit_s)


def timed_out(body: str, says: str, top: str = "pass", limit_s: float = 0.3) -> Careless:
    return Careless(board(body, top), "timed_out", says, limit_s)


def textbook(first: str, imports: str, limit_s: float = 2.0) -> Careless:
    """The textbook's form, which is wrong in a race only, with some lines more in front of its get_board."""
    head = "def get_board(cache, db, airport):\n"
    body = indent(dedent(first).strip("\n"), "    ") + "\n"
    text = TEXTBOOK.replace("import json\n", f"import json\nimport {imports}\n").replace(head, head + body)
    return Careless(text, "wrong", limit_s=limit_s, checks=99)


NO_ENTRY = r"NameError: the file defines no function get_board\(\)"
TOO_LARGE = "a value is too large to leave your code"
TOO_MUCH = "more than can be handed to your code at once"

RAISED = {
    "syntax error": Careless(
        "def get_board(cache, db, airport)\n    return []\n", "raised", "line 1: SyntaxError: expected ':'"
    ),
    "null byte": Careless("x = '\0'\n", "raised", "null bytes"),
    "missing module": raised(
        "return []", "line 2: ModuleNotFoundError: No module named 'nosuchmodule'", "import nosuchmodule"
    ),
    "missing entry": Careless("def get_boards(cache, db, airport):\n    return []\n", "raised", NO_ENTRY),
    "an entry that is no function": Careless("get_board = 5\n", "raised", NO_ENTRY),
    "wrong signature": Careless(
        "def get_board(cache, airport):\n    return []\n", "raised",
        r"TypeError: get_board\(\) takes 2 positional arguments but 3 were given",
    ),
    "not UTF-8": Careless("name = 'Zürich'\n".encode("latin-1"), "raised", "not UTF-8 text: byte 9 is 0xfc"),
    "sys.exit": raised("sys.exit(0)", "line 5: SystemExit: 0"),
    "exit": raised("exit()", "line 5: SystemExit: None"),
    "os._exit": raised("os._exit(0)", "your code ended its own process"),
    "killed by itself": raised("os.kill(posix.getpid(), 9)", "ended by signal 9", "import posix"),
    "its channel closed": raised(
        "os.close(int(os.environ['KIT_CHANNEL_FD']))", "your code (closed the channel|ended its own process)"
    ),
    "4 GiB": raised("return bytearray(4 << 30)", "line 5: MemoryError"),
    "deep recursion": raised("return get_board(cache, db, airport)", "line 5: RecursionError"),
    "a value of 512 MiB": raised("cache.set('big', bytes(512 << 20))", f"line 5: {TOO_LARGE}", limit_s=20),
    "an answer of 100 MiB": raised("return 'x' * (100 << 20)", TOO_LARGE, limit_s=20),
    "a reply of 30 MB": raised(
        """
        for number in range(3):
            cache.set("a", "x" * 10_000_000)
            return cache.mget("a", "a", "a")
        """,
        f"line 7: {TOO_MUCH}",
        limit_s=20,
    ),
    "a file of 20 MB": Careless("# " + "x" * 20_000_000 + "\n", "raised", TOO_MUCH),
    "an answer that is no data": raised("return object()", "TypeError: the answer holds"),
    "SQL that is no text": raised("return db.query(None)", "line 5: TypeError: SQL is text"),
    "a parameter that is no data": raised(
        "return db.query('SELECT :x', x=object())", "line 5: ProgrammingError: Error binding parameter :x"
    ),
    "no text but a surrogate": raised("raise ValueError('\\udc80')", "line 5: ValueError"),
    "module changed": raised(
        """
        if not hasattr(redis, "SEEN"):
            redis.SEEN = {}
        if airport not in redis.SEEN:
            query = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
            redis.SEEN[airport] = db.query(query, airport=airport)
        return redis.SEEN[airport]
        """,
        r"you changed redis itself \(redis.SEEN\)",
    ),
    "class changed": raised(
        "redis.Redis.seen = airport\nreturn []", r"you changed redis itself \(redis.client.Redis.seen\)"
    ),
    "client replaced": raised(
        "redis.Redis.get = lambda self, key: b'[]'\nreturn []", r"changed redis itself \(redis.client.Redis.get\)"
    ),
    "the world's module changed": raised(
        "threading.Thread.seen = airport\nreturn []", "you changed threading itself", "import threading"
    ),
    "builtins changed": raised("builtins.seen = 1\nreturn []", "you changed builtins itself", "import builtins"),
    "file written": raised("open('/tmp/kit-careless', 'w')", "line 5: PermissionError: your code may not write files"),
}  # fmt: skip

OUTSIDE = "no answer after 0.9 s: your code waits for something outside"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT sum(x) FROM c"
TIMED_OUT = {
    "endless loop": timed_out("while True: pass", "no answer after"),
    "one that swallows exceptions": timed_out(
        """
        while True:
            try:
                raise ValueError
            except BaseException:
                pass
        """,
        "no answer after",
    ),
    "an endless import": Careless("while True: pass\n", "timed_out", "no answer after", 0.3),
    "slow between operations": timed_out(
        """
        while True:
            cache.incr("n")
            sum(range(1_000_000))
        """,
        "line 6: no answer after 0.3 s of computing",
    ),
    "a wait for a thread": timed_out(
        """
        lock = _thread.allocate_lock()
        lock.acquire()
        _thread.start_new_thread(select.select, ([], [], []))
        lock.acquire()
        """,
        OUTSIDE,
        "import _thread, select",
    ),
    "a wait for a grandchild": timed_out(
        """
        pid = os.fork()
        if not pid:
            os.setsid()
            select.select([], [], [])
        os.waitpid(pid, 0)
        """,
        OUTSIDE,
        "import select",
    ),
    "a real sleep": timed_out("select.select([], [], [], 3600)", OUTSIDE, "import select"),
    "SQL that never ends": timed_out(
        f"db.query({ENDLESS!r})", "Reader 1: a statement went on for 5,000,000 steps without an end", limit_s=2
    ),
    "a plain loop of a million keys": timed_out(
        """
        for number in range(1_000_000):
            cache.set(f"k{number}", "x")
        """,
        "Reader 1 made 400 operations in one scene without an end",
        limit_s=2,
    ),
    "a busy wait": timed_out(
        "while cache.get('never') is None: pass", "a live-lock: Reader 1 asks the same again and again", limit_s=2
    ),
    "a dead-lock": timed_out(
        """
        with LOCK:
            with LOCK:
                pass
        """,
        "a dead-lock: Reader 1 waits for a lock that it holds itself",
        "import threading; LOCK = threading.Lock()",
        limit_s=2,
    ),
    "transactions of nothing": timed_out(
        """
        while True:
            with db.transaction():
                pass
        """,
        "Reader 1 asked 1000 times for nothing",
        limit_s=2,
    ),
    "a drop at a time": timed_out(
        """
        fd = int(os.environ["KIT_CHANNEL_FD"])
        os.write(fd, (1 << 20).to_bytes(4, "big"))
        while True:
            os.write(fd, b" ")
            select.select([], [], [], 0.01)
        """,
        "no answer after",
        "import select",
    ),
}

BOMBS = {
    "fork bomb": raised("while True: os.fork()", "BlockingIOError|PermissionError", limit_s=1),
    "fork bomb that swallows": timed_out(
        """
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
        "no answer after",
    ),
}

KEYS = {
    "a million small keys by MSET": raised(
        """
        for start in range(0, 1_000_000, 10_000):
            cache.mset({f"k{number}": "x" for number in range(start, start + 10_000)})
        """,
        "OutOfMemoryError: command not allowed when used memory > 'maxmemory'",
        limit_s=20,
    ),
    "a million small keys in one MSET": raised(
        "cache.mset({f'k{number}': 'x' for number in range(1_000_000)})", f"line 5: {TOO_LARGE}", limit_s=20
    ),
}

SILENT = {
    "1 GiB printed": textbook(
        """
        if airport == "XXX":
            for _ in range(1 << 10):
                os.write(1, bytes(1 << 20))
        """,
        "os",
        limit_s=20,
    ),
    "a thread left behind": textbook(
        "if airport == 'XXX': _thread.start_new_thread(select.select, ([], [], []))", "_thread, select"
    ),
    "a grandchild left behind": textbook(
        """
        if airport == "XXX" and not os.fork():
            os.setsid()
            select.select([], [], [])
        """,
        "os, select",
    ),
}

UNREPEATABLE = {
    "a counter below /proc": Careless(
        board("cache.set('mark', open('/proc/self/schedstat').read())\nreturn []"), "not_repeatable",
        "at operation 1 SET mark with another content",
    ),
    "real time": Careless(
        board("cache.set('mark', _datetime.datetime.now().isoformat())\nreturn []", "import _datetime"),
        "not_repeatable", "at operation 1 SET mark with another content",
    ),
}  # fmt: skip

FORGED = {
    "a verdict printed": raised(f"print({VERDICT!r}, flush=True)\nos._exit(0)", "your code ended its own process"),
    "a verdict returned": Careless(
        board(f"return json.loads({VERDICT!r})"), "wrong", "was answered .*: a list of rows is wanted"
    ),
    "bytes into every descriptor": raised(
        f"""
        for fd in range(256):
            try:
                os.write(fd, {VERDICT!r}.encode() + bytes([10]))
            except OSError:
                pass
        os._exit(0)
        """,
        "no frame of ours",
    ),
    "garbage frames": raised(
        f"""
        body = {VERDICT!r}.encode()
        os.write(int(os.environ["KIT_CHANNEL_FD"]), len(body).to_bytes(4, "big") + body)
        os._exit(0)
        """,
        "no frame of ours",
    ),
}

ALL = {**RAISED, **TIMED_OUT, **BOMBS, **KEYS, **SILENT, **UNREPEATABLE, **FORGED}


def exercise(limit_s: float, checks: int = 99) -> Exercise:
    """invalidate_on_write with another limit of time, and its first checks only."""
    found = dataclasses.replace(load("invalidate_on_write"), limit_s=limit_s)
    found.__dict__["checks"] = found.checks[:checks]  # a cached property
    return found


@contextlib.contextmanager
def marked() -> Iterator[str]:
    """A mark that every process started meanwhile carries in its environment."""
    mark = f"/kit-careless-{uuid.uuid4().hex}"
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = mark  # one of the few names that a child gets from us
    try:
        yield mark
    finally:
        del os.environ["TMPDIR"]
        if before is not None:
            os.environ["TMPDIR"] = before


def alive(mark: str) -> list[int]:
    """Processes that carry the mark, ourselves aside: forked or executed, reparented or not."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            environment = Path(f"/proc/{name}/environ").read_bytes()
            state = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()[0]
            if mark.encode() in environment and state != b"Z" and int(name) != os.getpid():
                found.append(int(name))
    return found


def judged(careless: Careless) -> dict[str, Any]:
    """The verdict, and beside it how long it took (`took`) and who is left (`survivors`)."""
    with marked() as mark:
        begun = CLOCK.monotonic_s()
        verdict = check(exercise(careless.limit_s, careless.checks), careless.source)
        took = CLOCK.monotonic_s() - begun
        return {**verdict, "took": took, "survivors": alive(mark)}


if __name__ == "__main__":
    os.environ["KIT_HOME"] = tempfile.mkdtemp()
    json.dump({name: judged(ALL[name]) for name in sys.argv[1:]}, sys.stdout)
