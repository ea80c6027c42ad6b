"""Careless and hostile submissions, row by row: the verdict, its sentence, how soon it comes, and who is left."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from careless import (
    ALL,
    BOMBS,
    CLOCK,
    FORGED,
    KEYS,
    NO_ENTRY,
    RAISED,
    SILENT,
    TEXTBOOK,
    TIMED_OUT,
    UNREPEATABLE,
    Careless,
    alive,
    exercise,
    judged,
    marked,
)
from naive_judge import fooled

from kit.grading.judge import check
from kit.grading.proxy import ChildActors, ChildEnded, start
from kit.grading.verdict import exit_code
from kit.world.actors import Submission
from tests.world.worlds import IMAGE, Script, World, told

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the rows look into /proc")
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("careless.py")
ORDINARY = 54_322  # an id that nobody has


@pytest.fixture(autouse=True)
def home(kit_home: Path) -> Path:
    return kit_home


@pytest.fixture(scope="module")
def start_s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[float]:
    """How long a verdict takes here and now that waits for nothing: what the rows may take beside their limits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_HOME", str(tmp_path_factory.mktemp("home")))
        yield max(
            judged(Careless("def get_board(cache, db, airport):\n    return []\n", "wrong"))["took"] for _ in range(2)
        )


def failed(verdict: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in verdict["checks"] if one["passed"] is False)
    return found


def said(verdict: dict[str, Any]) -> str:
    """Everything that the failing check tells."""
    check = failed(verdict)
    return f"{check['message']} {check['seen']}"


def holds(name: str, verdict: dict[str, Any]) -> None:
    """The row holds: outcome, sentence, first check, nobody left."""
    row = ALL[name]
    assert verdict["outcome"] == row.outcome, said(verdict)
    assert re.search(row.says, said(verdict)), said(verdict)
    assert failed(verdict)["id"] == "read"
    assert verdict["points"] == 0
    assert exit_code(verdict) == 1
    assert verdict["survivors"] == []
    json.dumps(verdict)


@pytest.mark.parametrize("name", RAISED)
def test_what_raises_is_told_in_a_sentence_of_its_own(name: str) -> None:
    holds(name, judged(RAISED[name]))


def test_no_two_rows_share_a_sentence() -> None:
    told = [row.says for row in RAISED.values() if row.says != NO_ENTRY]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("name", TIMED_OUT)
def test_what_does_not_end_is_ended_within_two_seconds_of_its_limit(name: str, start_s: float) -> None:
    verdict = judged(TIMED_OUT[name])
    holds(name, verdict)
    assert verdict["took"] < 3 * TIMED_OUT[name].limit_s + 2 + 3 * start_s


@pytest.mark.parametrize("name", BOMBS)
def test_a_fork_bomb_ends_and_leaves_nobody(name: str, start_s: float) -> None:
    verdict = judged(BOMBS[name])
    holds(name, verdict)
    assert verdict["took"] < 3 * BOMBS[name].limit_s + 2 + 3 * start_s


@pytest.mark.parametrize("name", KEYS)
def test_a_million_small_keys_are_refused(name: str) -> None:
    holds(name, judged(KEYS[name]))


@pytest.fixture(scope="module")
def textbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_HOME", str(tmp_path_factory.mktemp("home")))
        yield judged(Careless(TEXTBOOK, "wrong", checks=99))


def lasting(verdict: dict[str, Any]) -> dict[str, Any]:
    """What must be the same of two verdicts: all but times, output and the file's own digest."""
    checks = [{key: value for key, value in one.items() if key != "trace"} for one in verdict["checks"]]
    leave = {"seconds", "took", "output", "trace", "checks"}
    return {**{key: value for key, value in verdict.items() if key not in leave}, "checks": checks}


@pytest.mark.parametrize("name", SILENT)
def test_what_makes_noise_or_waits_for_nothing_is_judged_as_if_it_were_silent(
    name: str, textbook: dict[str, Any]
) -> None:
    verdict = judged(SILENT[name])
    assert lasting(verdict) == lasting(textbook)
    assert verdict["survivors"] == []


@pytest.mark.parametrize("name", UNREPEATABLE)
def test_what_differs_from_run_to_run_is_told_with_its_operation(name: str) -> None:
    holds(name, judged(UNREPEATABLE[name]))


def test_a_number_that_is_none_is_repeatable() -> None:
    verdict = judged(Careless("def get_board(cache, db, airport):\n    return [float('nan')]\n", "wrong"))
    assert verdict["outcome"] == "wrong"


@pytest.mark.parametrize("name", ["a wait for a grandchild", "fork bomb that swallows", "garbage frames"])
def test_the_next_check_runs_as_if_nothing_had_happened(name: str, textbook: dict[str, Any]) -> None:
    with marked() as mark:
        check(exercise(ALL[name].limit_s), ALL[name].source)
        assert alive(mark) == []
    assert lasting(judged(Careless(TEXTBOOK, "wrong", checks=99))) == lasting(textbook)


def test_two_checks_at_once_are_both_as_alone(textbook: dict[str, Any], tmp_path: Path) -> None:
    names = ["a grandchild left behind", "missing module"]
    running = [
        subprocess.Popen([sys.executable, "-B", str(SCRIPT), name], stdout=subprocess.PIPE, cwd="/") for name in names
    ]
    found = [json.loads(one.communicate(timeout=120)[0])[name] for name, one in zip(names, running, strict=True)]
    assert lasting(found[0]) == lasting(textbook)
    holds("missing module", found[1])


# Forgeries


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("a verdict printed", "printed"), ("a verdict returned", "returned"),
        ("bytes into every descriptor", "descriptor"), ("garbage frames", "frames"),
    ],
)  # fmt: skip
def test_a_forgery_fools_a_judge_that_shares_a_process_and_not_this_one(name: str, way: str, tmp_path: Path) -> None:
    source = FORGED[name].source
    assert isinstance(source, str)
    assert fooled(source.replace("import json, os, redis, sys", "import json, os, sys"), way, tmp_path) == "correct"
    holds(name, judged(FORGED[name]))


FORGER = """
import json, os

def go(db, frame):
    fd = int(os.environ["KIT_CHANNEL_FD"])
    body = json.dumps(frame).encode()
    os.write(fd, len(body).to_bytes(4, "big") + body)
    db.query("SELECT 1")
"""


@pytest.mark.parametrize(
    "frame",
    [
        ["verdict", ["correct"], None, False], ["verified", None, 0], ["bytes", [], None, False],
        ["query", ["x", [1]], None, False], ["sleep", [-1], None, False], ["sleep", [1.5], None, False],
        ["raised", ["x"], None, False], ["ended", [], None, False], ["answer", 5, None, False],
        ["answer"], [], {"s": "x"}, 5,
    ],
)  # fmt: skip
def test_a_frame_of_the_submissions_own_making_is_its_mistake_and_never_ours(frame: object) -> None:
    actors = ChildActors(Submission(FORGER, entries={"go": ["db"]}, client="none"), limit_s=20)
    try:
        actors.begin(0)
        actors.spawn("A")
        with pytest.raises(ChildEnded, match=r"of its own making|no frame of ours") as ended:
            actors.call("A", "go", [frame], 0)
        assert ended.value.outcome == "raised"
        assert not actors.child.alive()
    finally:
        actors.end()


@pytest.mark.parametrize("ear", ["select.select([], [], [])", "os.read(fd, 40_000); select.select([], [], [], 0.2)"])
def test_a_child_that_does_not_listen_is_ended(ear: str) -> None:
    source = f"""
import json, os, select

def go(db):
    fd = int(os.environ["KIT_CHANNEL_FD"])
    body = json.dumps(["answer", [5], None, False]).encode()
    os.write(fd, len(body).to_bytes(4, "big") + body)
    while True:
        {ear}
"""
    actors = ChildActors(Submission(source, entries={"go": ["db"]}, client="none"), limit_s=0.3)
    try:
        actors.begin(0)
        actors.spawn("A")
        assert actors.call("A", "go", [], 0).kind == "answer"
        begun = CLOCK.monotonic_s()
        with pytest.raises(ChildEnded, match="does not listen") as ended:
            actors.resume("A", "ok", "x" * 8_000_000, 0)
        assert ended.value.outcome == "timed_out"
        assert CLOCK.monotonic_s() - begun < 10
    finally:
        actors.end()


def test_a_child_that_cannot_load_leaves_nobody() -> None:
    with marked() as mark:
        check(exercise(2.0), "# " + "x" * 20_000_000)
        assert alive(mark) == []
        children = start(), start()
        check(exercise(2.0), b"\xff", children=children)
        assert alive(mark) == []


# As somebody who is not root


@pytest.fixture
def everyones(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="kit-careless-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _python_for_everyone(folder: Path) -> tuple[str, dict[str, str]]:
    """A Python that an ordinary user can start and that finds the kit's packages; a named skip if there is none."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    # redis-py wants this package of a Python before 3.11.3, where asyncio's own was not good enough; unused here.
    (folder / "async_timeout.py").write_text("from asyncio import timeout as timeout\n")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{packages}:{folder}", "PYTHONDONTWRITEBYTECODE": "1"}
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, *filter(None, [shutil.which(version, path="/usr/bin:/bin")])):
        try:
            ran = as_ordinary_user([candidate, "-B", "-c", "import kit.grading.judge, redis, greenlet"], environment)
        except OSError:
            continue
        if ran.returncode == 0:
            return candidate, environment
    pytest.skip(f"no {version} with the kit's packages that an ordinary user can start: these rows ran as root only")


def as_ordinary_user(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command, user=ORDINARY, group=ORDINARY, extra_groups=[], env=environment, cwd="/", capture_output=True
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="we are an ordinary user already: every row above ran as one")
def test_the_rows_hold_for_an_ordinary_user_too(everyones: Path) -> None:
    python, environment = _python_for_everyone(everyones)
    names = [
        "missing module", "os._exit", "4 GiB", "module changed", "endless loop", "a wait for a grandchild",
        "a counter below /proc", "fork bomb", "garbage frames", "file written",
    ]  # fmt: skip
    ran = as_ordinary_user([python, "-B", str(SCRIPT), *names], environment)
    assert ran.returncode == 0, ran.stderr.decode()
    for name, verdict in json.loads(ran.stdout).items():
        holds(name, verdict)


USES = """
import asyncio, base64, collections, contextlib, copy, dataclasses, datetime, decimal, enum, functools, hashlib
import itertools, json, logging, math, os, pickle, queue, random, re, redis, statistics, string, struct, sys
import threading, time, typing, uuid, warnings, zlib
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

LOG = logging.getLogger(__name__)

@dataclasses.dataclass
class Board:
    airport: str
    rows: list = dataclasses.field(default_factory=list)

class State(enum.Enum):
    OLD = 1

@functools.lru_cache
def key(airport):
    return f"board:{airport}"

def go(cache, db):
    LOG.warning("asked")
    logging.basicConfig()
    warnings.filterwarnings("ignore")
    decimal.getcontext().prec = 9
    random.seed(7)
    board = Board(key("JFK"), db.query("SELECT id FROM flights"))
    packed = zlib.compress(pickle.dumps(board.rows) + json.dumps(board.rows).encode() + struct.pack("!I", 7))
    cache.set(board.airport, base64.b64encode(packed), ex=60)
    found = re.sub(r"\\\\d", "", hashlib.sha256(packed).hexdigest())
    with contextlib.suppress(redis.RedisError), cache.lock("lock", timeout=5):
        cache.transaction(lambda pipe: pipe.multi() or pipe.incr("n"), "n")
    script = cache.register_script("return 1")
    with contextlib.suppress(redis.RedisError):
        script()
    pool = redis.Redis(connection_pool=cache.connection_pool, retry=Retry(ExponentialBackoff(), 2))
    pool.hset("h", mapping={"a": 1})
    copy.deepcopy(collections.OrderedDict(a=1))
    statistics.mean([1, 2])
    return [found, State.OLD.name, str(typing.Optional[int]), pool.hgetall("h"), list(itertools.chain("ab"))]
"""


def test_ordinary_use_of_modules_is_no_change_of_them() -> None:
    def scene(script: Script) -> None:
        script.call("go")

    actors = ChildActors(Submission(USES), limit_s=20)
    try:
        run = World(actors, IMAGE).run(scene)
        assert [op.name for op in run.tape if op.peer == "scene"] == ["start", "answer", "end"], told(
            run.tape, "raised"
        )
        assert actors.verify()[0] is None
    finally:
        actors.end()
