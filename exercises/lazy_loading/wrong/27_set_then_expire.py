"""Fails: crash

The lifetime is given in a second command; who dies in between leaves a board for ever.
Hint: Value and lifetime in one command: `ex=60` inside the SET.
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
        cache.set(key, json.dumps(rows))
        cache.expire(key, 60)
    except redis.RedisError:
        pass
    return rows
