"""A few commands on a real Valkey, for cells tagged `measured`: started for the cell, ended with it.

Rules: what stands here is measured on this machine and never stored in a notebook; a machine without the binary gets a
sentence and not a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence

import redis

from kit.cache.clock import WallClock
from kit.lab import tables
from kit.real.supervisor import StartFailed
from kit.real.valkey import running_valkey


def ask(commands: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows of command, reply and microseconds, in order. Raises StartFailed where no server can be started."""
    clock, rows = WallClock(), []
    with running_valkey() as server, redis.Redis(server.host, server.port, decode_responses=True) as client:
        client.ping()
        for command in commands:
            begun = clock.monotonic_s()
            reply = client.execute_command(*command)
            took = (clock.monotonic_s() - begun) * 1e6
            rows.append([" ".join(command), _worded(reply), f"{took:,.0f} µs"])
    return rows


def show(commands: Sequence[Sequence[str]]) -> None:
    """Show the replies as a table, or say why there is none."""
    try:
        rows = ask(commands)
    except StartFailed as problem:
        print(f"No real server here: {problem}")
        return
    tables.show(("command", "reply", "measured here"), rows, "Valkey, a real one, on loopback.")


def _worded(reply: object) -> str:
    if reply is True:
        return "OK"
    if reply == -1:
        return "-1: no TTL, it lives for ever"
    return f"{reply} s" if isinstance(reply, int) else str(reply)
