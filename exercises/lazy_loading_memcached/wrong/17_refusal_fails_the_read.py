"""Fails: too_big

`set` waits for the answer, and the server's refusal is let out: the board was there, and was not shown.
Hint: A board above the item limit and a full server are refused with a MemcacheServerError; a read then has its answer all the same.
"""

import json

from pymemcache import MemcacheUnexpectedCloseError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except (MemcacheUnexpectedCloseError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60, noreply=False)
    except (MemcacheUnexpectedCloseError, OSError):
        pass
    return rows
