"""stats: general, settings, items, reset.

Rules: what is here stands in the real server's order under its names, and what counts has its count; what an engine in
a process has no honest figure for is left out, never invented.
Source: memcached 1.6.18 with `-o no_modern -M`, tried beside the real one.
Leaves out: slabs, sizes, conns, detail, cachedump (answered as an unknown subcommand); of `stats` the process, its
threads, bytes and buffers; of `stats items` what the reuse of expired items counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.counters import NAMES
from kit.cache.memcached.items import UPDATE_S
from kit.cache.memcached.outcome import Reply
from kit.cache.memcached.reply import Stats, Status
from kit.cache.memcached.request import Request
from kit.cache.memcached.server import VERSION
from kit.cache.memcached.slabs import ITEM_LIMIT, class_of, item_size
from kit.cache.memcached.table import MANY, Command, no_keys

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session

MOST_CONNECTIONS = 1024
_ITEM_ROWS = ("evicted", "evicted_nonzero", "evicted_time", "outofmemory", "tailrepairs")
_FIXED_SETTINGS = (
    "domain_socket NULL", "umask 700", "shutdown_command no", "growth_factor 1.25", "chunk_size 48", "num_threads 4",
    "num_threads_per_udp 4", "stat_key_prefix :", "detail_enabled no", "reqs_per_event 20", "cas_enabled yes",
    "tcp_backlog 1024", "binding_protocol auto-negotiate", "auth_enabled_sasl no", "auth_enabled_ascii no",
    f"item_size_max {ITEM_LIMIT}", "maxconns_fast no", "hashpower_init 0", "slab_reassign no", "slab_automove 0",
    "slab_automove_ratio 0.80", "slab_automove_window 30", f"slab_chunk_max {ITEM_LIMIT}", "lru_crawler no",
    "lru_crawler_sleep 100", "lru_crawler_tocrawl 0", "tail_repair_time 0", "flush_enabled yes", "dump_enabled yes",
    "hash_algorithm jenkins", "lru_maintainer_thread no", "lru_segmented no", "hot_lru_pct 20", "warm_lru_pct 40",
    "hot_max_factor 0.20", "warm_max_factor 2.00", "temp_lru no", "temporary_ttl 61", "idle_timeout 0",
)  # fmt: skip


def stats(engine: Engine, session: Session, request: Request) -> Reply:
    if len(request.words) == 1:
        return _general(engine)
    kind = request.words[1]
    if kind == b"settings":
        return _settings(engine)
    if kind == b"items":
        return _items(engine)
    if kind == b"reset":
        engine.counters.reset()
        engine.items.expired = engine.items.flushed = engine.items.total = 0
        engine.connections_received = 0
        return Status("RESET")
    raise CommandError(texts.ERROR)


def _general(engine: Engine) -> Stats:
    items, counters = engine.items, engine.counters
    figures = {
        "uptime": items.now() - UPDATE_S, "time": items.now() + items.started_s, "version": VERSION,
        "pointer_size": 64, "max_connections": MOST_CONNECTIONS, "curr_connections": engine.connected,
        "total_connections": engine.connections_received,
    }  # fmt: skip
    for name in NAMES:
        figures[name] = getattr(counters, name)
        if name == "get_misses":
            figures |= {"get_expired": items.expired, "get_flushed": items.flushed}
    figures |= {
        "limit_maxbytes": items.memory.limit, "bytes": items.memory.used, "curr_items": len(items.held),
        "total_items": items.total, "evictions": 0,
    }  # fmt: skip
    return Stats({name: str(figure) for name, figure in figures.items()})


def _settings(engine: Engine) -> Stats:
    rows = {
        "maxbytes": str(engine.items.memory.limit), "maxconns": str(MOST_CONNECTIONS),
        "verbosity": str(engine.verbosity), "oldest": str(engine.items.oldest_live), "evictions": "off",
    }  # fmt: skip
    return Stats(rows | dict(row.split(" ") for row in _FIXED_SETTINGS))


def _items(engine: Engine) -> Stats:
    """By class: how many, the seconds since the one longest unused was used, and their bytes."""
    classes: dict[int, list[tuple[int, int]]] = {}
    for key, item in engine.items.held.items():
        size = item_size(key, len(item.value), item.flags)
        classes.setdefault(class_of(size), []).append((item.used, size))
    now, found = engine.items.now(), Stats()
    for number, members in sorted(classes.items()):
        rows = {
            "number": len(members), "age": now - min(used for used, _ in members),
            "mem_requested": sum(size for _, size in members), **dict.fromkeys(_ITEM_ROWS, 0),
        }  # fmt: skip
        found.update({f"items:{number}:{name}": str(figure) for name, figure in rows.items()})
    return found


COMMANDS = (Command("stats", 1, MANY, stats, no_keys),)
