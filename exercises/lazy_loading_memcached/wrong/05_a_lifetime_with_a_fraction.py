"""Fails: hit

The lifetime is a float: pymemcache refuses it before anything is sent, and nobody hears of it.
Hint: `expire` is a whole number of seconds. MemcacheIllegalInputError is a MemcacheError too, and it is your own mistake.
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
        cache.set(key, json.dumps(rows), expire=1.0 * 60)
    except (MemcacheError, OSError):
        pass
    return rows
