"""Lazy loading in a memcached. One function; README.md says what it promises.

cache is a pymemcache Client, connected; db asks the database:
    db.query(BOARD, airport="JFK")      -> list of dictionaries, one a flight
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    """The departures of an airport: the rows of BOARD, as a list of dictionaries; never older than 60 s."""
    raise NotImplementedError
