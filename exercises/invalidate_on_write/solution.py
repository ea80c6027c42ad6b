"""Invalidate on write, with a token of the reader's own.

A reader that misses leaves a token where the board will stand, reads the database, and stores only if that token is
still there. The writer's delete removes it, so whatever was read before the delay cannot come back.
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
    token = f"token:{uuid.uuid4()}"  # its own: with one word for all, a later reader's would let this one through
    try:
        found = cache.get(key)
        if found is None:
            cache.set(key, token, nx=True, ex=30)  # before the database is read
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None and not found.startswith(b"token:"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ifeq=token, ex=60)  # nothing happens if the token is gone
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}")  # takes the board or the token; if it fails, the caller must hear of it
