"""Fails: slow_reader

A threading.Lock keeps the threads of one process apart; the writer is another process.
Hint: A lock in your module exists once a process; what processes share is the cache and the database.
"""

import json
import threading

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


LOCK = threading.Lock()


def get_board(cache, db, airport):
    with LOCK:
        return load(cache, db, airport)


def load(cache, db, airport):
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
    with LOCK:
        airport = db.query(ORIGIN, flight=flight)[0]["origin"]
        db.execute(SET_DELAY, flight=flight, minutes=minutes)
        cache.delete(f"board:{airport}")
