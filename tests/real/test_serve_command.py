"""`kit serve` as a command: who may connect, how it ends, what it writes."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import stat
from pathlib import Path

import pytest
import redis
from click.testing import CliRunner, Result
from serving import exactly, rest, serving

from kit.cache.clock import ManualClock
from kit.cli import cli
from kit.cli.tape_file import TapeFile
from kit.real.dialogue import Served
from kit.views.narration import lines
from kit.world.tape import Tape

PASSWORD = "a password of some length"


def refused(*options: object) -> Result:
    """The verb in this process, where it must not come to serving."""
    result = CliRunner().invoke(cli, ["serve", *map(str, options)], prog_name="kit")
    assert (result.exit_code, result.stdout) == (2, "")
    return result


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    file.chmod(0o600)
    return file


# the address


def test_a_used_port_is_a_sentence() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        said = refused("--mode", "redis", "--port", port).stderr
    assert said.endswith(
        f"Error: port {port} of 127.0.0.1 is in use. Leave --port out and a free one is taken, or end what uses it.\n"
    )


@pytest.mark.parametrize("mode", ["redis", "memcached"])
@pytest.mark.parametrize("host", ["0.0.0.0", "0", "::", "::ffff:0.0.0.0", "192.0.2.1"])
def test_anything_but_loopback_needs_a_password(host: str, mode: str) -> None:
    said = refused("--mode", mode, "--host", host).stderr
    assert "can be reached from other machines, so it needs a password" in said


def test_an_empty_host_and_an_unknown_one_are_sentences() -> None:
    assert "an empty --host would be every address" in refused("--mode", "redis", "--host", "").stderr
    assert "'no.such.host.invalid' is no address" in refused("--mode", "redis", "--host", "no.such.host.invalid").stderr


def test_with_a_password_every_address_may_be_named(password_file: Path) -> None:
    with serving("--host", "0.0.0.0", "--requirepass-file", password_file) as server:
        assert server.ask(b"PING\r\n") == b"-NOAUTH Authentication required.\r\n"


def test_the_other_loopback_is_one_too() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no ::1")
    with serving("--host", "::1") as server, socket.create_connection(("::1", server.port), timeout=30) as line:
        line.sendall(b"PING\r\n")
        assert exactly(line, 7) == b"+PONG\r\n"


@pytest.mark.parametrize("size", ["many", "1tb", "-1", "1.5mb", ""])
def test_a_wrong_size_says_what_is_wanted(size: str) -> None:
    assert "is no size: a number of bytes, or one with k, kb" in refused("--mode", "redis", "--maxmemory", size).stderr


def test_the_limit_on_memory_is_the_engines() -> None:
    with serving("--maxmemory", "10kb") as server, server.client() as client:
        assert client.config_get("maxmemory") == {"maxmemory": "10240"}
        client.set("k", b"x" * 20_000)
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            client.set("l", 1)
        assert client.delete("k") == 1


# the password


def test_a_client_with_the_password_is_served_and_without_it_is_not(password_file: Path) -> None:
    with serving("--requirepass-file", password_file) as server:
        argv = Path(f"/proc/{server.process.pid}/cmdline")
        assert not argv.exists() or PASSWORD.encode() not in argv.read_bytes()
        with server.client(password=PASSWORD) as client:
            assert client.set("k", "v")
        with server.client(password="wrong one") as client, pytest.raises(redis.AuthenticationError):
            client.ping()
        with server.client(protocol=2) as client, pytest.raises(redis.AuthenticationError, match="required"):
            client.get("k")
        with server.connect() as line:  # before a login a client cannot make the server hold much
            line.sendall(b"*2\r\n$3\r\nGET\r\n$16385\r\n")
            assert rest(line) == b"-ERR Protocol error: unauthenticated bulk length\r\n"
        said = server.log_until("broke the protocol")
    assert "gave a wrong user or password" in said
    assert not [word for word in (PASSWORD, "wrong one") if word in said]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"", "is empty"), (b"\n", "is empty"), (b"a\nb\n", "more than one line"), (b"a\0b", "more than one line"),
        (b"x" * 16_385, "longer than 16,384 bytes"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_password_is_a_sentence(tmp_path: Path, text: bytes, wanted: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(text)
    assert wanted in refused("--mode", "redis", "--requirepass-file", file).stderr


@pytest.mark.parametrize(
    ("text", "wanted"), [("secret", "must be user:password"), (":secret", "must be user:password"),
                         ("secret:", "must be user:password"), ("my secret:word", "have no space")],
)  # fmt: skip
def test_a_file_that_holds_no_login_is_a_sentence_in_memcached_mode(tmp_path: Path, text: str, wanted: str) -> None:
    file = tmp_path / "login"
    file.write_text(text)
    said = refused("--mode", "memcached", "--requirepass-file", file).stderr
    assert wanted in said
    assert "secret" not in said


def test_a_missing_password_file_is_a_sentence_and_an_open_one_a_note(password_file: Path, tmp_path: Path) -> None:
    missing = refused("--mode", "redis", "--requirepass-file", tmp_path / "none").stderr
    assert "none cannot be read: No such file or directory." in missing
    password_file.chmod(0o644)
    with serving("--requirepass-file", password_file) as server:
        assert "Others on this machine may read" in server.log_until("chmod 600")


# the end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_replies_in_flight_arrive_and_leaves_with_0(number: signal.Signals) -> None:
    with serving() as server, server.connect() as line, server.connect() as idle:
        value = b"x" * 10_000
        line.sendall(b"SET k " + value + b"\r\n")
        assert exactly(line, 5) == b"+OK\r\n"
        line.sendall(b"GET k\r\n" * 2_000)
        one = b"$10000\r\n" + value + b"\r\n"
        assert exactly(line, len(one)) == one
        server.process.send_signal(number)
        server.log_until("ending: ")
        with contextlib.suppress(ConnectionError), server.connect() as late:  # it may have been on its way
            assert rest(late) == b""
        assert len(rest(line)) == 1_999 * len(one)
        assert rest(idle) == b""
        assert server.process.wait(30) == 0
        assert server.log_until("ended after").count("was let go") >= 2


def test_a_second_signal_does_not_wait_for_a_slow_reader() -> None:
    with serving() as server, server.connect() as slow:
        slow.sendall(b"SET k " + b"x" * 60_000 + b"\r\n" + b"GET k\r\n" * 500)
        assert exactly(slow, 5) == b"+OK\r\n"
        server.process.terminate()
        server.log_until("ending: ")
        server.process.terminate()
        assert server.process.wait(4) == 0  # less than slow readers are given
        assert "a second signal came" in server.log_until("ended after")


# the log


def test_the_log_has_clients_and_neither_keys_nor_values_nor_what_broke_the_protocol() -> None:
    with serving() as server:
        with server.client() as client:
            client.set("secret-key", "secret-value")
            with pytest.raises(redis.ResponseError):
                client.execute_command("SECRET-COMMAND", "secret-word")
        server.ask(b"*1\r\nsecret-rubbish\r\n")
        said = server.log_until("broke the protocol")
        server.process.terminate()
        said = server.log_until("ended after")
    assert "client 1 connected from 127.0.0.1:" in said
    assert "client 1 left after " in said
    assert "secret" not in said.lower()


def test_a_log_that_nobody_reads_holds_nobody_up() -> None:
    with serving() as server:
        for _ in range(1_500):  # two lines each: more than a pipe holds
            assert server.ask(b"PING\r\n") == b"+PONG\r\n"
        server.log_until("client 1 left")
        assert server.ask(b"PING\r\n") == b"+PONG\r\n"
        server.process.terminate()
        assert "lines were lost: nobody read them" in server.log_until("ended after")


def test_a_reader_of_the_log_that_leaves_holds_nobody_up() -> None:
    with serving() as server:
        assert server.process.stderr is not None
        assert server.process.stdout is not None
        server.process.stderr.close()
        server.process.stdout.close()
        for _ in range(20):
            assert server.ask(b"PING\r\n") == b"+PONG\r\n"
        server.process.terminate()
        assert server.process.wait(30) == 0


# the tape


def test_the_tape_is_a_tape_of_every_command_as_it_was_served(tmp_path: Path, password_file: Path) -> None:
    file = tmp_path / "day.tape"
    with serving("--tape", file, "--requirepass-file", password_file) as server:
        with server.client(password=PASSWORD, protocol=3) as client:
            client.set("board", b"\x00\xff", px=1)
            assert any(client.info("stats")["expired_keys"] for _ in range(100_000))
            client.set("n", 1)
            pipeline = client.pipeline()
            pipeline.execute_command("AUTH", PASSWORD)
            pipeline.incr("n")
            pipeline.execute()
        with server.client(password=PASSWORD, protocol=2) as client:
            assert client.get("n") == b"2"
        text = file.read_text()  # while the server runs: every line is there before its reply
    tape = Tape.loads(text)
    assert (tape.timed, tape.scene, tape.dumps()) == (True, "serve", text)
    assert PASSWORD not in text
    ops = [op for op in tape if op.name != "INFO"]
    assert [(op.actor, op.name) for op in ops] == [
        ("client 1", "SET"), ("world", "expire"), ("client 1", "SET"), ("client 1", "EXEC"), ("client 2", "GET"),
    ]  # fmt: skip
    assert ops[3].request == [[b"AUTH", b"(redacted)"], [b"INCRBY", b"n", b"1"]]
    assert (ops[4].reply, ops[4].effects[0].kind, ops[1].effects[0].key) == (b"2", "hit", b"board")
    assert [op.seq for op in tape] == list(range(len(tape)))
    served = [op.t_served or 0 for op in tape]
    assert served == sorted(served)
    assert all(0 <= (op.t_sent or 0) <= (op.t_served or 0) <= (op.t_received or 0) for op in tape)
    assert len(lines(tape)) >= len(tape)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_to(tmp_path: Path) -> None:
    file = tmp_path / "day.tape"
    file.write_text("mine")
    assert "is there already" in refused("--mode", "redis", "--tape", file).stderr
    assert file.read_text() == "mine"
    assert "cannot be written: No such file" in refused("--mode", "redis", "--tape", tmp_path / "no" / "t").stderr


def test_a_full_disk_ends_the_tape_at_a_whole_record_and_not_the_server(tmp_path: Path) -> None:
    file = tmp_path / "day.tape"

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    with serving("--tape", file, preexec_fn=small_files) as server:
        with server.client() as client:
            assert all(client.set("k", "v" * 50) for _ in range(20))
        said = server.log_until("the tape ends here")
    assert len(Tape.loads(file.read_text())) > 3
    assert "File too large" in said


def test_a_clock_that_goes_back_does_not_take_the_tape_with_it(tmp_path: Path) -> None:
    tape = TapeFile(tmp_path / "t", ManualClock(1_000), print)
    for at in (1_500, 900, 1_600):
        tape.record(Served(1, "GET", (b"k",), False, (b"GET", b"k"), None, (), at - 10, at, at + 5))
    tape.close()
    ops = Tape.loads((tmp_path / "t").read_text()).ops
    assert [(op.t_sent, op.t_served, op.t_received) for op in ops] == [(490, 500, 505), (0, 500, 500), (590, 600, 605)]
