"""The unmodified valkey-py in redis mode: the same code leaves the same tape as with redis-py."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kit.world.actors import LocalActors, Submission
from kit.world.world import World
from tests.world.test_transport import COUNTER, EVERYTHING, LOCKED, SIXTY
from tests.world.worlds import IMAGE, at_random, call, together, told


def world(source: str, client: str, protocol: int = 3) -> World:
    text = dedent(source).replace("import redis", f"import {client} as redis")
    return World(LocalActors(Submission(text, "submission.py", {}, client, protocol)), IMAGE)


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("source", [EVERYTHING, SIXTY], ids=["everything", "sixty"])
def test_the_same_code_leaves_the_same_tape_with_either_client(source: str, protocol: int) -> None:
    one, other = (world(source, client, protocol).run(together(A=call("go"))) for client in ("redis", "valkey"))
    assert told(one.tape, "answer")
    assert one.tape.dumps() == other.tape.dumps()


@pytest.mark.parametrize("source", [COUNTER, LOCKED], ids=["watch", "lock"])
def test_the_same_choices_find_the_same_orders_with_either_client(source: str) -> None:
    scene = together(A=call("add"), B=call("add"))
    redis, valkey = world(source, "redis"), world(source, "valkey")
    for seed in range(20):
        one = redis.run(scene, at_random(seed, 0.5))
        other = valkey.run(scene, one.tape.choices)
        assert [(op.actor, op.name, op.reply) for op in one.tape] == [
            (op.actor, op.name, op.reply) for op in other.tape
        ]
