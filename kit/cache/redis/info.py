"""INFO: what the server counted, in sections, fields and order of Valkey.

Rules: a field that is there has the real server's name, place and meaning; one that would be invented is left out;
nothing depends on the machine.
Source: Valkey 9.1.2, server.c (`genValkeyInfoString`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kit.cache.redis.reply import Verbatim
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Reply

if TYPE_CHECKING:
    from kit.cache.redis.engine import Engine

Fields = Iterable[tuple[str, object]]


def info(session: Session, args: Args) -> Reply:
    wanted = {bytes(arg).lower().decode("latin-1") for arg in args[1:]}
    every = not wanted or bool(wanted & {"all", "default", "everything"})
    parts = [
        f"# {name}\r\n" + "".join(f"{field}:{value}\r\n" for field, value in fields(session.engine))
        for name, fields in SECTIONS.items()
        if every or name.lower() in wanted
    ]
    return Verbatim("\r\n".join(parts).encode())


def _server(engine: Engine) -> Fields:
    return (
        ("redis_version", "7.2.4"), ("server_name", "valkey"), ("valkey_version", "9.1.2"),
        ("server_mode", "standalone"), ("arch_bits", 64), ("process_supervised", "no"),
        ("server_time_usec", engine.clock.now_us()),
        ("uptime_in_seconds", (engine.clock.now_us() - engine.started_us) // 1_000_000),
        ("uptime_in_days", (engine.clock.now_us() - engine.started_us) // 86_400_000_000),
    )  # fmt: skip


def _clients(engine: Engine) -> Fields:
    return (("connected_clients", engine.connected),)


def _memory(engine: Engine) -> Fields:
    memory = engine.memory
    return (
        ("used_memory", memory.used), ("used_memory_human", human(memory.used)),
        ("used_memory_peak", memory.peak), ("used_memory_peak_human", human(memory.peak)),
        ("number_of_cached_scripts", len(engine.scripts)),
        ("maxmemory", memory.limit), ("maxmemory_human", human(memory.limit)), ("maxmemory_policy", "noeviction"),
    )  # fmt: skip


def _stats(engine: Engine) -> Fields:
    shared = engine.shared
    return (
        ("total_connections_received", engine.connections_received),
        ("total_commands_processed", engine.commands_processed),
        ("expired_keys", shared.expired), ("evicted_keys", 0),
        ("keyspace_hits", shared.hits), ("keyspace_misses", shared.misses),
        ("total_error_replies", engine.error_replies),
    )  # fmt: skip


def _replication(engine: Engine) -> Fields:
    return (("role", "master"), ("connected_slaves", 0))


def _cluster(engine: Engine) -> Fields:
    return (("cluster_enabled", 0),)


def _keyspace(engine: Engine) -> Fields:
    for number, keys in enumerate(engine.databases):
        if len(keys):
            yield f"db{number}", f"keys={len(keys)},expires={keys.expiring},avg_ttl={keys.mean_ttl_ms()}"


SECTIONS: dict[str, Callable[[Engine], Fields]] = {
    "Server": _server, "Clients": _clients, "Memory": _memory, "Stats": _stats, "Replication": _replication,
    "Cluster": _cluster, "Keyspace": _keyspace,
}  # fmt: skip


def human(size: int) -> str:
    """Bytes as the server writes them for people: `0B`, `1020.34K`, `10.00M`."""
    if size < 1_024:
        return f"{size}B"
    for power, unit in enumerate("KMGTP", start=1):
        if size < 1_024 ** (power + 1):
            return f"{size / 1_024**power:.2f}{unit}"
    return f"{size}B"


COMMANDS = (
    Command(
        "info", -1, info, ("loading", "stale"), ("@slow", "@dangerous"), None,
        ("nondeterministic_output", "request_policy:all_shards", "response_policy:special"),
    ),
)  # fmt: skip
