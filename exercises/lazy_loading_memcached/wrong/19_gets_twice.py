"""Fails: race

The reader asks whether there is a board, and fetches it in a second command: in between it ended.
Hint: One `get` answers both questions; it gives None for nothing.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key) is not None
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found:
        return json.loads(cache.get(key))
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
