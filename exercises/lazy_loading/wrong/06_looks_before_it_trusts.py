"""Fails: hit

Each hit is compared with the newest version in the database: right, and no spare query is left.
Hint: A copy that is checked against the original each time spares nothing; the task allows a board to be 60 s old.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None:
        rows = json.loads(found)
        newest = db.query("SELECT max(version) AS newest FROM flights WHERE origin = :airport", airport=airport)
        if newest[0]["newest"] == max((row["version"] for row in rows), default=None):
            return rows
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
