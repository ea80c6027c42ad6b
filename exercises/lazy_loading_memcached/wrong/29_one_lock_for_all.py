"""Fails: crash

All airports load under one lock: who dies with it stops all of them.
Hint: A lock is named after what it protects, one an airport; and who does not get it has the database.
"""

import json
import time

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
        tries = 0
        while found is None and tries < 20 and not cache.add("lock", "1", expire=5, noreply=False):
            time.sleep(0.1)
            found, tries = cache.get(key), tries + 1
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
        cache.delete("lock")
    except (MemcacheError, OSError):
        pass
    return rows
