"""Fails: cache_down

The question to the cache is guarded, the storing is not: the board was there, and was not shown.
Hint: A read has its answer before it stores; nothing that happens to the copy may take it away.
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
    cache.set(key, json.dumps(rows), ex=60)
    return rows
