"""Fails: db_error

The database refused the delay, and the operator was told nothing.
Hint: What the caller must know is not to be caught: catch redis' errors by name, never Exception around a database call.
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
    try:
        airport = db.query(ORIGIN, flight=flight)[0]["origin"]
        db.execute(SET_DELAY, flight=flight, minutes=minutes)
    except Exception as error:
        print("could not post the delay:", error)
        return
    cache.delete(f"board:{airport}")
