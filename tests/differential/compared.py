"""Our engine beside what a real server answered: byte for byte, and where bytes may differ, by what they mean.

What may differ: the order of a set's members and of a hash's fields; a time to live, by the time between the two; the
ids of connections; fields of INFO and commands of COMMAND that are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from played import PASSWORD, Played

from kit.cache.clock import ManualClock
from kit.cache.redis.engine import Engine, Outcome
from kit.cache.redis.reply import ErrorReply, SetReply
from kit.cache.redis.session import Session
from kit.wire.resp import ReplyEvent, ReplyParser, encode

TTL_TOLERANCE_MS = 5_000
Execute = Callable[[Engine, Session, Sequence[bytes]], Outcome]


class Mismatch(AssertionError):
    """The engine answered something else than the real server."""


def decoded(raw: bytes) -> object:
    parser = ReplyParser()
    parser.receive_data(raw)
    event = parser.next_event()
    assert isinstance(event, ReplyEvent)
    return event.reply


def plain_execute(engine: Engine, session: Session, args: Sequence[bytes]) -> Outcome:
    return engine.execute(session, args)


@dataclass
class Side:
    """One of our engines with its connections, and what the real server did beside the commands compared."""

    engine: Engine
    sessions: dict[str, Session]
    pauses: int = 1  # commands of the harness since the counters were reset, which was one itself


def compare(played: Iterable[Played], execute: Execute = plain_execute) -> None:
    """Play the same steps on fresh engines. Raises Mismatch at the first reply that differs."""
    clock = ManualClock()
    sides: dict[str, Side] = {}
    for number, one in enumerate(played):
        clock.set(max(clock.now_us(), one.now_us))
        server = one.step.server
        if server not in sides:
            sides[server] = Side(Engine(clock, password=PASSWORD if server == "locked" else None), {})
        side = sides[server]
        if not one.step.args:
            side.pauses += 1
            continue
        session = side.sessions.get(one.step.connection)
        if session is None:
            session = side.sessions[one.step.connection] = side.engine.session()
        queued = [row.name for row, _ in session.queue or ()]
        outcome = execute(side.engine, session, one.step.args)
        _check(number, one, side, session, outcome, queued)
        if session.closing:
            side.sessions.pop(one.step.connection).close()
        words = [part.upper() for part in one.step.args]
        if words == [b"CONFIG", b"RESETSTAT"]:
            side.pauses = 0
        if words[:2] == [b"SCRIPT", b"FLUSH"] and server == "lua":
            side.pauses += 1  # a new Lua begins with a command of its own, which the server counts


def _check(number: int, one: Played, side: Side, session: Session, outcome: Outcome, queued: Sequence[str]) -> None:
    ours = encode(outcome.reply, session.proto, null_array=outcome.null_array)
    if ours == one.raw:
        return
    row = side.engine.lookup(one.step.args)
    name = "" if row is None else row.name
    if not _alike(name, decoded(one.raw), decoded(ours), one.step.args, side, queued):
        said = b" ".join(one.step.args)[:200]
        raise Mismatch(
            f"step {number}, {one.step.connection}: {said!r}\n  a real server answers {one.raw[:600]!r}\n"
            f"  the engine answers    {ours[:600]!r}"
        )


def _alike(name: str, real: Any, ours: Any, args: Sequence[bytes], side: Side, queued: Sequence[str]) -> bool:
    """May these two stand for each other, though their bytes differ?"""
    if type(real) is not type(ours) or isinstance(real, ErrorReply):
        return False
    if name == "exec" and real is not None:
        return len(real) == len(ours) == len(queued) and all(
            (type(theirs) is type(mine) and theirs == mine) or _alike(inner, theirs, mine, (b"",), side, ())
            for inner, theirs, mine in zip(queued, real, ours, strict=True)
        )
    return name in _RULES and bool(_RULES[name](real, ours, args, side))


def _as_set(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
    return sorted(real) == sorted(ours)


def _as_pairs(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
    def pairs(reply: Any) -> dict[bytes, bytes]:
        return reply if isinstance(reply, dict) else dict(zip(reply[::2], reply[1::2], strict=True))

    return pairs(real) == pairs(ours)


def _near(unit_ms: int) -> Callable[[Any, Any, Sequence[bytes], Side], bool]:
    def near(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
        # -1 and -2 are words, not times
        near_by = min(real, ours) >= 0 and abs(real - ours) * unit_ms <= TTL_TOLERANCE_MS
        return bool(real == ours or near_by)

    return near


def _any_id(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
    return real > 0 and ours > 0


def _greeting(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
    def without_id(reply: Any) -> Any:
        if isinstance(reply, dict):
            return {key: value for key, value in reply.items() if key != b"id"}
        return reply[:7] + reply[8:]

    return bool(without_id(real) == without_id(ours))


_COUNTED = {
    "expired_keys", "evicted_keys", "keyspace_hits", "keyspace_misses", "total_error_replies",
    "number_of_cached_scripts", "maxmemory", "maxmemory_human", "maxmemory_policy", "role",
    "connected_slaves", "server_name", "valkey_version", "redis_version", "server_mode", "process_supervised",
}  # fmt: skip


def _info(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
    """Every field that is here is there too, in the same order, and what counts has the same count."""
    theirs = [line.partition(":")[::2] for line in real.decode().split("\r\n")]
    names = [name for name, _ in theirs]
    position = 0
    for line in ours.decode().split("\r\n"):
        field, _, value = line.partition(":")
        if field not in names[position:]:
            raise Mismatch(
                f"INFO of a real server has no {field!r} here; it goes on with {names[position : position + 5]}"
            )
        position = names.index(field, position)
        if not _same_field(field, theirs[position][1], value, side):
            raise Mismatch(f"INFO: {field} is {theirs[position][1]} there and {value} here ({side.pauses} pauses)")
        position += 1
    return True


def _same_field(field: str, real: str, ours: str, side: Side) -> bool:
    if field == "total_commands_processed":
        return int(real) - side.pauses == int(ours)
    if field.startswith("db"):
        # `keys=3,expires=1,avg_ttl=…`: the mean is sampled by a real server's own sweep, which is off here.
        return real.split(",")[:2] == ours.split(",")[:2]
    return field not in _COUNTED or real == ours


def _catalogue(real: Any, ours: Any, args: Sequence[bytes], side: Side) -> bool:
    """Entries of COMMAND: ours are among theirs, subcommands too; flags and categories are sets."""
    theirs = {entry[0]: entry for entry in real if entry is not None}
    if len(args) > 2 and len(real) != len(ours):
        return False
    return all(entry is None or _same_entry(theirs.get(entry[0]), entry) for entry in ours)


def _same_entry(real: Any, ours: Any) -> bool:
    if real is None or real[:2] + real[3:6] != ours[:2] + ours[3:6]:
        return False
    plain = all(sorted(real[at]) == sorted(ours[at]) for at in (2, 6, 7)) and _thaw(real[8]) == _thaw(ours[8])
    subs = {sub[0]: sub for sub in real[9]}
    return plain and all(_same_entry(subs.get(sub[0]), sub) for sub in ours[9])


def _thaw(value: Any) -> Any:
    """Key specifications with their sets sorted."""
    if isinstance(value, dict):
        return {key: _thaw(item) for key, item in value.items()}
    if isinstance(value, SetReply) or (isinstance(value, list) and value and isinstance(value[0], str)):
        return sorted((_thaw(item) for item in value), key=repr)
    return [_thaw(item) for item in value] if isinstance(value, list) else value


_RULES: dict[str, Callable[[Any, Any, Sequence[bytes], Side], bool]] = {
    "smembers": _as_set, "hgetall": _as_pairs, "config|get": _as_pairs, "ttl": _near(1_000), "pttl": _near(1),
    "expiretime": _near(1_000), "pexpiretime": _near(1), "client|id": _any_id, "hello": _greeting, "info": _info,
    "command": _catalogue, "command|info": _catalogue, "command|count": _any_id,
}  # fmt: skip
