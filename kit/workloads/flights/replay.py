"""A day replayed against a cache in numbers: what is loaded, and what is shown that is no longer so.

Rules: a look at an absent or expired entry is a miss and loads the database as it is at that instant; an entry is
loaded at most once per `ttl` and never renewed by a hit; a change at the very instant of a look is seen by it.
*Wall* stale: some row of the value shown differs from the database. *Phone* stale: the passenger's own row does.
A row never returns to a former state (its announced delay grows, then it departs), so a value is stale exactly if
something in it changed after it was loaded.
Idea: all keys on one line. Key k's instants are shifted by k × `_SPAN_US`, so one sorted array holds every key, and one
binary search answers for all of them.
Leaves out: latency, capacity and races; those are a world's. Valkey ends an entry in the first whole millisecond after
its `ttl`, here it ends with the microsecond: a look in between is the only one that the two may tell otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kit.workloads import keys
from kit.workloads.flights.rule import Day, Flight, Places, Times

KeyOf = Callable[[Flight, str], str]

# The four grains of the syllabus: which entry of the cache answers a passenger of this flight.
GRAINS: dict[str, KeyOf] = {
    "board": lambda flight, day: keys.board(flight.origin, day),
    "hour": lambda flight, day: keys.hour_board(flight.origin, day, flight.sched // 60),
    "route": lambda flight, day: keys.route(flight.origin, flight.dest, day),
    "flight": lambda flight, day: keys.flight(flight.carrier, flight.number, day),
}

# Longer than any day's events with any TTL after them, so keys never meet.
_SPAN_US = 10 * 86_400_000_000
_NEVER = -(2**62)


@dataclass(frozen=True, slots=True)
class Staleness:
    """What a TTL costs: misses, and the shares of looks (0 to 1) that show an old wall or an old row of one's own."""

    ttl_s: float
    misses: int
    wall: float
    phone: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What each look was shown, look by look: ordered by key, then time, and aligned with one another.

    at_us, loaded_us: when it looked and when what it saw was loaded, µs since local midnight; missed: it loaded that
    itself; wall, phone: some row of it, the look's own row, differed from the database.
    """

    at_us: Times
    loaded_us: Times
    missed: npt.NDArray[np.bool_]
    wall: npt.NDArray[np.bool_]
    phone: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Replay:
    """A day laid out for one grain, ordered by key, then time; all instants stand on the one line of all keys.

    `at` are the looks; `changed` and `own_changed`, aligned with it, the last change of the look's key and of its own
    flight before it; `states` counts, for each look, the keys and changes before it: the state of the database read.
    """

    key_names: tuple[str, ...]
    at: Times
    states: Times
    changed: Times
    own_changed: Times
    changes: Times

    @property
    def looks(self) -> int:
        return len(self.at)

    def looks_per_key(self) -> Times:
        """Looks of each key, in order of `key_names`."""
        return np.bincount(self.at // _SPAN_US, minlength=len(self.key_names))

    def misses_when_deleted(self) -> int:
        """Misses if every change deletes its entry and nothing expires: one for each state that is read at all."""
        return len(np.unique(self.states))

    def changes_never_read(self) -> int:
        """Changes after which nobody looked before the next one: deleting the entry for them cost nothing."""
        reached = np.arange(1, len(self.changes) + 1) + self.changes // _SPAN_US
        return len(reached) - int(np.isin(reached, self.states).sum())

    def with_ttl(self, ttl_s: float) -> Staleness:
        """The same day if entries only expire."""
        found = self.shown(ttl_s)
        looks = max(self.looks, 1)
        missed, wall, phone = (int(column.sum()) for column in (found.missed, found.wall, found.phone))
        return Staleness(ttl_s, missed, wall / looks, phone / looks)

    def shown(self, ttl_s: float) -> Shown:
        """The same day look by look if entries only expire."""
        return self._shown(loads(self.at, round(ttl_s * 1_000_000)))

    def shown_when_deleted(self) -> Shown:
        """The same day look by look if every change deletes its entry and nothing expires."""
        return self._shown(np.unique(self.states, return_index=True)[1])

    def _shown(self, misses: npt.NDArray[np.intp]) -> Shown:
        loaded = np.repeat(self.at[misses], np.diff(misses, append=self.looks))
        missed = np.zeros(self.looks, dtype=np.bool_)
        missed[misses] = True
        return Shown(
            _instant(self.at), _instant(loaded), missed, wall=self.changed > loaded, phone=self.own_changed > loaded
        )


def replay(day: Day, grain: str) -> Replay:
    """Lay a day out for one of `GRAINS`. O(n log n) in the number of looks.

    Raises:
        KeyError: an unknown grain.
    """
    key_of = GRAINS[grain]
    names = [key_of(flight, day.day) for flight in day.flights]
    key_names, key = np.unique(np.array(names), return_inverse=True)
    at = _on_line(key[day.looks.flight], day.looks.at_us)
    order = np.argsort(at, kind="stable")
    at, flight = at[order], day.looks.flight[order]
    changes = np.sort(_on_line(key[day.changes.flight], day.changes.at_us))
    before = np.searchsorted(changes, at, side="right")
    own = _last_own_change(day, flight, at % _SPAN_US)
    return Replay(
        tuple(str(name) for name in key_names),
        at,
        before + at // _SPAN_US,
        _last(changes, before, at // _SPAN_US),
        own + (at - at % _SPAN_US),
        changes,
    )


def loads(at: Times, ttl_us: int) -> npt.NDArray[np.intp]:
    """The looks that load, as indices into `at` (instants of all keys on one line, sorted). O(m log n) for m loads.

    A look at least a TTL after the one before it always loads, so the line falls into chains that are independent:
    they are followed side by side, one load of each chain a round, until each has run into the start of the next.
    """
    if not len(at):
        return np.empty(0, dtype=np.intp)
    load = np.zeros(len(at) + 1, dtype=np.bool_)
    load[-1] = True  # where the last chain ends
    chains = np.flatnonzero(np.diff(at, prepend=at[0] - ttl_us) >= ttl_us)
    while len(chains):
        load[chains] = True
        chains = np.searchsorted(at, at[chains] + ttl_us)
        chains = chains[~load[chains]]
    return np.flatnonzero(load[:-1])


def _on_line(place: npt.NDArray[np.intp] | Places, at_us: Times) -> Times:
    """Instants of many keys or flights on one line; half a span first, for a day that begins before midnight."""
    return place.astype(np.int64) * _SPAN_US + _SPAN_US // 2 + at_us


def _instant(at: Times) -> Times:
    """Back from the one line to µs since local midnight."""
    return at % _SPAN_US - _SPAN_US // 2


def _last(changes: Times, before: npt.NDArray[np.intp], place: Times) -> Times:
    """For each look the last of the `before` changes in front of it, or `_NEVER` if that one is another key's."""
    if not len(changes):
        return np.full(len(place), _NEVER)
    last = changes[np.maximum(before - 1, 0)]
    return np.where((before > 0) & (last // _SPAN_US == place), last, _NEVER)


def _last_own_change(day: Day, flight: Places, since_us: Times) -> Times:
    """For each look the last change of its own flight, from the beginning of its place on the line, or `_NEVER`."""
    changes = np.sort(_on_line(day.changes.flight, day.changes.at_us))
    at = flight.astype(np.int64) * _SPAN_US + since_us
    last = _last(changes, np.searchsorted(changes, at, side="right"), flight.astype(np.int64))
    return np.where(last == _NEVER, _NEVER, last % _SPAN_US)
