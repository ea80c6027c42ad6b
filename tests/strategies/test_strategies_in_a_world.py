"""The strategies over unmodified redis-py in a world: the search finds what the textbook's order loses, and no more."""

from __future__ import annotations

import pytest

from kit.grading.check import Bounds, call
from kit.grading.freshness import freshness
from kit.grading.search import Evidence, Failure, Search
from kit.workloads.scene_rows import AIRPORTS, COMMON
from kit.world.actors import LocalActors, Submission
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import operations
from kit.world.world import Run, World

SOURCE = """
import json
import uuid

from kit.strategies.adapters.redis import RedisCache
from kit.strategies.invalidate_on_write import {form} as form

BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = 'JFK' ORDER BY sched, id"
POST = "/* post */ UPDATE flights SET delay = :minutes WHERE id = 2"
{unique}

def get_board(cache, db, airport):
    load = lambda: json.dumps(db.query(BOARD)).encode()
    return json.loads(form.read(RedisCache(cache), "board:" + airport, load, ttl=60, **READ))


def post_delay(cache, db, minutes):
    change = lambda: db.execute(POST, minutes=minutes)
    form.write(RedisCache(cache), "board:JFK", change, **WRITE)
"""
NOTHING = "READ, WRITE = {}, {}"
UNIQUE = "READ = dict(unique=lambda: uuid.uuid4().hex)\nWRITE = READ if '{form}' == 'generation' else {{}}"
READER, WRITER = [call("get_board", "JFK")], [call("post_delay", 39)]


def _world(form: str) -> World:
    unique = UNIQUE.format(form=form) if form in ("token", "generation") else NOTHING
    entries = {"get_board": ["cache", "db", "airport"], "post_delay": ["cache", "db", "minutes"]}
    source = SOURCE.format(form=form, unique=unique)
    return World(LocalActors(Submission(source, "strategy.py", entries)), Image(COMMON, AIRPORTS))


def _truth(world: Script) -> None:
    world.truth("JFK", "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id", airport="JFK")


def reader_and_writer(world: Script) -> None:
    _truth(world)
    world.explore({"Reader 1": READER, "Writer": WRITER})
    world.call("get_board", "JFK")


def two_readers_and_a_writer(world: Script) -> None:
    _truth(world)
    world.explore({"Reader 1": READER, "Reader 2": READER, "Writer": WRITER})
    world.call("get_board", "JFK")


def _search(form: str, scene: object, bounds: Bounds) -> Evidence:
    world = _world(form)

    def look(run: Run) -> Failure | None:
        assert run.stuck is None
        assert not any(op.name == "raised" for op in run.tape)
        message = freshness(run.tape)
        return message and Failure(run.tape.choices, message, len(run.tape), len(operations(run.tape)), run)  # type: ignore[return-value]

    return Search(lambda choose: world.run(scene, choose), look, bounds).always()  # type: ignore[arg-type]


def test_the_textbook_form_loses_the_canonical_race_after_four_schedules() -> None:
    found = _search("textbook", reader_and_writer, Bounds(leaps=0))
    assert found.failure is not None
    assert (found.level, found.failing, found.schedules) == (1, 1, 4)
    assert found.failure.choices == (0, 0, 1)
    names = [(op.actor, op.name) for op in operations(found.failure.run.tape)]
    assert names == [
        ("Reader 1", "GET"), ("Reader 1", "query"), ("Writer", "execute"), ("Writer", "DEL"), ("Reader 1", "SET"),
        ("Reader 2", "GET"),
    ]  # fmt: skip


def test_delete_first_loses_after_as_many_schedules_with_its_delete_before_the_commit() -> None:
    found = _search("delete_first", reader_and_writer, Bounds(leaps=0))
    assert found.failure is not None
    assert (found.level, found.failing, found.schedules) == (1, 1, 4)
    names = [op.name for op in operations(found.failure.run.tape)]
    assert names == ["GET", "query", "DEL", "execute", "SET", "GET"]


@pytest.mark.parametrize("form", ["token", "generation"])
def test_the_closed_forms_keep_the_rule_in_all_orders_with_a_leap_and_an_expiry(form: str) -> None:
    found = _search(form, reader_and_writer, Bounds(leaps=1, expiries=1))
    assert found.failure is None
    assert found.coverage == "all orders of these actors, with at most one leap and one expiry"


@pytest.mark.parametrize("form", ["token", "generation"])
def test_the_closed_forms_keep_the_rule_with_two_readers(form: str) -> None:
    assert _search(form, two_readers_and_a_writer, Bounds(leaps=0)).failure is None
