"""Passes: who misses leaves a token, and stores by `cas` only where that token still stands: nobody overwrites a newer board."""

import json
import uuid

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key, token = f"board:{airport}", f"token:{uuid.uuid4()}"
    place = None
    try:
        found = cache.get(key)
        if found is None and cache.add(key, token, expire=30, noreply=False):
            left, place = cache.gets(key)
            place = place if left == token.encode() else None
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None and not found.startswith(b"token:"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        if place is not None:
            cache.cas(key, json.dumps(rows), place, expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
