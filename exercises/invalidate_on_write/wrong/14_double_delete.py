"""Fails: slow_reader

A second delete half a second later; the reader is slower than that.
Hint: A pause is a guess about the slowest reader; the reader must find out by itself.
"""

import json
import time

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


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
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    cache.delete(f"board:{airport}")
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    time.sleep(0.5)
    cache.delete(f"board:{airport}")
