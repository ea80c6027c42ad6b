"""Fails: cache_down

MemcacheError is caught, a time-out is not.
Hint: A time-out and a refused connection come from the socket: OSError, which is no MemcacheError.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except MemcacheError:
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except MemcacheError:
        pass
    return rows
