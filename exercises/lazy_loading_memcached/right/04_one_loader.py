"""Passes: who gets the lock loads; the others wait for half a second, then ask the database themselves."""

import json
import time

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key, lock = f"board:{airport}", f"lock:{airport}"
    try:
        found = cache.get(key)
        if found is None and not cache.add(lock, "1", expire=5, noreply=False):
            for _ in range(5):
                time.sleep(0.1)
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
    except (MemcacheError, OSError):
        pass
    return rows
