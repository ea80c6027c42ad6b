"""Invalidate on write. Two functions; README.md says what they promise.

cache is a redis.Redis, connected; db has three methods:
    db.query(BOARD, airport="JFK")                  -> list of dictionaries, one a flight
    db.execute(SET_DELAY, flight=2, minutes=39)     -> number of rows changed, committed at once
    with db.transaction(): ...                      -> all or nothing
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    """The departures of an airport: the rows of BOARD, as a list of dictionaries."""
    raise NotImplementedError


def post_delay(cache, db, flight, minutes):
    """Write a flight's delay. Once this has returned, nobody may be shown the old board."""
    raise NotImplementedError
