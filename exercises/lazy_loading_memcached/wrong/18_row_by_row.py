"""Fails: too_big

The board is built up by `append`, a row at a time: what no longer fits is left out, and the next reader is shown half a board.
Hint: A board is stored whole, by one command: then it is there or it is not.
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
        return [json.loads(row) for row in found.splitlines()]
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, "", expire=60)
        for row in rows:
            cache.append(key, json.dumps(row) + "\n")
    except (MemcacheError, OSError):
        pass
    return rows
