"""Fails: crash

The lifetime is given in a second command; who dies in between leaves a board for ever.
Hint: Value and lifetime in one command: `expire=60` inside the set.
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
        cache.touch(key, 60)
    except (MemcacheError, OSError):
        pass
    return rows
