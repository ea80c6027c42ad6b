"""The launcher of a real Valkey."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kit.real.supervisor import StartFailed
from kit.real.valkey import Valkey, running_valkey, start_valkey

pytestmark = pytest.mark.real("valkey")


def _ask(valkey: Valkey, line: bytes) -> bytes:
    with socket.create_connection((valkey.host, valkey.port), timeout=5) as plain:
        plain.sendall(line + b"\r\n")
        return plain.recv(65536)


def test_a_server_answers_and_says_which_it_is(valkey: Any) -> None:
    assert _ask(valkey, b"PING") == b"+PONG\r\n"
    assert valkey.version.startswith("9.1")
    assert valkey.host == "127.0.0.1"


def test_a_stopped_server_leaves_nothing() -> None:
    with running_valkey() as valkey:
        folder = valkey.folder
        assert folder.is_dir()
    assert not valkey.alive()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        _ask(valkey, b"PING")


def test_settings_reach_the_server() -> None:
    with running_valkey({"maxmemory": "5mb", "requirepass": "a secret of some length"}) as valkey:
        assert _ask(valkey, b"PING").startswith(b"-NOAUTH")
        assert b"5242880" in _ask(valkey, b'AUTH "a secret of some length"\r\nCONFIG GET maxmemory')


def test_six_starts_at_once_give_six_servers() -> None:
    with ThreadPoolExecutor(6) as pool:
        servers = list(pool.map(lambda _: start_valkey(), range(6)))
    try:
        assert len({server.port for server in servers}) == 6
        assert all(_ask(server, b"PING") == b"+PONG\r\n" for server in servers)
    finally:
        for server in servers:
            server.stop()


def test_a_wrong_setting_is_told_in_the_servers_own_words() -> None:
    with pytest.raises(StartFailed, match=r"(?s)its last lines.*no-such-directive"):
        start_valkey({"no-such-directive": "1"})
