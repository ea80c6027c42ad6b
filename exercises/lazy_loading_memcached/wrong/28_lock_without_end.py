"""Fails: crash

Whoever dies with the lock keeps it: nobody stores that board again.
Hint: No `finally` runs in a process that is killed; a lock needs an end of its own.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key, lock = f"board:{airport}", f"lock:{airport}"
    mine = False
    try:
        found = cache.get(key)
        if found is None:
            mine = cache.add(lock, "1", noreply=False)
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    try:
        rows = db.query(BOARD, airport=airport)
        if mine:
            cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    finally:
        if mine:
            release(cache, lock)
    return rows


def release(cache, lock):
    try:
        cache.delete(lock)
    except (MemcacheError, OSError):
        pass
