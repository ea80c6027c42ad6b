"""How many people wait, how often they look, and how long an answer takes when the database falls behind.

Rules: people waiting are exact, one number a minute, by the passenger rule; looks are their mean,
people / interval; the queue is a fluid one: looks that the database cannot answer in a minute are left for the next.
Source: syllabus, section A, "Passenger rule", and lesson 00; the service time of a board: `kit/world/latency.py`.
Leaves out: chance (a queue of random arrivals waits a little below the limit, too), retries, people who give up.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.workloads.flights.rule import LOOKS_FROM_MIN, Flight


def waiting(flights: Sequence[Flight], first_min: int, last_min: int) -> list[int]:
    """People waiting at each minute after midnight from `first_min` to `last_min`, both included."""
    steps = [0] * (last_min - first_min + 2)
    for flight in flights:
        start = flight.sched - LOOKS_FROM_MIN - first_min
        end = start + max(flight.waiting_min, 0)
        for minute, change in ((start, flight.seats), (end, -flight.seats)):
            steps[min(max(minute, 0), len(steps) - 1)] += change
    people, found = 0, []
    for step in steps[:-1]:
        people += step
        found.append(people)
    return found


def looks_a_second(people: float, interval_s: float) -> float:
    """Looks a second, when each looks once in `interval_s` seconds.

    >>> round(looks_a_second(34_461, 600)), round(looks_a_second(34_461, 10))
    (57, 3446)
    """
    return people / interval_s


def backlog(looks_s: Sequence[float], served_s: Sequence[float], step_s: float) -> list[float]:
    """Looks that wait for an answer at the end of each step, of `step_s` seconds; both rates are a second's.

    >>> backlog([10, 50, 10], [20, 20, 20], 60)
    [0.0, 1800.0, 1200.0]
    """
    left, found = 0.0, []
    for asked, served in zip(looks_s, served_s, strict=True):
        left = max(0.0, left + (asked - served) * step_s)
        found.append(left)
    return found
