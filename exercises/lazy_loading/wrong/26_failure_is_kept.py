"""Fails: db_error

A failing database looks like an airport without flights, and that is kept for a minute.
Hint: Never store what an exception left in a variable: the next 60 s of passengers would be told the same lie.
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
    try:
        rows = db.query(BOARD, airport=airport)
    except Exception:
        rows = []
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
