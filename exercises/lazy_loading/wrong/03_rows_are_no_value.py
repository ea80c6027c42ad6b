"""Fails: hit

A list of rows is given to SET: redis-py refuses it with a DataError, which is a RedisError, and nobody hears of it.
Hint: The cache keeps bytes and text: json.dumps(rows). And an `except` that hides a mistake of your own is too wide, or in the wrong place.
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
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, rows, ex=60)
    except redis.RedisError:
        pass
    return rows
