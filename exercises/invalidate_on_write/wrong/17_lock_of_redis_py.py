"""Fails: slow_reader

cache.lock() with a time-out: the late reader stores first, and then is told that it lost the lock.
Hint: LockNotOwnedError comes at the release, after the SET; the trace shows the SET before it.
"""

import json

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
    rows = None
    try:
        with cache.lock(f"lock:{airport}", timeout=5):
            rows = db.query(BOARD, airport=airport)
            cache.set(key, json.dumps(rows), ex=60)
    except redis.exceptions.LockError:
        raise
    except redis.RedisError:
        pass
    return db.query(BOARD, airport=airport) if rows is None else rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    with cache.lock(f"lock:{airport}", timeout=5):
        db.execute(SET_DELAY, flight=flight, minutes=minutes)
        cache.delete(f"board:{airport}")
