"""A server that answers at the port we chose may be another one than ours."""

from __future__ import annotations

import pytest

from kit.real import launched
from kit.real.memcached import running_memcached
from kit.real.valkey import running_valkey

RUNNING = {"valkey": running_valkey, "memcached": running_memcached}


@pytest.mark.parametrize("name", RUNNING)
def test_an_answer_of_somebody_else_at_our_port_is_not_taken_for_ours(name, require_real, monkeypatch):
    require_real(name)
    with RUNNING[name]() as other:
        free = launched.free_port()
        ports = iter([other.port, free])
        monkeypatch.setattr(launched, "free_port", lambda: next(ports))
        with RUNNING[name]() as ours:
            assert (ours.port, ours.alive(), other.alive()) == (free, True, True)
