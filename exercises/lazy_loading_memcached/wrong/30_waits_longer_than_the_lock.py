"""Fails: crash

One loads, and the others wait for a minute, lest they ask twice; the one has died.
Hint: Somebody is looking at an empty screen: wait for as long as a query takes, then ask the database yourself.
"""

import json
import time

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key, lock = f"board:{airport}", f"lock:{airport}"
    try:
        found = cache.get(key)
        if found is None and not cache.add(lock, "1", expire=60, noreply=False):
            for _ in range(6):
                time.sleep(10)
                found = cache.get(key)
                if found is not None:
                    break
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
        cache.delete(lock)
    except (MemcacheError, OSError):
        pass
    return rows
