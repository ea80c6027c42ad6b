"""Fails: answer

The board is sorted by when the flights will leave, and not by when they should.
Hint: A board stands in the order that BOARD gives: scheduled minute, then id; a late flight keeps its place.
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
    rows = db.query(BOARD, airport=airport)
    rows.sort(key=lambda row: row["sched"] + row["delay"])
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
