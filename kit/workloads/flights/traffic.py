"""A window of the day as traffic on the learner's functions: a timed scene in which every look asks for the board.

Rules: the looks are those of the window, at their instants, shared by a few application processes in turn; the day's
changes go through `post_delay`, or through the kit's operator, who knows no cache; the image holds the departures that
somebody waits for in these minutes, or that change: a wall shows what still concerns anybody.
Source: syllabus, section A, "Passenger rule" (3); latencies: `kit/world/latency.py`, modelled.
"""

from __future__ import annotations

from collections.abc import Callable

from kit.workloads.flights.window import Change, Look, Window
from kit.world.call import call, statement
from kit.world.image import Image
from kit.world.script import Script
from kit.world.timeline import Timed

TRUTH = "SELECT id, delay FROM flights WHERE origin = :airport ORDER BY sched, id"
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
PROCESSES = 8


def image(window: Window) -> Image:
    """The rows that the window's database begins with."""
    used = {event.flight for event in window.events}
    return Image(tuple(row for row in window.rows if row.id in used), (window.airport,))


def traffic(window: Window, *, posts: bool) -> Callable[[Script], None]:
    """The scene. posts: changes are calls of `post_delay(flight, minutes)`; else they are the operator's statements."""
    timed = [_timed(number, event, window, posts) for number, event in enumerate(window.events) if _moves(event)]

    def service(world: Script) -> None:
        world.truth(f"board of {window.airport}", TRUTH, airport=window.airport)
        world.timeline(timed)

    return service


def _timed(number: int, event: Look | Change, window: Window, posts: bool) -> Timed:
    if isinstance(event, Look):
        reader = f"Reader {number % PROCESSES + 1}"
        return Timed(event.at_us - window.start_us, reader, call("get_board", window.airport))
    at_us = event.at_us - window.start_us
    if posts:
        return Timed(at_us, "Writer", call("post_delay", event.flight, event.delay))
    return Timed(at_us, "Operator", statement(SET_DELAY, flight=event.flight, minutes=event.delay))


def _moves(event: Look | Change) -> bool:
    """A flight that leaves exactly as announced changes nothing that the image holds."""
    return isinstance(event, Look) or event.delay != event.before
