"""The unmodified redis-py over the world's in-memory socket: bytes go out, operations come onto the tape."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from worlds import Script, World, answer, answers, at_random, call, kinds, orders, play, together, told, words, world

from kit.cache.redis.reply import ErrorReply
from kit.world.tape import operations

SIXTY = """
def go(cache, db):
    with cache.pipeline(transaction=False) as pipe:
        for number in range(60):
            pipe.set(f"k{number}", number)
        return pipe.execute()

def look(cache, db):
    return cache.get("k30")
"""
COUNTER = """
import redis

def add(cache, db):
    tries = 0
    while True:
        tries += 1
        try:
            with cache.pipeline() as pipe:
                pipe.watch("n")
                seen = int(pipe.get("n") or 0)
                pipe.multi()
                pipe.set("n", seen + 1)
                pipe.execute()
            return tries
        except redis.WatchError:
            continue
"""
LOCKED = """
def add(cache, db):
    with cache.lock("lock", timeout=30):
        seen = int(cache.get("n") or 0)
        cache.set("n", seen + 1)
    return seen
"""
EVERYTHING = """
import redis

def go(cache, db):
    seen = [cache.get("nothing"), cache.set("a", "1", ex=50), cache.ttl("a"), cache.set("a", "2", nx=True)]
    seen += [cache.hset("h", mapping={"x": "1", "y": "2"}), sorted(cache.hgetall("h").items())]
    seen += [cache.sadd("s", "one"), sorted(cache.smembers("s")), cache.mget("a", "b"), cache.incrbyfloat("f", 0.5)]
    seen += [cache.exists("a", "b"), cache.type("h"), cache.delete("a"), cache.ping(), cache.dbsize()]
    try:
        cache.incr("h")
    except redis.ResponseError as error:
        seen.append(str(error))
    with cache.pipeline() as pipe:
        seen.append(pipe.watch("w"))
        pipe.multi()
        pipe.set("w", 1).hgetall("h").get("nothing")
        seen += pipe.execute()
    return repr(seen)
"""


def test_sixty_commands_in_one_write_are_sixty_operations_and_switch_points() -> None:
    run = play(SIXTY, together(A=call("go")))
    assert words(run.tape) == ["A SET"] * 60
    assert len(run.points) == 61  # and the end
    assert [kinds(point.alternatives)[0] for point in run.points[:-1]] == ["run A SET"] * 60
    assert told(run.tape, "answer")[0].reply == [True] * 60


def test_somebody_may_come_between_two_commands_of_one_write() -> None:
    run = play(SIXTY, together(A=call("go"), B=call("look")), [0] * 30 + [1])
    assert words(run.tape)[29:32] == ["A SET", "B GET", "A SET"]
    assert told(run.tape, "answer")[0].reply is None


def test_a_transaction_is_one_operation_that_lists_its_commands() -> None:
    source = """
        def go(cache, db):
            with cache.pipeline() as pipe:
                pipe.watch("w")
                pipe.multi()
                pipe.set("a", "1").get("b")
                return pipe.execute()
    """
    run = play(source, together(A=call("go")))
    watch, exec_ = operations(run.tape)
    assert (watch.name, watch.keys, watch.write) == ("WATCH", (b"w",), False)
    assert (exec_.name, exec_.keys, exec_.write) == ("EXEC", (b"a", b"b", b"w"), True)
    assert [list(one) for one in exec_.request] == [[b"SET", b"a", b"1"], [b"GET", b"b"]]
    assert [effect.kind for effect in exec_.effects] == ["stored", "miss"]


def test_a_transaction_that_was_thrown_away_leaves_no_operation() -> None:
    source = """
        def go(cache, db):
            with cache.pipeline() as pipe:
                pipe.watch("w")
                pipe.multi()
                pipe.set("a", "1")
                pipe.reset()
            return cache.get("a")
    """
    assert words(play(source, together(A=call("go"))).tape) == ["A WATCH", "A GET"]


def test_a_pipeline_of_21_kilobytes_is_served_whole() -> None:
    source = """
        def go(cache, db):
            with cache.pipeline() as pipe:
                for number in range(3):
                    pipe.set(f"k{number}", "x" * 7000)
                pipe.execute()
            return cache.mget("k0", "k1", "k2")
    """
    assert answer(source) == [b"x" * 7000] * 3


def test_a_command_in_many_pieces_is_served_when_it_is_whole() -> None:
    source = """
        import redis

        def go(cache, db):
            connection = cache.connection_pool.get_connection()
            pieces = connection.pack_command("SET", "k", "x" * 21000)
            redis.connection.Connection.send_packed_command(connection, pieces)
            reply = connection.read_response()
            cache.connection_pool.release(connection)
            return [len(pieces), reply, len(cache.get("k"))]
    """
    run = play(source, together(A=call("go")))
    assert words(run.tape) == ["A SET", "A GET"]
    pieces, reply, size = told(run.tape, "answer")[0].reply
    assert pieces > 1
    assert (reply, size) == (b"OK", 21000)


@pytest.mark.parametrize("source", [COUNTER, LOCKED], ids=["WATCH", "redis-py's Lock"])
def test_no_count_is_lost_in_any_order(source: str) -> None:
    here = world(source)
    overtaken = 0
    for seed in range(60):
        run = here.run(together(A=call("add"), B=call("add")), orders(seed))
        assert run.stuck is None
        stored = [op for op in operations(run.tape) if any(effect.key == b"n" for effect in op.effects) and op.write]
        assert len([op for op in stored if any(one.kind == "stored" for one in op.effects)]) == 2
        overtaken += any(op.reply is None and op.name == "EXEC" for op in operations(run.tape))
        overtaken += any(op.name == "sleep" for op in operations(run.tape))
    assert overtaken  # a WatchError, or a wait for the lock


def test_both_protocols_leave_the_same_tape() -> None:
    for seed in range(15):
        tapes = [
            play(EVERYTHING, together(A=call("go"), B=call("go")), at_random(seed, 0.2), protocol=protocol).tape
            for protocol in (2, 3)
        ]
        assert tapes[0].dumps() == tapes[1].dumps()
    assert answer(EVERYTHING, protocol=2) == answer(EVERYTHING, protocol=3)


def test_replies_on_the_tape_are_decoded_values() -> None:
    replies = [op.reply for op in operations(play(EVERYTHING, together(A=call("go"))).tape)]
    assert replies[0] is None
    assert {b"x": b"1", b"y": b"2"} in replies
    assert any(isinstance(reply, ErrorReply) and reply.startswith("WRONGTYPE") for reply in replies)


def test_a_client_is_connected_before_the_scene() -> None:
    assert not any(op.setup for op in play(SIXTY, together(A=call("look"))).tape)


def test_a_reconnection_after_a_fault_is_on_the_tape_as_set_up() -> None:
    source = """
        import redis

        def go(cache, db):
            try:
                cache.get("a")
            except redis.RedisError:
                return cache.get("b")
    """
    at_first = play(source, together(A=call("go"))).points[0].alternatives
    for kind in ("request_lost", "reply_lost", "unreachable"):
        run = play(source, together(A=call("go")), [[one.kind for one in at_first].index(kind)])
        connect, again = run.tape.ops[2:4]
        assert (connect.name, connect.setup) == ("CONNECT", True)
        assert (again.name, again.keys) == ("GET", (b"b",))
        assert words(run.tape) == ["A GET", "A GET"]
        assert len(run.points) == 3  # GET, GET, the end: connecting is no switch point


def test_a_client_id_is_the_same_in_each_schedule() -> None:
    source = """
        import redis

        def go(cache, db):
            seen = [cache.client_id()]
            try:
                cache.get("a")
            except redis.RedisError:
                cache.get("b")
            return seen + [cache.client_id()]
    """
    here = world(source)
    scene = together(A=call("go"), B=call("go"))
    ids = set()
    for choices in ([], [2], [1], [3], []):
        run = here.run(scene, choices)
        replies = {op.actor: op.reply for op in told(run.tape, "answer")}
        ids.add((replies["A"][0], replies["B"][0]))
    assert ids == {(101, 201)}


def test_a_schedule_that_was_broken_off_leaves_no_number_behind() -> None:
    source = """
        def go(cache, db):
            return [cache.client_id(), cache.get("a"), cache.get("b")]
    """

    class BrokenOff(Exception):
        pass

    def breaks(alternatives: object, ops: object, points: Sequence[object]) -> int:
        if len(points) == 3:
            raise BrokenOff
        return int(len(points) == 1)

    here, scene = world(source), together(A=call("go"), B=call("go"))
    first = here.run(scene)
    for _ in range(3):
        with pytest.raises(BrokenOff):
            here.run(scene, breaks)
        assert here.run(scene).tape == first.tape


def test_kept_and_rebuilt_clients_leave_the_same_tape() -> None:
    kept: World = world(EVERYTHING)
    scene = together(A=call("go"), B=call("go"))
    for seed in range(40):
        new = world(EVERYTHING).run(scene, at_random(seed, 0.15))
        old = kept.run(scene, at_random(seed, 0.15))
        assert old.tape.dumps() == new.tape.dumps(), seed
        assert old.stuck == new.stuck


def test_an_attribute_set_on_the_client_is_seen_by_nobody_else() -> None:
    source = """
        def go(cache, db):
            cache.seen = getattr(cache, "seen", 0) + 1
            return cache.seen
    """
    assert answers(source, call("go"), call("go")) == [1, 1]


def test_a_destructor_says_nothing_in_anothers_turn() -> None:
    source = """
        def leave(cache, db):
            pipe = cache.pipeline()
            pipe.watch("a")
            pipe.itself = pipe
            return 1

        def go(cache, db):
            import gc
            gc.collect()
            return cache.get("a")
    """

    def scene(script: Script) -> None:
        script.call("leave")
        script.explore({"A": [call("go")]})

    here = world(source)
    first, second = here.run(scene), here.run(scene)
    assert first.tape.dumps() == second.tape.dumps()
    assert words(first.tape) == ["Writer 1 WATCH", "A GET"]


def test_a_blocking_read_of_nothing_ends_after_the_clients_time_out() -> None:
    source = """
        import redis, time

        def go(cache, db):
            connection = cache.connection_pool.get_connection()
            before = time.time()
            try:
                connection.read_response()
            except redis.TimeoutError:
                return round(time.time() - before, 3)
    """
    assert answer(source) == 1.0


def test_what_is_no_command_is_answered_as_a_server_answers_it() -> None:
    source = """
        import redis

        def go(cache, db):
            try:
                cache.execute_command("NOSUCH", "a")
            except redis.ResponseError as error:
                return str(error)
    """
    assert answer(source).startswith("unknown command 'NOSUCH'")


SHARED = """
import threading

def go(cache, db):
    pipe, seen = cache.pipeline(), []
    pipe.watch("a")

    def ask(key):
        try:
            seen.append(type(pipe.get(key)).__name__)
        except Exception as error:
            seen.append(type(error).__name__)

    threads = [threading.Thread(target=ask, args=(key,)) for key in "bcd"]
    for thread in threads:
        thread.start()
    ask("e")
    for thread in threads:
        thread.join()
    return seen
"""


def test_threads_that_share_one_connection_break_it_and_nothing_else() -> None:
    here = world(SHARED)
    for seed in range(30):
        run = here.run(together(A=call("go"), B=call("go")), orders(seed))
        assert run.stuck is None
        for op in told(run.tape, "answer"):
            assert len(op.reply) == 4
            # None came; else the line is broken, and a pipeline that lost it queues what it is asked.
            assert set(op.reply) <= {"NoneType", "ConnectionError", "TimeoutError", "WatchError", "Pipeline"}
