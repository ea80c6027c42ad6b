"""Passes: a dictionary of the process for five seconds before a cache for 55: together no more than a minute."""

import json
import time

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


BOARDS = {}


def get_board(cache, db, airport):
    now = time.monotonic()
    kept = BOARDS.get(airport)
    if kept is None or now - kept[0] > 5:
        kept = BOARDS[airport] = (now, read(cache, db, airport))
    return kept[1]


def read(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=55)
    except (MemcacheError, OSError):
        pass
    return rows
