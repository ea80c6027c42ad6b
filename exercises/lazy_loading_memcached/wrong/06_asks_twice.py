"""Fails: hit

A miss asks the database whether the airport has flights, and then which.
Hint: The rows answer both questions: none is an empty list.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


COUNT = "/* count */ SELECT count(*) AS n FROM flights WHERE origin = :airport"


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = []
    if db.query(COUNT, airport=airport)[0]["n"]:
        rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
