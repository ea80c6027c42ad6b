"""Fails: ttl

A dictionary of the process stands before the cache, and nothing in it ever ends.
Hint: The lifetime in the cache does not reach your variables; what a process keeps for itself needs an end of its own, and both together at most 60 s.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


BOARDS = {}


def get_board(cache, db, airport):
    if airport not in BOARDS:
        BOARDS[airport] = read(cache, db, airport)
    return BOARDS[airport]


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
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
