"""Fails: ttl_not_renewed

Every hit gives the board another minute.
Hint: A board in demand then never ends; the lifetime is counted from the moment its rows were read.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
        if found is not None:
            cache.touch(key, 60)
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
