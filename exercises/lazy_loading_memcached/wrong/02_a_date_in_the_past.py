"""Fails: hit

The lifetime is 31 days: above 30 days a memcached takes it for a date, which was in 1970.
Hint: `expire` counts seconds up to 2,592,000; a larger number is a moment since 1970. Boards live for a minute anyway.
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
        cache.set(key, json.dumps(rows), expire=31 * 24 * 60 * 60)
    except (MemcacheError, OSError):
        pass
    return rows
