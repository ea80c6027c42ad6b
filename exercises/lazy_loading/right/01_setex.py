"""Passes: the plain form, with SETEX as the server knows it (redis-py calls its setex() deprecated)."""

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
        cache.execute_command("SETEX", key, 60, json.dumps(rows))
    except redis.RedisError:
        pass
    return rows
