"""Passes: who misses leaves a token, and stores only where that token still stands: nobody overwrites a newer board."""

import json
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key, token = f"board:{airport}", f"token:{uuid.uuid4()}"
    try:
        found = cache.get(key)
        if found is None:
            cache.set(key, token, nx=True, ex=30)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None and not found.startswith(b"token:"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ifeq=token, ex=60)
    except redis.RedisError:
        pass
    return rows
