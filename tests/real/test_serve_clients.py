"""`kit serve` and the clients that people have."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import valkey as valkey_py
from serving import Serving, exactly, rest, serving

STREAMS = [
    b"PING\r\n",
    b"*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n",
    b"SET serve:k v\r\nGET serve:k\r\nHELLO 3\r\nGET serve:none\r\nMULTI\r\nINCR serve:k\r\nEXEC\r\nDEL serve:k\r\n",
    b"WATCH serve:w\r\nMULTI\r\nDISCARD\r\nEXEC\r\nGET\r\nNONSENSE a b\r\n",
    b"PING\r\nQUIT\r\nPING\r\n",
    b"*1\r\n$536870913\r\nPING\r\n",
    b"*1\r\nPING\r\nPING\r\n",
    b"*x\r\n",
    b'ECHO "a\r\n',
    b"x" * 65_537,
    b"*1\r\n$4\r\nPI",
    b"",
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving() as running:
        yield running


@pytest.fixture(params=[2, 3])
def client(server: Serving, request: pytest.FixtureRequest) -> Iterator[redis.Redis]:
    with server.client(protocol=request.param) as one:
        one.flushall()
        yield one


def test_redis_py_finds_a_server(client: redis.Redis) -> None:
    every_byte = bytes(range(256)) * 300
    assert client.set("board", every_byte, ex=60)
    assert client.get("board") == every_byte
    assert client.get("none") is None
    assert client.hset("h", mapping={"a": 1}) == 1
    assert client.hgetall("h") == {b"a": b"1"}
    assert client.info("server")["server_name"] == "valkey"
    with pytest.raises(redis.ResponseError, match="wrong kind of value"):
        client.incr("h")


def test_a_pipeline_is_answered_in_order(client: redis.Redis) -> None:
    pipeline = client.pipeline(transaction=False)
    for number in range(20_000):
        pipeline.set(f"k{number}", number)
        pipeline.get(f"k{number}")
    answers = pipeline.execute()
    assert answers[1::2] == [str(number).encode() for number in range(20_000)]


def test_a_transaction_meets_a_watched_key(server: Serving, client: redis.Redis) -> None:
    with server.client() as other, client.pipeline() as pipeline:
        pipeline.watch("k")
        other.set("k", 1)
        pipeline.multi()
        pipeline.set("k", 2)
        with pytest.raises(redis.WatchError):
            pipeline.execute()
    assert client.get("k") == b"1"


def test_what_is_not_here_is_an_unknown_command(client: redis.Redis) -> None:
    with client.pubsub() as channel:
        channel.subscribe("news")
        with pytest.raises(redis.ResponseError, match="unknown command 'SUBSCRIBE'"):
            channel.get_message(timeout=10)
    assert client.ping()


def test_a_lock_of_redis_py_is_one_here(server: Serving, client: redis.Redis) -> None:
    with server.client() as other, client.lock("job", timeout=10):
        assert not other.lock("job", timeout=10).acquire(blocking=False)


def test_valkey_py_finds_one_too(server: Serving) -> None:
    with valkey_py.Valkey(port=server.port, socket_timeout=30) as client:
        client.set("v", "1")
        assert client.incr("v") == 2


def test_a_key_that_nobody_asks_for_ends_too(client: redis.Redis) -> None:
    pipeline = client.pipeline(transaction=False)
    for number in range(3_000):
        pipeline.set(f"k{number}", number, px=1)
    pipeline.set("stays", 1)
    pipeline.execute()
    assert any(client.dbsize() == 1 for _ in range(100_000))
    assert client.info("stats")["expired_keys"] > 2_000  # the others had ended before they were stored


@pytest.mark.parametrize("data", STREAMS, ids=lambda data: repr(data[:24])[2:-1])
def test_answers_and_the_end_of_the_line_are_a_real_servers(server: Serving, valkey: Any, data: bytes) -> None:
    with socket.create_connection((valkey.host, valkey.port), timeout=30) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        wanted = rest(line)
    assert _without_greeting(server.ask(data)) == _without_greeting(wanted)


def _without_greeting(answer: bytes) -> bytes:
    """HELLO says which connection this is, and which modules a server has loaded."""
    return re.sub(rb"%7\r\n.*?(?=_\r\n)", b"", answer, flags=re.DOTALL)


def test_five_hundred_clients_at_once_and_as_many_half_open_ones(server: Serving) -> None:
    half_open = [server.connect() for _ in range(400)]
    lines = [server.connect() for _ in range(500)]
    try:
        for number, line in enumerate(half_open):
            line.sendall((b"", b"*2\r\n", b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$900\r\nabc", b"PI")[number % 4])
        for number, line in enumerate(lines):
            line.sendall(b"SET at:%d %d\r\nGET at:%d\r\n" % (number, number, number))
        for number, line in enumerate(lines):
            wanted = b"+OK\r\n$%d\r\n%d\r\n" % (len(str(number)), number)
            assert exactly(line, len(wanted)) == wanted
        with server.client() as client:
            assert client.info("clients")["connected_clients"] >= 901
    finally:
        for line in half_open + lines:
            line.close()
    with server.client() as client:
        assert any(client.info("clients")["connected_clients"] < 100 for _ in range(100_000))


@pytest.mark.real("redis-tools")
def test_redis_cli_talks_to_it(server: Serving) -> None:
    argv = ["redis-cli", "-p", str(server.port), "SET", "cli", "1"]
    assert subprocess.run(argv, capture_output=True, text=True, timeout=30).stdout == "OK\n"


@pytest.mark.real("redis-tools")
def test_redis_benchmark_runs_to_its_end(server: Serving) -> None:
    argv = [
        "redis-benchmark",
        "-p",
        str(server.port),
        "-n",
        "5000",
        "-c",
        "50",
        "-P",
        "8",
        "-t",
        "set,get,incr",
        "--csv",
    ]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert {"SET", "GET", "INCR"} <= {row.partition(",")[0].strip('"') for row in done.stdout.splitlines()}
