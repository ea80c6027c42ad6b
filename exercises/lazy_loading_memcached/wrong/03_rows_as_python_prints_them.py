"""Fails: hit

A list of rows is given to `set`: pymemcache stores it as Python prints it, and that is no JSON.
Hint: The client stores str(value) of whatever it is given; what json.loads is to read, json.dumps must have written.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, rows, expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
