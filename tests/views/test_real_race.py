"""The race of looks.md out of a real world: redis-py, RESP bytes, SQL, and the flights of the pictures."""

from __future__ import annotations

import json
from typing import Any

from test_narration import AS_DRAWN

from kit.views.frames import recording
from kit.views.narration import tell
from kit.workloads.scene_rows import RACE_AS_DRAWN as DRAWN
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Tape
from kit.world.world import World

BOARD = (
    "/* board */ SELECT id, carrier, number, dest, sched, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
)


def get_board(cache: Any, db: Any, airport: str) -> Any:
    board = cache.get(f"board:{airport}")
    if board is None:
        board = json.dumps(db.query(BOARD, airport=airport))
        cache.set(f"board:{airport}", board, ex=300)
    return json.loads(board)


def post_delay(cache: Any, db: Any, flight: int, minutes: int) -> None:
    db.execute("/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight", minutes=minutes, flight=flight)
    cache.delete("board:EWR")


def scene(world: Script) -> None:
    sql = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
    world.truth("board of EWR", sql, airport="EWR")
    world.explore({
        "Reader 1": [call("get_board", "EWR")], "Writer": [call("post_delay", DRAWN.flight, DRAWN.delay)],
    })  # fmt: skip
    world.call("get_board", "EWR")


def race() -> Tape:
    code = Submission(functions={"get_board": get_board, "post_delay": post_delay})
    world = World(LocalActors(code), Image(DRAWN.rows, (DRAWN.airport,)))
    return world.run(scene, [0, 0, 1]).tape


def test_the_real_race_is_told_word_for_word() -> None:
    assert tell(race()) == AS_DRAWN


def test_its_picture_has_the_readers_hatch_at_5_and_the_field_at_9() -> None:
    picture = recording(race(), "")["pictures"][0]
    assert next(span[3:5] for span in picture["spans"] if span[0] == "k-hatch" and span[2] == 8) == [2 * 4, 2 * 8]
    assert [field[2:4] for field in picture["fields"]] == [[2 * 8, None]]


def test_a_tape_read_from_its_file_is_drawn_the_same() -> None:
    assert recording(Tape.loads(race().dumps()), "") == recording(race(), "")
