"""Fails: ttl_not_renewed

What was found is stored again, with a new lifetime.
Hint: Only what was just read from the database is young; a copy of a copy keeps the age of the first.
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
            cache.set(key, found, expire=60)
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
