"""Fails: cache_down

A cache that is away takes the board away.
Hint: What the cache cannot answer the database can: catch redis.RedisError around every command of a read.
"""

import json
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key = f"board:{airport}"
    token = f"token:{uuid.uuid4()}"
    found = cache.get(key)
    if found is None:
        cache.set(key, token, nx=True, ex=30)
    elif not found.startswith(b"token:"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    cache.set(key, json.dumps(rows), ifeq=token, ex=60)
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}")
