"""Lazy loading in a memcached: ask the cache, on a miss the database, then leave a copy for the next reader.

The copy and its end are one command, an empty board is a value, and a cache that fails is a miss: the server's errors
are MemcacheError, those of the line OSError. `set` waits for no answer, so a refusal costs nothing.
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
    if found is not None:  # not `if found`: an empty board is an answer too
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)  # what it raises the caller must hear
    try:
        cache.set(key, json.dumps(rows), expire=60)  # value and end in one: between two commands the process may die
    except (MemcacheError, OSError):
        pass
    return rows
