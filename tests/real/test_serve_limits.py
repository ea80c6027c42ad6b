"""`kit serve` and clients that take too much: nobody else notices."""

from __future__ import annotations

import os
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from serving import Serving, exactly, rest, serving

MIB = 1024**2
REFUSAL = b"-ERR max number of clients reached\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving("--maxclients", 60, "--unread-limit", "2mb") as running:
        yield running


def test_512_mib_announced_and_never_sent_take_no_memory(server: Serving) -> None:
    with server.client() as client:
        client.ping()
        before = server.resident()
        lines = [server.connect() for _ in range(50)]
        try:
            for line in lines:
                line.sendall(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\n" + b"x" * 1_000)
            assert all(client.ping() for _ in range(200))
            assert client.info("clients")["connected_clients"] == 51
            assert server.resident() - before < 8 * MIB
        finally:
            for line in lines:
                line.close()


def test_a_value_that_was_sent_is_held_once_and_no_longer_than_its_key(server: Serving) -> None:
    with server.client() as client:
        client.ping()
        before = server.resident()
        client.set("large", b"x" * (64 * MIB))
        assert server.resident() - before < 80 * MIB
        client.delete("large")
        assert server.resident() - before < 8 * MIB


def test_two_thousand_million_arguments_announced_take_none_either(server: Serving) -> None:
    with server.client() as client, server.connect() as line:
        client.ping()
        before = server.resident()
        line.sendall(b"PING\r\n*2147483647\r\n$3\r\nSET\r\n")
        assert exactly(line, 7) == b"+PONG\r\n"
        assert client.ping()
        assert server.resident() - before < 4 * MIB


def test_a_slow_reader_that_goes_on_asking_is_dropped_and_the_others_are_served(server: Serving) -> None:
    with server.client() as client, server.connect() as slow:
        client.set("large", b"x" * MIB)
        slow.sendall(b"GET large\r\n" * 100)
        said = server.log_until("of replies unread")
        assert client.ping()
        assert len(rest(slow)) < 100 * MIB
    assert "was dropped: it left" in said


def test_a_large_reply_is_no_slow_reader(server: Serving) -> None:
    with server.client() as client:
        client.set("large", b"x" * (8 * MIB))
        for _ in range(3):
            assert len(client.get("large") or b"") == 8 * MIB
        client.delete("large")


def test_a_reader_may_ask_for_much_more_than_the_limit_before_it_reads(server: Serving) -> None:
    with server.client() as client:
        client.set("large", b"x" * MIB)
        pipeline = client.pipeline(transaction=False)
        for _ in range(60):
            pipeline.get("large")
        before = server.resident()
        assert [len(value) for value in pipeline.execute()] == [MIB] * 60
        assert server.resident() - before < 20 * MIB


def test_a_reader_that_keeps_up_may_ask_for_more_than_the_limit_in_one_go(server: Serving) -> None:
    with server.connect() as line:
        line.sendall(b"SET k " + b"x" * 1_000 + b"\r\n")
        assert exactly(line, 5) == b"+OK\r\n"
        one = len(b"$1000\r\n\r\n") + 1_000
        for _ in range(20):
            line.sendall(b"GET k\r\n" * 1_000)
            assert len(exactly(line, 1_000 * one)) == 1_000 * one


def test_a_client_too_many_is_told_and_the_others_stay(server: Serving) -> None:
    with server.client() as client:
        assert any(client.info("clients")["connected_clients"] == 1 for _ in range(100_000))
        lines = [server.connect() for _ in range(59)]
        _check_refusal(server, lines)
    assert "a client was refused: there are 60 (--maxclients)" in server.log_until("was refused")


def _check_refusal(server: Serving, lines: list[socket.socket]) -> None:
    try:
        for line in lines:
            line.sendall(b"PING\r\n")
        assert [exactly(line, 7) for line in lines] == [b"+PONG\r\n"] * 59
        with server.connect() as one_more:
            assert rest(one_more) == REFUSAL
        lines[0].sendall(b"PING\r\n")
        assert exactly(lines[0], 7) == b"+PONG\r\n"
    finally:
        for line in lines:
            line.close()


def test_a_client_with_a_long_pipeline_lets_others_have_their_turn(server: Serving) -> None:
    with server.connect() as busy, server.connect() as other:
        busy.sendall(b"INCR turns\r\n" * 20_000)
        assert exactly(busy, 4) == b":1\r\n"
        other.sendall(b"GET turns\r\n")
        length = b""
        while not length.endswith(b"\r\n"):
            length += exactly(other, 1)
        seen = int(exactly(other, int(length[1:-2])))
        assert 0 < seen < 20_000
        other.sendall(b"DEL turns\r\n")


def test_memory_comes_back_when_the_clients_have_gone(server: Serving) -> None:
    process = psutil.Process(server.process.pid)
    with server.client() as client:
        client.ping()
        before = process.num_fds()
        for _ in range(30):
            with server.connect() as line:
                line.sendall(os.urandom(3_000))
        assert any(client.ping() and process.num_fds() == before for _ in range(50_000))


def test_a_fault_of_ours_ends_one_line_is_logged_without_what_was_sent_and_the_others_are_served() -> None:
    program = (sys.executable, str(Path(__file__).with_name("faulty_room.py")))
    with serving(command=program) as server, server.connect() as other:
        answer = server.ask(b"PING\r\nBOOM secret-key\r\nPING\r\n")
        assert answer == b"+PONG\r\n-ERR the kit's server failed at this command\r\n"
        other.sendall(b"PING\r\n")
        assert exactly(other, 7) == b"+PONG\r\n"
        said = server.log_until("a fault of ours")
    assert "met a fault of ours (KeyError in faulty_room.py, line 25)" in said
    assert "secret" not in said


def test_there_are_no_more_clients_than_the_system_allows_files() -> None:
    def few_files() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, 64))

    with serving("--maxclients", 500, preexec_fn=few_files) as server:
        lines = [server.connect() for _ in range(40)]
        answers = [exactly(line, len(REFUSAL)) for line in lines[32:]]
        for line in lines:
            line.close()
        assert server.ask(b"PING\r\n") == b"+PONG\r\n"
        said = server.log_until("may open")
    assert answers == [REFUSAL] * 8
    assert "maxclients is 32, not 500: this process may open 64 files" in said
