"""The vectorised replay beside the tape of a real world: equal look by look, in ten minutes of two airports.

Each look is a call of the strategy through redis-py, RESP bytes and the engine; each change a statement of the writer.
The world's messages take no time here, so the instants of both sides are the same microseconds. To each window come
passengers who look in the very microsecond in which a row changes, and in the one before; and around a copy's end,
which the engine, like Valkey, knows to the millisecond.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pytest
import redis

from kit.strategies import lazy_loading
from kit.strategies.adapters.redis import RedisCache
from kit.strategies.invalidate_on_write import textbook
from kit.workloads.flights import replay, rule, window
from kit.workloads.flights.window import Change, Look, Window
from kit.world.actors import LocalActors, Submission
from kit.world.call import call
from kit.world.image import Image
from kit.world.script import Script
from kit.world.tape import Op, Tape
from kit.world.timeline import Timed
from kit.world.world import World

TTL_S = 60
MILLISECOND = 1_000
NEVER_S = 3_600  # no copy of ten minutes ends by itself
# Seconds between two looks of one passenger: ten minutes of the whole storm in at most 4,000 events.
WINDOWS = {"LGA 17:00": ("LGA", 17 * 60, 1_800), "EWR 12:00": ("EWR", 12 * 60, 1_200)}
SEEDS = (570, 29)

# `version` counts a row's changes: a flight that leaves exactly as announced changes its row, not its delay.
ROWS = "/* rows */ SELECT id, delay, version FROM flights WHERE instr(:ids, ' ' || id || ' ') ORDER BY id"
POST = "/* post */ UPDATE flights SET delay = :minutes, version = version + 1 WHERE id = :flight"


class Seen(NamedTuple):
    """One look, as either side tells it."""

    at_us: int
    missed: bool
    wall: bool
    phone: bool
    loaded_us: int


ByKey = dict[str, list[Seen]]


@dataclass(frozen=True)
class Minutes:
    """A window with its passengers at the edges, for both sides: the events of a world, and a day of the replay."""

    window: Window
    events: tuple[Look | Change, ...]
    day: rule.Day

    def keys(self, grain: str) -> dict[int, str]:
        """Flight → the key of its entry."""
        key_of = replay.GRAINS[grain]
        return {flight.id: key_of(flight, self.day.day) for flight in self.day.flights}


def with_edges(one: Window, day: rule.Day) -> Minutes:
    """Four passengers more, and a flight that leaves exactly as announced: its row changes, its delay does not.

    They look a microsecond before the end of the first copy and a millisecond after it, at a change and before it.
    """
    first, changed = one.looks[0], one.changes[len(one.changes) // 2]
    end_us = first.at_us + TTL_S * 1_000_000
    more: list[Look | Change] = [replace(changed, at_us=changed.at_us + 2, before=changed.delay)]
    edges = ((first, end_us - 1), (first, end_us + MILLISECOND), (changed, changed.at_us - 1), (changed, changed.at_us))
    more += [Look(at_us, event.flight, one.airport) for event, at_us in edges]
    # Stable: a change stays before the looks of its own instant, and so do the window's looks.
    events = sorted((*one.events, *more), key=lambda event: (event.at_us, isinstance(event, Look)))
    place = {flight.id: number for number, flight in enumerate(day.flights)}
    looks = [event for event in events if isinstance(event, Look)]
    changes = [event for event in events if isinstance(event, Change)]
    return Minutes(
        one,
        tuple(events),
        replace(
            day,
            looks=rule.Looks(_instants(looks), _column([place[look.flight] for look in looks])),
            changes=rule.Changes(
                _instants(changes),
                _column([place[change.flight] for change in changes]),
                _column([change.delay for change in changes]),
            ),
        ),
    )


def _instants(events: Sequence[Look | Change]) -> rule.Times:
    return np.array([event.at_us for event in events], dtype=np.int64)


def _column(values: Iterable[int]) -> rule.Places:
    return np.array(list(values), dtype=np.int32)


# The replay's side


def counted(minutes: Minutes, grain: str, shown: replay.Shown) -> ByKey:
    """What the replay says of each look, by the key of its entry."""
    laid_out = replay.replay(minutes.day, grain)
    found: ByKey = {}
    columns = (shown.at_us, shown.missed, shown.wall, shown.phone, shown.loaded_us)
    keys = np.repeat(np.array(laid_out.key_names, dtype=object), laid_out.looks_per_key())
    for key, *rest in zip(keys, *(column.tolist() for column in columns), strict=True):
        found.setdefault(key, []).append(Seen(*rest))
    return found


# The world's side


def played(minutes: Minutes, grain: str, *, deletes: bool, ttl_s: int) -> Tape:
    """The window as a tape: one passenger after another, each event at its instant, no message under way."""
    keys, airport = minutes.keys(grain), minutes.window.airport
    groups: dict[str, list[int]] = {}
    for row in minutes.window.rows:
        groups.setdefault(keys[row.id], []).append(row.id)
    ids = {key: f" {' '.join(map(str, flights))} " for key, flights in groups.items()}
    timed = []
    for event in minutes.events:
        at_us = event.at_us - minutes.window.start_us
        key = keys[event.flight]
        if isinstance(event, Look):
            timed.append(Timed(at_us, "Everybody", call("look", key, ids[key], event.flight)))
        else:
            timed.append(Timed(at_us, "Everybody", call("post", key, event.flight, event.delay)))
    actors = LocalActors(Submission(functions=_functions(deletes=deletes, ttl_s=ttl_s)))
    world = World(actors, Image(minutes.window.rows, (airport,)), operation_limit=5 * len(timed))

    def storm(script: Script) -> None:
        script.timeline(timed)

    run = world.run(storm)
    assert run.stuck is None
    return run.tape


def _functions(*, deletes: bool, ttl_s: int) -> dict[str, Any]:
    def look(cache: redis.Redis, db: Any, key: str, ids: str, flight: int) -> str:
        def load() -> bytes:
            return _text((row["id"], row["delay"], row["version"]) for row in db.query(ROWS, ids=ids)).encode()

        return lazy_loading.read(RedisCache(cache), key, load, ttl=ttl_s).decode()

    def post(cache: redis.Redis, db: Any, key: str, flight: int, minutes: int) -> None:
        def change() -> None:
            assert db.execute(POST, flight=flight, minutes=minutes) == 1

        if deletes:
            textbook.write(RedisCache(cache), key, change)
        else:
            change()

    return {"look": look, "post": post}


def _text(rows: Iterable[tuple[int, int, int]]) -> str:
    return " ".join(f"{flight}:{delay}:{version}" for flight, delay, version in rows)


class Database:
    """The rows as the tape's own statements leave them, and the text of each key's value."""

    def __init__(self, minutes: Minutes, grain: str) -> None:
        self.rows = {row.id: (row.delay, 1) for row in sorted(minutes.window.rows)}
        self.key_of = minutes.keys(grain)
        self.values: dict[str, str] = {}

    def post(self, flight: int, delay: int) -> None:
        self.rows[flight] = (delay, self.rows[flight][1] + 1)
        self.values.pop(self.key_of[flight], None)

    def value(self, key: str) -> str:
        if key not in self.values:
            rows = ((flight, *row) for flight, row in self.rows.items() if self.key_of[flight] == key)
            self.values[key] = _text(rows)
        return self.values[key]

    def row(self, flight: int) -> str:
        return _text([(flight, *self.rows[flight])])


def told(tape: Tape, minutes: Minutes, grain: str) -> ByKey:
    """What the tape says of each look: a hit or a miss, the value answered beside the rows as they then were."""
    database = Database(minutes, grain)
    loaded: dict[str, int] = {}
    found: ByKey = {}
    asked: Op | None = None
    for op in tape:
        if op.name == "start":
            call_of = op.request
        elif op.name == "GET":
            asked = op
        elif op.name == "SET":
            assert "ok" in str(op.reply).lower()
            loaded[op.keys[0].decode()] = _instant(op, minutes)
        elif op.name == "execute":
            database.post(op.request[1]["flight"], op.request[1]["minutes"])
        elif op.name == "answer" and call_of[0] == "look":
            _, key, _, flight = call_of
            assert asked is not None
            missed = any(effect.kind == "miss" for effect in asked.effects)
            own = next(row for row in op.reply.split() if row.startswith(f"{flight}:"))
            found.setdefault(key, []).append(
                Seen(
                    _instant(asked, minutes),
                    missed,
                    op.reply != database.value(key),
                    own != database.row(flight),
                    loaded[key],
                )
            )
        assert op.name != "raised", op.reply
    return found


def _instant(op: Op, minutes: Minutes) -> int:
    assert op.t_served is not None
    assert op.t_sent == op.t_served == op.t_received
    return op.t_served + minutes.window.start_us


# Both


def difference(tape: ByKey, replayed: ByKey) -> str | None:
    """The first look that the two sides tell otherwise; None: they agree on every one."""
    if tape.keys() != replayed.keys():
        return f"keys of one side alone: {tape.keys() ^ replayed.keys()}"
    for key, looks in tape.items():
        for ours, theirs in zip(looks, replayed[key], strict=True):
            if ours != theirs:
                return f"{key}: the tape says {ours}, the replay {theirs}"
    return None


@pytest.fixture(autouse=True)
def _no_message_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of latencies like any other, with zeros."""
    monkeypatch.setattr("kit.world.timeline.CACHE_ROUND_TRIP", 0)
    monkeypatch.setattr("kit.world.timeline.STORE_ROUND_TRIP", 0)
    monkeypatch.setattr("kit.world.timeline.service_time", lambda sql: 0)


@pytest.fixture(scope="module", params=[f"{name}, seed {seed}" for name in WINDOWS for seed in SEEDS])
def minutes(request: pytest.FixtureRequest, archive: sqlite3.Connection) -> Minutes:
    name, _, seed = request.param.partition(", seed ")
    airport, start, interval_s = WINDOWS[name]
    one = window.window(archive, rule.STORM, airport, start, start + 10, int(seed), interval_s=interval_s)
    whole = rule.day_of(archive, rule.STORM, int(seed), interval_s=interval_s)
    return with_edges(one, rule.part_of(whole, one.start_us, one.end_us, airport))


def test_a_window_holds_an_announcement_a_cancellation_and_an_expiry(minutes: Minutes) -> None:
    changes = minutes.window.changes
    assert len(minutes.window.events) <= window.MAX_EVENTS
    assert any(change.before < change.delay < rule.CANCELLED for change in changes), "nothing is announced"
    assert any(change.delay == rule.CANCELLED for change in changes), "nothing is cancelled"
    ends = replay.replay(minutes.day, "board").shown(TTL_S)
    assert ends.missed.sum() > 1, "no copy ends"


@pytest.mark.parametrize("grain", list(replay.GRAINS))
def test_where_copies_only_expire_every_look_is_on_the_tape_as_the_replay_counted_it(
    minutes: Minutes, grain: str
) -> None:
    tape = played(minutes, grain, deletes=False, ttl_s=TTL_S)
    found = counted(minutes, grain, replay.replay(minutes.day, grain).shown(TTL_S))
    assert difference(told(tape, minutes, grain), found) is None


@pytest.mark.parametrize("grain", list(replay.GRAINS))
def test_where_a_change_deletes_every_look_is_on_the_tape_as_the_replay_counted_it(
    minutes: Minutes, grain: str
) -> None:
    tape = played(minutes, grain, deletes=True, ttl_s=NEVER_S)
    found = counted(minutes, grain, replay.replay(minutes.day, grain).shown_when_deleted())
    assert difference(told(tape, minutes, grain), found) is None
    assert not any(look.wall or look.phone for looks in found.values() for look in looks)


def test_a_change_a_microsecond_late_or_a_copy_that_lives_too_long_is_seen(minutes: Minutes) -> None:
    tape = told(played(minutes, "board", deletes=False, ttl_s=TTL_S), minutes, "board")
    changes = minutes.day.changes
    late = changes.at_us.copy()
    late[minutes.day.changes.at_us == minutes.window.changes[len(minutes.window.changes) // 2].at_us] += 1
    moved = replace(minutes, day=replace(minutes.day, changes=replace(changes, at_us=late)))
    for one, ttl_s in ((moved, TTL_S), (minutes, TTL_S + 0.002)):
        found = counted(one, "board", replay.replay(one.day, "board").shown(ttl_s))
        assert difference(tape, found) is not None
