"""Fails: cache_down

A question that the cache did not answer is asked again, ten times: ten seconds for a board.
Hint: Each try costs the whole time-out; the database answers at once.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    found = None
    for _ in range(10):
        try:
            found = cache.get(key)
            break
        except (MemcacheError, OSError):
            continue
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
