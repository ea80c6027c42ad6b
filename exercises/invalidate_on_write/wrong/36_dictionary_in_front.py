"""Fails: slow_reader

A dictionary of the process in front of the cache, for a second: no writer reaches it.
Hint: What each process keeps for itself can be thrown away by nobody else; a near cache needs messages, or a lifetime that you may promise.
"""

import json
import time
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


NEAR = {}


def get_board(cache, db, airport):
    kept, until = NEAR.get(airport, (None, 0))
    if time.time() < until:
        return kept
    rows = ask(cache, db, airport)
    NEAR[airport] = rows, time.time() + 1
    return rows


def ask(cache, db, airport):
    key = f"board:{airport}"
    token = f"token:{uuid.uuid4()}"
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


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}")
