"""Passes: who misses takes a lease, and stores only while it lasts; the writer deletes board and lease together.

The lease is watched, so that looking at it and storing are one step.
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
    rows = None
    try:
        found = cache.get(key)
        if found is not None:
            return json.loads(found)
        if not cache.set(lease, mine, nx=True, ex=10):
            return db.query(BOARD, airport=airport)
        with cache.pipeline() as pipe:
            pipe.watch(lease)
            held = pipe.get(lease) == mine.encode()
            rows = db.query(BOARD, airport=airport)
            if held:
                pipe.multi()
                pipe.set(key, json.dumps(rows), ex=60)
                pipe.delete(lease)
                pipe.execute()
    except redis.RedisError:
        pass
    return db.query(BOARD, airport=airport) if rows is None else rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}", f"lease:{airport}")
