"""Schedules: how many until the stale set is found, how long that takes, and how many a second.

The race of the exercise's textbook file: a reader and a writer of one board over redis-py and SQLite, the tape on, a
probe in each schedule. Judged means the same world over a child behind frames.
Peer: frontrun, on a real Valkey and a board that is an attribute; only where it is installed (it is no dependency).
Rules: a schedule in process is CPU time; where two processes work together both sides are wall time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

from kit.grading.bench import MAXMEMORY, Bench
from kit.grading.check import ORDERS, Check, Part, call
from kit.grading.exercise import Exercise, load
from kit.grading.properties import freshness
from kit.grading.proxy import ChildActors
from kit.grading.search import Evidence, Search
from kit.real.valkey import running_valkey
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors
from kit.world.image import Image
from kit.world.request import Actors
from kit.world.script import Script
from kit.world.world import World
from tests.bench.paired import Line, Side, cpu, paired, wall
from tests.bench.references import Floor, missing

EXERCISE = "invalidate_on_write"
_TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
_LISTS = ((), (1,), (0, 1), (0, 0, 1))  # levels 0 and 1 of this race


def race(world: Script) -> None:
    """A reader and a writer of a cold board, and somebody who looks afterwards."""
    world.truth("JFK", _TRUTH, airport="JFK")
    world.explore({"Reader 1": [call("get_board", "JFK")], "Writer": [call("post_delay", 2, 39)]})
    world.call("get_board", "JFK")


PART = Part(race, ORDERS)
CHECK = Check("bench", "No reader is shown a superseded board", 1, False, "always", (PART,), freshness)


def textbook(exercise: Exercise) -> str:
    """The file that everybody writes."""
    return (exercise.folder / "wrong" / "11_textbook.py").read_text(encoding="utf-8")


def lines(rounds: int, quick: bool) -> Iterator[Line]:
    """The lines of schedules."""
    exercise = load(EXERCISE)
    yield from _stale_set(exercise, rounds)
    yield from _a_second(exercise, rounds, 40 if quick else 200)


def _stale_set(exercise: Exercise, rounds: int) -> Iterator[Line]:
    evidence = _search(exercise)
    assert evidence.failure is not None, "the textbook's race was not found"
    yield Line("the stale set through redis-py", evidence.schedules, "schedules in all", 10, 4)
    sides: dict[str, Side] = {"ours": lambda: wall(lambda: _search(exercise)), "floor": Floor().on_the_wall}
    why = missing("frontrun")
    with ExitStack() as stack:
        if not why:
            sides["frontrun"] = stack.enter_context(_Frontrun())
        found = paired(sides, rounds)
    ours = f"{found.cost('ours') * 1e3:.1f} ms"
    yield Line("the stale set, client and world built", found.ratio("ours", "floor"), "× floor GET", beside=ours)
    if why:
        yield Line("the stale set × frontrun on a real Valkey", None, beside=why)
    else:
        beside = f"{ours}, frontrun {found.cost('frontrun') * 1e3:.0f} ms"
        yield Line("the stale set", found.ratio("ours", "frontrun"), "× frontrun", 0.05, 0.01, beside)


def _search(exercise: Exercise) -> Evidence:
    source = textbook(exercise)
    bench = Bench(exercise, source, LocalActors(exercise.submission(source)))
    return Search(lambda choose: bench.play(PART, choose), lambda run: bench.look(CHECK, run), ORDERS).always()


def _a_second(exercise: Exercise, rounds: int, schedules: int) -> Iterator[Line]:
    submission = exercise.submission(textbook(exercise))
    judged = ChildActors(submission, limit_s=exercise.limit_s)
    try:
        local, apart, floor = _player(LocalActors(submission), schedules), _player(judged, schedules), Floor()
        found = paired({"local": lambda: cpu(local) / schedules, "floor": floor}, rounds)
        both = paired({"judged": lambda: wall(apart) / schedules, "local": lambda: wall(local) / schedules}, rounds)
    finally:
        judged.end()
    yield Line(
        "a schedule in process", found.ratio("local", "floor"), "× floor GET", 2_000, 4_000,
        amount=1 / found.cost("local"), of="a second", least=True,
    )  # fmt: skip
    yield Line(
        "a schedule judged", both.ratio("judged", "local"), "× in process", 800, 1_500,
        amount=1 / both.cost("judged"), of="a second", least=True,
    )  # fmt: skip


def _player(actors: Actors, schedules: int) -> Callable[[], None]:
    """So many schedules in a row, over kept clients."""
    world = World(actors, Image(COMMON, AIRPORTS), maxmemory=MAXMEMORY)

    def play() -> None:
        for choices in islice(cycle(_LISTS), schedules):
            assert world.run(race, choices).stuck is None

    return play


class _Frontrun:
    """A process under frontrun's own launcher that explores the race once for every line it reads."""

    def __enter__(self) -> Side:
        self._stack = ExitStack()
        server = self._stack.enter_context(running_valkey())
        root = Path(__file__).resolve().parents[2]
        peer = [sys.executable, "-m", "tests.bench.peer_frontrun", server.host, str(server.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "frontrun.cli", *peer], cwd=root, text=True, env=dict(os.environ),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self._explore

    def _explore(self) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print("go", file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def __exit__(self, *exception: object) -> None:
        self._process.communicate("", timeout=20)
        self._stack.close()
