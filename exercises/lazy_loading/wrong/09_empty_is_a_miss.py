"""Fails: empty

An empty board is taken for a miss.
Hint: `if rows:` is false for an empty list too; ask whether the cache held anything (`is not None`).
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
    rows = json.loads(found) if found is not None else []
    if rows:
        return rows
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
