"""Fails: cache_down

The question to the cache is guarded, the storing is not: the board was there, and was not shown.
Hint: `set` waits for no answer, but it must connect: a server that is away raises there too.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    found = None
    try:
        found = cache.get(key)
    except (MemcacheError, OSError):
        pass
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    cache.set(key, json.dumps(rows), expire=60)
    return rows
