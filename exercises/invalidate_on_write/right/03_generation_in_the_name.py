"""Passes: each delay begins a generation of its own; a board stored late lies under a name that nobody asks for.

The generation is read before the rows, and is unique: a number that begins at 1 again would wake the dead.
"""

import json
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    try:
        generation = cache.get(f"generation:{airport}")
        if generation is None:
            cache.set(f"generation:{airport}", str(uuid.uuid4()), nx=True, ex=3600)
            generation = cache.get(f"generation:{airport}")
        key = f"board:{airport}:{(generation or b'').decode()}"
        found = cache.get(key) if generation else None
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    if generation:
        try:
            cache.set(key, json.dumps(rows), ex=60)
        except redis.RedisError:
            pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.set(f"generation:{airport}", str(uuid.uuid4()), ex=3600)
