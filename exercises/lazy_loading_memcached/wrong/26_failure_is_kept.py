"""Fails: db_error

A failing database looks like an airport without flights, and that is kept for a minute.
Hint: Never store what an exception left in a variable: the next 60 s of passengers would be told the same lie.
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
    if found is not None:
        return json.loads(found)
    rows = []
    try:
        rows = db.query(BOARD, airport=airport)
    except Exception:
        pass
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
