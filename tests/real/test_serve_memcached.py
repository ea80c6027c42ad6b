"""`kit serve --mode memcached` beside a real memcached, and under the clients that people have."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymemcache import Client, HashClient, PooledClient
from pymemcache.exceptions import MemcacheServerError
from serving import MEMCACHED, Serving, exactly, rest, serving

from kit.real.memcached import running_memcached
from kit.views.narration import lines
from kit.world.tape import Tape

MIB = 1024**2
TOO_MANY = b"ERROR Too many open connections\r\n"
STREAMS = [
    b"version\r\n",
    b"set k 5 0 2\r\nab\r\nget k\r\ngets none k\r\nincr k 1\r\ndelete k\r\nget k\r\n",
    b"set k 0 0 2 noreply\r\nab\r\nappend k 0 0 1 noreply\r\nc\r\nget k k k\r\nflush_all noreply\r\nget k\r\nmn\r\n",
    b"ms m 2 T60 c\r\nab\r\nmg m v f t s\r\nmg none v\r\nma none N0 v\r\nmd m q\r\nmn\r\nme none\r\n",
    b"NONSENSE a b\r\nget\r\nset k 0 0 x\r\nset k 0 0\r\nmn\r\n",
    b"get " + b"k" * 251 + b"\r\nset " + b"k" * 251 + b" 0 0 1\r\nmn\r\n",
    b"set large 0 0 1048577\r\n" + b"x" * (MIB + 1) + b"\r\nget large\r\n",
    b"set large 0 0 1048000\r\n" + b"x" * 1_048_000 + b"\r\nget large large large\r\ndelete large\r\n",
    b"set k 0 0 2\r\nabc\r\nget k\r\n",
    b"version\r\nquit\r\nversion\r\n",
    b"x" * 5_000,
    b" " * 101 + b"get k " + b" k" * 2_000,
    b"x\r\nstats none\r\nverbosity 1\r\n\r\n\n",
    b"get k\nget k",
    b"set k 0 0 10\r\nabc",
    b"set k 0 0 10\r",
    b"",
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving("--maxclients", 1_000, "--unread-limit", "2mb", command=MEMCACHED) as running:
        yield running


@pytest.fixture
def client(server: Serving) -> Iterator[Client]:
    with contextlib.closing(Client(("127.0.0.1", server.port), timeout=30)) as one:
        one.flush_all()
        yield one


# beside a real server


@pytest.mark.real("memcached")
@pytest.mark.parametrize("data", STREAMS, ids=lambda data: repr(data[:24])[2:-1])
def test_answers_and_the_end_of_the_line_are_a_real_memcacheds(server: Serving, memcached: Any, data: bytes) -> None:
    real = Serving(server.process, memcached.port)
    for one in (real, server):
        assert one.ask(b"flush_all\r\n") == b"OK\r\n"
    assert server.ask(data) == real.ask(data)


@pytest.mark.real("memcached")
def test_a_login_is_answered_as_a_real_memcached_answers_it(tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("ann:abc:de\n")
    file.chmod(0o600)
    login, wrong = b"set x 0 0 10\r\nann abc:de\r\n", b"set x 0 0 10\r\nann abc:dX\r\n"
    attempts = [
        [b"get a\r\n"], [b"\r\n"], [b"\n"], [b"quit\r\n"], [b"ms x 9\r\n"], [b"x" * 3_000], [login[:-2]],
        [login + b"set a 0 0 1\r\nx\r\nget a\r\n" + login + b"get x\r\n"], [wrong, login, b"get a\r\n"],
        [b"get a\r\n", login[:20]], [b"set x 0 0 13 noreply\r\n ann abc:de x\r\nmn\r\n"],
        [b"set x a b +10\nann abc:de\r\nmn\r\n"], [b"set x 0 0 9\r\nann abc:d\r\n"],
        [b"set x 0 0 11\r\nann abc:dee\r\n"], [b"set x 0 0 3\r\nann\r\n"], [b"set x 0 0 0\r\n\r\n"],
        [b"set x 0 0 10\r\nann abc:deXX"], [b"set x 0 0\r\n"], [b"set x 0 0 x\r\n"], [b"set x 0 0 -1\r\n"],
        [b"add x 0 0 10\r\n"], [b"SET x 0 0 10\r\n"], [b"set x 0 0 99999\r\n" + b"ann abc:de" * 10_000],
    ]  # fmt: skip
    with (
        running_memcached(["-Y", str(file)]) as memcached,
        serving("--requirepass-file", file, command=MEMCACHED) as ours,
    ):
        real = Serving(ours.process, memcached.port)
        for pieces in attempts:
            assert _in_turn(ours, pieces) == _in_turn(real, pieces), pieces
        said = ours.log_until("left after")
    assert "gave a wrong user or password" in said
    assert "abc" not in said


def _in_turn(server: Serving, pieces: list[bytes]) -> bytes:
    """Each piece once the one before was answered: of requests in one packet a real server answers the last alone."""
    said = b""
    with server.connect() as line:
        for piece in pieces[:-1]:
            line.sendall(piece)
            while not said.endswith(b"\n"):
                said += line.recv(4_096)
            said += b"| "
        with contextlib.suppress(OSError):  # it may have closed before it read all
            line.sendall(pieces[-1])
            line.shutdown(socket.SHUT_WR)
        return said + rest(line)


# clients


def test_pymemcache_finds_a_server(client: Client) -> None:
    every_byte = bytes(range(256)) * 300
    assert client.set("board", every_byte, expire=60, flags=7)
    assert client.get("board") == every_byte
    assert client.get("none") is None
    assert client.add("board", b"x", noreply=False) is False
    _, token = client.gets("board")
    assert client.cas("board", b"new", token)
    assert client.cas("board", b"newer", token) is False
    assert client.set_many({f"k{number}": b"%d" % number for number in range(300)}) == []
    assert client.get_many([f"k{number}" for number in range(300)])["k299"] == b"299"
    assert (client.set("n", "9"), client.incr("n", 2), client.decr("n", 5)) == (True, 11, 6)
    assert client.touch("n", 100, noreply=False)
    assert client.stats()[b"curr_items"] == 302
    assert client.version() == b"1.6.18"


def test_an_item_too_large_is_refused_and_the_line_goes_on(client: Client) -> None:
    with pytest.raises(MemcacheServerError, match="object too large for cache"):
        client.set("large", b"x" * (MIB + 1), noreply=False)
    assert client.get("large") is None
    assert client.set("large", b"x" * (MIB - 100), noreply=False)
    assert len(client.get("large") or b"") == MIB - 100


def test_a_pool_of_lines_serves_threads(server: Serving, client: Client) -> None:
    pool = PooledClient(("127.0.0.1", server.port), max_pool_size=8, timeout=30)
    client.set("count", "0", noreply=False)
    threads = [threading.Thread(target=lambda: [pool.incr("count", 1) for _ in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.get("count") == b"800"
    pool.close()


def test_keys_are_spread_over_two_servers(server: Serving, client: Client) -> None:
    with serving(command=MEMCACHED) as other:
        both = HashClient([("127.0.0.1", server.port), ("127.0.0.1", other.port)], use_pooling=True, timeout=30)
        keys = [f"board:{number}" for number in range(60)]
        assert both.set_many(dict.fromkeys(keys, b"x"), noreply=False) == []
        assert len(both.get_many(keys)) == 60
        mine = len(client.get_many(keys))
        with contextlib.closing(Client(("127.0.0.1", other.port), timeout=30)) as there:
            assert len(there.get_many(keys)) == 60 - mine
        assert 0 < mine < 60
        both.close()


def test_five_hundred_lines_at_once_and_as_many_half_open_ones(server: Serving, client: Client) -> None:
    half_open = [server.connect() for _ in range(400)]
    lines = [server.connect() for _ in range(500)]
    try:
        for number, line in enumerate(half_open):
            line.sendall((b"", b"get k", b"set k 0 0 900\r\nabc", b"set k 0 0 1048576\r\nabc")[number % 4])
        for number, line in enumerate(lines):
            line.sendall(b"set at:%d 0 0 3\r\n%03d\r\nget at:%d\r\n" % (number, number, number))
        for number, line in enumerate(lines):
            wanted = b"STORED\r\nVALUE at:%d 0 3\r\n%03d\r\nEND\r\n" % (number, number)
            assert exactly(line, len(wanted)) == wanted
        assert int(client.stats()[b"curr_connections"]) >= 901
    finally:
        for line in half_open + lines:
            line.close()
    assert any(client.stats()[b"curr_connections"] < 100 for _ in range(100_000))


# what takes too much


def test_512_mib_announced_take_no_memory_sent_or_not(server: Serving, client: Client) -> None:
    client.version()
    before = server.resident()
    lines = [server.connect() for _ in range(50)]
    try:
        for line in lines:
            line.sendall(b"set k 0 0 536870912\r\n" + b"x" * 1_000)
            assert exactly(line, 41) == b"SERVER_ERROR object too large for cache\r\n"
        block = b"x" * MIB
        for _ in range(64):
            lines[0].sendall(block)
        assert client.version() == b"1.6.18"
        assert server.resident() - before < 8 * MIB
    finally:
        for line in lines:
            line.close()


def test_a_reply_that_is_not_read_is_not_made(server: Serving, client: Client) -> None:
    client.set("large", b"x" * 1_000_000, noreply=False)
    before = server.resident()
    with server.connect() as slow:
        slow.sendall(b"get" + b" large" * 200 + b"\r\n")
        assert client.version() == b"1.6.18"
        said = server.log_until("of replies unread")
        assert server.resident() - before < 20 * MIB
        assert len(rest(slow)) < 100 * MIB
    assert "was dropped: it left" in said


def test_one_reply_may_be_much_larger_than_what_may_lie_unread(server: Serving, client: Client) -> None:
    client.set("large", b"x" * 1_000_000, noreply=False)
    one = b"VALUE large 0 1000000\r\n" + b"x" * 1_000_000 + b"\r\n"
    with server.connect() as line:
        line.sendall(b"get" + b" large" * 30 + b"\r\nmn\r\n")
        assert exactly(line, 30 * len(one) + 9) == one * 30 + b"END\r\nMN\r\n"


def test_a_line_too_many_is_told_and_the_others_stay() -> None:
    with serving("--maxclients", 2, command=MEMCACHED) as server:
        lines = [server.connect() for _ in range(2)]
        for line in lines:
            line.sendall(b"mn\r\n")
            assert exactly(line, 4) == b"MN\r\n"
        with server.connect() as one_more:
            assert rest(one_more) == TOO_MANY
        lines[0].sendall(b"mn\r\n")
        assert exactly(lines[0], 4) == b"MN\r\n"
        for line in lines:
            line.close()
        assert "a client was refused: there are 2 (--maxclients)" in server.log_until("was refused")


def test_the_binary_protocol_ends_the_line_by_a_sentence(server: Serving, client: Client) -> None:
    assert server.ask(b"\x80" + bytes(23)) == b""
    assert "spoke the binary protocol, which is not served (text is), after 0 commands" in server.log_until("binary")
    assert server.ask(b"x\r\n\x80" + bytes(23)) == b"ERROR\r\n"
    assert client.version() == b"1.6.18"


def test_memory_that_ended_items_held_is_there_for_new_ones() -> None:
    with serving("--maxmemory", "10kb", command=MEMCACHED) as server, server.connect() as line:
        line.sendall(b"".join(b"set k%d 0 -1 50 noreply\r\n%050d\r\n" % (number, number) for number in range(80)))
        line.sendall(b"set lasting 0 0 1\r\nx\r\n")
        assert exactly(line, 8) == b"STORED\r\n"
        answer = b""
        while answer != b"STORED\r\n":
            line.sendall(b"set more 0 0 4000\r\n" + b"x" * 4_000 + b"\r\n")
            answer = exactly(line, 8)
            if answer != b"STORED\r\n":
                assert answer + exactly(line, 35) == b"SERVER_ERROR out of memory storing object\r\n"
        line.sendall(b"get lasting\r\n")
        assert exactly(line, 27) == b"VALUE lasting 0 1\r\nx\r\nEND\r\n"


# the door, the log, the end, the tape


def test_with_a_login_every_address_may_be_named_and_pymemcache_logs_in_by_a_set(tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("ann:secret-word\n")
    file.chmod(0o600)
    with serving("--host", "0.0.0.0", "--requirepass-file", file, command=MEMCACHED) as server:
        assert server.ask(b"get secret-key\r\n") == b"CLIENT_ERROR unauthenticated\r\n"
        with contextlib.closing(Client(("127.0.0.1", server.port), timeout=30)) as client:
            assert client.set("login", "ann secret-word", noreply=False)
            assert client.set("secret-key", "secret-value", noreply=False)
            assert client.get("login") is None
        server.process.terminate()
        assert "secret" not in server.log_until("ended after")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_pieces_of_a_reply_arrive_and_leaves_with_0(number: signal.Signals) -> None:
    with serving(command=MEMCACHED) as server, server.connect() as line, server.connect() as idle:
        line.sendall(b"set k 0 0 500000\r\n" + b"x" * 500_000 + b"\r\n")
        assert exactly(line, 8) == b"STORED\r\n"
        line.sendall(b"get" + b" k" * 40 + b"\r\n")
        one = b"VALUE k 0 500000\r\n" + b"x" * 500_000 + b"\r\n"
        assert exactly(line, len(one)) == one
        server.process.send_signal(number)
        server.log_until("ending: ")
        assert rest(line) == one * 39 + b"END\r\n"
        assert rest(idle) == b""
        assert server.process.wait(30) == 0


def test_a_fault_of_ours_ends_one_line_by_a_sentence_of_this_protocol() -> None:
    program = (sys.executable, str(Path(__file__).with_name("faulty_room.py")), "memcached")
    with serving(command=program) as server:
        answer = server.ask(b"mn\r\nBOOM secret-key\r\nmn\r\n")
        assert answer == b"MN\r\nSERVER_ERROR the kit's server failed at this command\r\n"
        assert server.ask(b"mn\r\n") == b"MN\r\n"
        assert "secret" not in server.log_until("a fault of ours")


def test_the_tape_is_a_tape_of_every_request_as_it_was_served(tmp_path: Path) -> None:
    file = tmp_path / "day.tape"
    with serving("--tape", file, "--maxmemory", "1kb", command=MEMCACHED) as server, server.connect() as line:
        line.sendall(b"version\r\nset board 0 1 2 noreply\r\n\x00\xff\r\nget board\r\nmg board v\r\n")
        wanted = b"VERSION 1.6.18\r\nVALUE board 0 2\r\n\x00\xff\r\nEND\r\nVA 2\r\n\x00\xff\r\n"
        assert exactly(line, len(wanted)) == wanted
        line.sendall(b"set full 0 0 800\r\n" + b"x" * 800 + b"\r\n")
        assert exactly(line, 8) == b"STORED\r\n"
        while "expire" not in (text := file.read_text()):
            line.sendall(b"version\r\n")
            exactly(line, 16)
    tape = Tape.loads(text)
    assert [(op.actor, op.name) for op in tape] == [
        ("client 1", "set"), ("client 1", "get"), ("client 1", "mg"), ("client 1", "set"), ("world", "expire"),
    ]  # fmt: skip
    assert tape.ops[0].request == [b"set", b"board", b"0", b"1", b"2", b"noreply", b"\x00\xff"]
    assert (tape.ops[1].effects[0].kind, tape.ops[4].effects[0].key) == ("hit", b"board")
    assert len(lines(tape)) >= len(tape)
