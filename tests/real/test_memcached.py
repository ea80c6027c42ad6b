"""The launcher of a real memcached."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from kit.real.memcached import Memcached, running_memcached, start_memcached
from kit.real.supervisor import StartFailed

pytestmark = pytest.mark.real("memcached")


def _ask(memcached: Memcached, line: bytes) -> bytes:
    with socket.create_connection((memcached.host, memcached.port), timeout=5) as plain:
        plain.sendall(line + b"\r\nmn\r\n")
        answer = b""
        while not answer.endswith(b"MN\r\n"):
            answer += plain.recv(65536)
        return answer


def test_a_memcached_answers_and_says_which_it_is(memcached: Any) -> None:
    assert _ask(memcached, b"version") == b"VERSION " + memcached.version.encode() + b"\r\nMN\r\n"
    assert memcached.host == "127.0.0.1"


def test_it_runs_as_elasticache_runs_its_nodes(memcached: Any) -> None:
    said = _ask(memcached, b"stats settings")
    for row in (b"lru_segmented no", b"lru_maintainer_thread no", b"lru_crawler no", b"slab_reassign no"):
        assert b"STAT " + row + b"\r\n" in said


def test_a_stopped_memcached_leaves_nothing() -> None:
    with running_memcached(["-m", "8"]) as memcached:
        folder = memcached.folder
        assert b"STAT maxbytes 8388608\r\n" in _ask(memcached, b"stats settings")
    assert not memcached.alive()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        _ask(memcached, b"mn")


def test_a_wrong_option_is_told_in_the_servers_own_words() -> None:
    with pytest.raises(StartFailed, match=r"(?s)its last lines.*no_such_option"):
        start_memcached(["-o", "no_such_option"])
