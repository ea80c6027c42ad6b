"""Fails: ttl

The board is stored without a lifetime: `expire` is 0 where it is left out, and that is for ever.
Hint: Nobody tells the cache that the database changed; `expire=60` bounds what that costs.
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
        cache.set(key, json.dumps(rows))
    except (MemcacheError, OSError):
        pass
    return rows
