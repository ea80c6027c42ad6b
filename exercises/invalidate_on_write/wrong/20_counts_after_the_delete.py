"""Fails: slow_reader

The writer deletes, and counts a moment later; the reader stores in between.
Hint: Count before the delete, or both in one transaction.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key, changes = f"board:{airport}", f"changes:{airport}"
    rows = None
    try:
        with cache.pipeline() as pipe:
            pipe.watch(changes)
            found = pipe.get(key)
            if found is not None:
                return json.loads(found)
            rows = db.query(BOARD, airport=airport)
            pipe.multi()
            pipe.set(key, json.dumps(rows), ex=60)
            pipe.execute()
    except redis.RedisError:
        pass
    return db.query(BOARD, airport=airport) if rows is None else rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}")
    cache.incr(f"changes:{airport}")
