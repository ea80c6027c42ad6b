"""Fails: ttl_not_renewed

What was found is stored again, with a new lifetime.
Hint: Only what was just read from the database is young; a copy of a copy keeps the age of the first.
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
    rows = json.loads(found) if found is not None else db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
