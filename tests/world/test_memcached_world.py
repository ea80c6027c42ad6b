"""The unmodified pymemcache over the world's in-memory socket, in Memcached mode."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest
from worlds import IMAGE, Script, at_random, call, exploring, kinds, told

from kit.cache.clock import Clock
from kit.cache.memcached.reply import ErrorReply
from kit.real.forward_memcached import ForwardingEngine
from kit.world.actors import LocalActors, Submission
from kit.world.memcached_mode import MEMCACHED
from kit.world.mode import Mode
from kit.world.redis_mode import REDIS
from kit.world.tape import Op, Tape, operations
from kit.world.world import Run, World

BOARD = """
import json
from pymemcache import MemcacheError
BOARD = "/* board */ SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"

def get_board(cache, db, airport):
    try:
        found = cache.get("board:" + airport)
    except (MemcacheError, OSError):
        found = None
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set("board:" + airport, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
"""
NUMBERS = """
def put(cache, db, key, value, waits):
    return cache.set(key, value, noreply=not waits)

def take(cache, db, key):
    return cache.get(key)

def twice(cache, db):
    return [cache.set("a", "1"), cache.get("a")]
"""
TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"


def world(source: str, client: str = "memcached", **options: Any) -> World:
    actors = LocalActors(Submission(dedent(source), "submission.py", {}, client))
    return World(actors, IMAGE, mode=MEMCACHED, **options)


def play(source: str, scene: Callable[[Script], Any], choices: Any = (), **options: Any) -> Run:
    return world(source, **options).run(scene, choices)


def cached(tape: Tape) -> list[Op]:
    return [op for op in operations(tape) if op.peer == "cache"]


@pytest.mark.parametrize("client", ["memcached", "memcached-pool"])
def test_the_second_reader_spares_the_database(client: str) -> None:
    answers = []

    def scene(script: Script) -> None:
        script.truth("JFK", TRUTH, airport="JFK")
        answers.extend(script.call("get_board", "JFK") for _ in range(2))

    run = play(BOARD, scene, client=client)
    assert run.stuck is None
    assert answers[0].value == answers[1].value != []
    assert [answer.queries for answer in answers] == [1, 0]
    assert [op.name for op in cached(run.tape)] == ["get", "set", "get"]
    assert [effect.version for op in cached(run.tape) for effect in op.effects] == [None, 1, 1]


def test_a_request_stands_on_the_tape_as_its_words_and_its_block() -> None:
    (op,) = cached(play(NUMBERS, lambda script: script.call("put", "a", "xyz", True)).tape)
    assert (op.name, op.keys, op.write) == ("set", (b"a",), True)
    assert op.request == (b"set", b"a", b"0", b"0", b"3", b"xyz")
    assert op.reply == "STORED"


def test_an_entry_ends_with_its_expiry_and_the_tape_says_so() -> None:
    def scene(script: Script) -> None:
        script.call("get_board", "JFK")
        script.sleep(61)
        script.call("get_board", "JFK")

    again = [op for op in cached(play(BOARD, scene).tape) if op.actor == "Reader 2"]
    assert [effect.kind for effect in again[0].effects] == ["expired", "miss"]


def test_a_pool_has_two_connections_where_two_threads_ask() -> None:
    source = """
        import threading
        def go(cache, db):
            found = {}
            def ask(key):
                cache.set(key, key, noreply=False)
                found[key] = cache.get(key)
            threads = [threading.Thread(target=ask, args=(key,)) for key in ("a", "b")]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return sorted(found.items())
    """
    found = []
    for seed in range(20):
        run = play(
            source, exploring({"A": [call("go")]}), at_random(seed, 0.3) if seed else (), client="memcached-pool"
        )
        found += [op.reply for op in told(run.tape, "answer")]
    assert [["a", b"a"], ["b", b"b"]] in found


# What nobody waits for


@pytest.mark.parametrize("waits", [True, False])
def test_a_write_that_nobody_waits_for_has_no_reply_to_lose(waits: bool) -> None:
    run = play(NUMBERS, lambda script: script.explore({"A": [call("put", "a", "1", waits)]}))
    wanted = ["request_lost", "reply_lost", "cut", "full", "unreachable"]
    wanted = wanted if waits else [one for one in wanted if one != "reply_lost"]
    assert kinds(run.points[0].alternatives) == ["run A set", *(f"{kind} A set" for kind in wanted), "death A set"]


def test_a_lost_write_that_nobody_waits_for_is_noticed_by_nobody_and_costs_no_time() -> None:
    answers = []

    def scene(script: Script) -> None:
        script.fault("request_lost", on="writes", count=1)
        answers.append(script.call("twice"))

    play(NUMBERS, scene)
    assert (answers[0].value, answers[0].us) == ([True, None], 2)


def test_a_lost_write_that_is_waited_for_times_out_after_a_second() -> None:
    answers = []

    def scene(script: Script) -> None:
        script.fault("request_lost", on="writes", count=1)
        answers.append(script.call("put", "a", "1", True))

    play(NUMBERS, scene)
    assert answers[0].raised[0] == "TimeoutError"
    assert answers[0].us >= 1_000_000


def test_a_full_server_refuses_what_stores_and_obeys_the_rest() -> None:
    source = """
        from pymemcache.exceptions import MemcacheServerError
        def go(cache, db):
            found = []
            for ask in (lambda: cache.set("a", "2", noreply=False), lambda: cache.set("a", "3"),
                        lambda: cache.get("a"), lambda: cache.delete("b", noreply=False)):
                try: found.append(ask())
                except MemcacheServerError as error: found.append(str(error))
            return found
    """
    answers = []

    def scene(script: Script) -> None:
        script.fault("full")
        answers.append(script.call("go"))

    run = play(source, scene)
    assert answers[0].value == ["b'out of memory storing object'", True, None, False]
    assert isinstance(cached(run.tape)[0].reply, ErrorReply)


def test_a_memcached_has_no_read_only_replica() -> None:
    def scene(script: Script) -> None:
        script.fault("read_only")
        script.call("twice")

    with pytest.raises(ValueError, match="no replicas"):
        play(NUMBERS, scene)


def test_an_item_above_the_limit_is_refused_and_takes_the_elder_one_along() -> None:
    source = """
        from pymemcache.exceptions import MemcacheServerError
        def go(cache, db, waits):
            cache.set("a", "old", noreply=False)
            try: cache.set("a", "x" * 1000, noreply=not waits)
            except MemcacheServerError as error: return [str(error), cache.get("a")]
            return [None, cache.get("a")]
    """
    for waits, said in ((True, "b'object too large for cache'"), (False, None)):
        answers = []

        def scene(script: Script) -> None:
            script.item_limit(1_000)
            answers.append(script.call("go", waits))  # noqa: B023

        play(source, scene)
        assert answers[0].value == [said, None]


def test_the_limit_of_one_scene_is_not_the_next_ones() -> None:
    kept = world(NUMBERS)

    def small(script: Script) -> None:
        script.item_limit(100)

    def big(script: Script) -> None:
        answers.append(script.call("put", "a", "x" * 1_000, True))

    answers: list[Any] = []
    kept.run(small)
    kept.run(big)
    assert answers[0].value is True


# Kept connections, faults and deaths


@pytest.mark.parametrize("client", ["memcached", "memcached-pool"])
def test_kept_and_fresh_worlds_give_the_same_tapes_under_faults_and_deaths(client: str) -> None:
    def scene(script: Script) -> None:
        script.truth("JFK", TRUTH, airport="JFK")
        script.explore({"Reader 1": [call("get_board", "JFK")] * 2, "Reader 2": [call("get_board", "JFK")]})
        script.call("get_board", "JFK")

    kept = world(BOARD, client)
    met = set()
    for seed in range(60):
        one = kept.run(scene, at_random(seed, 0.6))
        other = world(BOARD, client).run(scene, one.tape.choices)
        assert one.tape.dumps() == other.tape.dumps()
        met |= {point.chosen.kind for point in one.points}
    assert {"switch", "death", "request_lost", "reply_lost", "cut", "full", "unreachable", "expire"} <= met


@pytest.mark.parametrize(("client", "mode"), [("redis", REDIS), ("memcached", MEMCACHED)])
def test_what_a_server_counts_of_its_clients_does_not_tell_of_earlier_schedules(client: str, mode: Mode) -> None:
    source = """
        def go(cache, db):
            for _ in range(3):
                try: cache.set("a", "1")
                except Exception: pass

        def look(cache, db):
            if hasattr(cache, "info"):
                return [cache.info()["connected_clients"], cache.info()["total_connections_received"]]
            return [cache.stats()[b"curr_connections"], cache.stats()[b"total_connections"]]
    """

    def scene(script: Script) -> None:
        script.explore({"A": [call("go")], "B": [call("go")]})
        script.call("look")

    def new() -> World:
        return World(LocalActors(Submission(dedent(source), "submission.py", {}, client)), IMAGE, mode=mode)

    kept, counted = new(), set()
    for seed in range(30):
        one = kept.run(scene, at_random(seed, 0.5))
        other = new().run(scene, one.tape.choices)
        seen = [told(run.tape, "answer")[-1].reply for run in (one, other)]
        assert seen[0] == seen[1]
        counted.add(tuple(seen[0]))
    assert len(counted) > 3


def test_an_attribute_set_on_the_client_leaks_nowhere() -> None:
    source = """
        def go(cache, db):
            cache.seen = getattr(cache, "seen", 0) + 1
            return cache.seen
    """
    kept = world(source)
    answers: list[Any] = []

    def scene(script: Script) -> None:
        answers.append(script.call("go").value)

    kept.run(scene)
    kept.run(scene)
    assert answers == [1, 1]


# Beside a real server

PROGRAM = r"""
import random
from pymemcache.exceptions import MemcacheError

VERBS = "set add replace append prepend get gets cas delete incr decr touch gat many raw".split()

def go(cache, db, seed):
    draw = random.Random(seed)
    found, token = [], None
    for _ in range(60):
        key = draw.choice(["a", "b", "c"])
        value = draw.choice(["", "7", "12", "x", "x" * 300, "END"])
        waits = draw.random() < 0.7
        verb = draw.choice(VERBS)
        try:
            if verb in ("set", "add", "replace", "append", "prepend"):
                found.append(getattr(cache, verb)(key, value, noreply=not waits))
            elif verb == "gets":
                answer, token = cache.gets(key)
                found.append(answer)
            elif verb == "cas":
                found.append(cache.cas(key, value, token or b"999999999", noreply=False))
            elif verb in ("delete", "get"):
                found.append(cache.delete(key, noreply=not waits) if verb == "delete" else cache.get(key))
            elif verb in ("incr", "decr"):
                found.append(getattr(cache, verb)(key, draw.randrange(9), noreply=False))
            elif verb == "touch":
                found.append(cache.touch(key, 100, noreply=not waits))
            elif verb == "gat":
                found.append(cache.raw_command(b"gats 100 " + key.encode(), b"END\r\n"))
            elif verb == "many":
                found.append(cache.get_many(["a", "b", "zz"]))
            else:
                found.append(cache.raw_command(draw.choice([b"mg a f v k", b"mg b c s v", b"mn", b"md b", b"ma c"])))
        except MemcacheError as error:
            found.append([type(error).__name__, str(error)])
    return found
"""


@pytest.mark.real("memcached")
def test_the_same_program_leaves_the_same_tape_with_a_real_server_in_the_models_place(memcached: Any) -> None:
    with contextlib.ExitStack() as lines:

        def forwarding(clock: Clock) -> ForwardingEngine:
            engine = ForwardingEngine(clock, (memcached.host, memcached.port))
            lines.callback(engine.close)
            return engine

        model, real = world(PROGRAM), world(PROGRAM, engine=forwarding)
        verbs, ended = set(), 0
        for seed in random.Random(8).sample(range(10_000), 40):
            one, other = (here.run(lambda script, seed=seed: script.call("go", seed)) for here in (model, real))
            assert one.tape.dumps().splitlines()[1:] == other.tape.dumps().splitlines()[1:]
            ended += bool(told(one.tape, "answer"))  # a program that asks the same again and again is stopped
            verbs |= {op.name for op in cached(one.tape)}
    assert {"set", "cas", "gets", "gats", "incr", "touch", "delete", "mg", "md"} <= verbs
    assert ended >= 20
