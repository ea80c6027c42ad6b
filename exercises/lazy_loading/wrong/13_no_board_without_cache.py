"""Fails: cache_down

A cache that is away takes the board away.
Hint: What the cache cannot answer the database can: catch redis.RedisError around every command of a read.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    found = cache.get(key)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    cache.set(key, json.dumps(rows), ex=60)
    return rows
