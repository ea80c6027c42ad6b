"""Fails: hit

The rows are stored as Python prints them, and that is no JSON.
Hint: str() is for people to read; what json.loads is to read, json.dumps must have written.
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
        cache.set(key, str(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
