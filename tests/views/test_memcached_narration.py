"""Recordings of memcached mode told: its own verbs, its requests that nobody answers, and no step without words."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from kit.views import frames, table, twin
from kit.views.narration import narrate, tell
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image
from kit.world.memcached_mode import MEMCACHED
from kit.world.tape import Tape
from kit.world.world import World

TEXTBOOK = """
import json
BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"

def get_board(cache, db, airport):
    found = cache.get("board:" + airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    cache.set("board:" + airport, json.dumps(rows), expire=60)
    return rows

def post_delay(cache, db, flight, minutes):
    db.execute("/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight", minutes=minutes, flight=flight)
    cache.delete("board:JFK", noreply=False)

def go(cache, db):
    {line}
"""
TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"


def recorded(scene: Any, choices: Any = (), line: str = "pass") -> Tape:
    actors = LocalActors(Submission(dedent(TEXTBOOK).replace("{line}", line), "submission.py", {}, "memcached"))
    return World(actors, Image(COMMON, AIRPORTS), mode=MEMCACHED).run(scene, choices).tape


def race(world: Any) -> None:
    world.truth("JFK", TRUTH, airport="JFK")
    world.explore({"Reader 1": [call("get_board", "JFK")], "Writer": [call("post_delay", 2, 39)]})
    world.call("get_board", "JFK")


def test_the_race_has_eleven_steps_for_nobody_waits_for_the_set() -> None:
    assert list(tell(recorded(race, [0, 0, 1]))) == [
        "Reader 1 asks the cache for the board of JFK.",
        "The cache holds nothing under board:JFK: a miss.",
        "Reader 1 asks the database for the board.",
        "The database gives Reader 1 version 1: DL120 leaves at 09:00.",
        "The writer delays DL120 to 09:39: the database holds version 2.",
        "Reader 1 still holds version 1. It is stale now.",
        "The writer deletes board:JFK from the cache.",
        "The cache finds nothing to delete.",
        "Reader 1 puts version 1 back. The cache is now wrong.",
        "Reader 2 asks the cache for the same board.",
        "Reader 2 gets a hit, and a stale board: 09:00 instead of 09:39.",
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cache.add('a', '1', noreply=False)", ["Writer 1 stores a, if it is absent.", "The cache accepts it."]),
        (
            "cache.replace('a', '1', noreply=False)",
            ["Writer 1 stores a, if it is there.", "The cache does nothing: the condition does not hold."],
        ),
        ("cache.set('a', '1', noreply=False)", ["Writer 1 stores a.", "The cache accepts it."]),
        ("cache.set('a', '1')", ["Writer 1 stores a."]),
        ("cache.add('board:JFK', '1')", ["Writer 1 stores board:JFK, if it is absent."]),
        ("cache.incr('a', 4)", ["Writer 1 adds 4 to a.", "The cache holds nothing under a."]),
        (
            "cache.delete('a', noreply=False)",
            ["Writer 1 deletes a from the cache.", "The cache finds nothing to delete."],
        ),
        ("cache.touch('a', 9, noreply=False)", ["Writer 1 gives a 9 s to live.", "The cache holds nothing under a."]),
        ("cache.flush_all(noreply=False)", ["Writer 1 empties the cache.", "The cache is empty now."]),
        (
            "cache.raw_command(b'mg a v')",
            ["Writer 1 asks the cache for a.", "The cache holds nothing under a: a miss."],
        ),
        ("cache.raw_command(b'ms a 1 T60\\r\\nx')", ["Writer 1 stores a for 60 s.", "The cache accepts it."]),
        ("cache.raw_command(b'wat')", ["Writer 1 sends wat to the cache.", "The cache does not know the command wat."]),
    ],
)  # fmt: skip
def test_each_verb_has_its_words(line: str, told: list[str]) -> None:
    assert list(tell(recorded(lambda world: world.call("go"), line=line)))[:2] == told


def test_a_full_cache_that_nobody_listens_to_is_told_by_the_narrator() -> None:
    def scene(world: Any) -> None:
        world.fault("full")
        world.call("go")

    (sentence,) = tell(recorded(scene, line="cache.set('a', '1')"))
    assert sentence == "Writer 1 stores a: the cache does not, unheard."


def test_a_value_that_is_too_large_is_refused_in_words() -> None:
    def scene(world: Any) -> None:
        world.item_limit(100)
        world.call("go")

    told = tell(recorded(scene, line="cache.set('a', 'x' * 200, noreply=False)"))
    assert told[1] == "The cache refuses it: the value is too large."


def test_every_schedule_of_the_race_can_be_drawn_and_told() -> None:
    import random

    draw = random.Random(5)
    for _ in range(60):
        tape = recorded(race, [draw.choice((0, 0, draw.randrange(9))) for _ in range(12)])
        told = [one.sentence for one, _ in narrate(tape)]
        assert all(0 < len(one) <= 72 for one in told)
        assert frames.recording(tape, "A race")["pictures"]
        assert twin.html(tape)
        assert len(table.rows(tape)) == len(told)
