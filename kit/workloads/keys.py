"""Every cache key name of the flights, in one module.

Rules: a key begins with what its value is, then goes from coarse to fine; a day is written `2013-03-08`, an hour with
two digits. Nobody else spells a key: where a key lands on a ring or in a slot depends on each of its characters.
Source: syllabus, section A (grains) and H.2.
"""

from __future__ import annotations


def board(airport: str, day: str) -> str:
    """All departures of an airport on a day.

    >>> board("EWR", "2013-03-08")
    'board:EWR:2013-03-08'
    """
    return f"board:{airport}:{day}"


def hour_board(airport: str, day: str, hour: int) -> str:
    """The departures scheduled within one hour.

    >>> hour_board("LGA", "2013-03-08", 9)
    'board:LGA:2013-03-08:09'
    """
    return f"board:{airport}:{day}:{hour:02d}"


def route(origin: str, dest: str, day: str) -> str:
    """The departures from one airport to another on a day.

    >>> route("JFK", "LAX", "2013-03-08")
    'route:JFK:LAX:2013-03-08'
    """
    return f"route:{origin}:{dest}:{day}"


def flight(carrier: str, number: int, day: str) -> str:
    """One flight on a day.

    >>> flight("DL", 485, "2013-03-08")
    'flight:DL:485:2013-03-08'
    """
    return f"flight:{carrier}:{number}:{day}"
