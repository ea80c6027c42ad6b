"""Fails: crash

Readers store only while no writer is at work; a writer that died is at work for ever.
Hint: A count that only its owner takes back is a lock without an end.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key, writers = f"board:{airport}", f"writers:{airport}"
    rows = None
    try:
        with cache.pipeline() as pipe:
            pipe.watch(writers)
            found = pipe.get(key)
            if found is not None:
                return json.loads(found)
            at_work = int(pipe.get(writers) or 0)
            rows = db.query(BOARD, airport=airport)
            if not at_work:
                pipe.multi()
                pipe.set(key, json.dumps(rows), ex=60)
                pipe.execute()
    except redis.RedisError:
        pass
    return db.query(BOARD, airport=airport) if rows is None else rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    cache.incr(f"writers:{airport}")
    try:
        db.execute(SET_DELAY, flight=flight, minutes=minutes)
        cache.delete(f"board:{airport}")
    finally:
        cache.decr(f"writers:{airport}")
