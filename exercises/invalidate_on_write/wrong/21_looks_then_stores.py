"""Fails: slow_reader

The reader looks whether its lease still stands, and stores one step later.
Hint: Between the look and the SET there is room for a delay; both must be one command (IFEQ) or one watched transaction.
"""

import json
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key, lease, mine = f"board:{airport}", f"lease:{airport}", uuid.uuid4().hex
    try:
        found = cache.get(key)
        if found is None:
            cache.set(lease, mine, nx=True, ex=10)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        if cache.get(lease) == mine.encode():
            cache.set(key, json.dumps(rows), ex=60)
            cache.delete(lease)
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}", f"lease:{airport}")
