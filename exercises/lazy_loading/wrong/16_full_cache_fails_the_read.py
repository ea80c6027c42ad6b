"""Fails: cache_down

A full cache answers with an error to SET, and the read fails with it.
Hint: OutOfMemoryError is neither a ConnectionError nor a TimeoutError; redis.RedisError is the parent of all three.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except (redis.ConnectionError, redis.TimeoutError):
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except (redis.ConnectionError, redis.TimeoutError):
        pass
    return rows
