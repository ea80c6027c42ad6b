"""Fails: refused

A writer that was overtaken ten times answers as if the board were refreshed.
Hint: What you try again must end in one of two ways: it is done, or the caller hears that it is not.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key = f"board:{airport}"
    rows = None
    try:
        with cache.pipeline() as pipe:
            pipe.watch(key)
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
    for _ in range(10):
        with cache.pipeline() as pipe:
            try:
                pipe.watch(f"board:{airport}")
                rows = db.query(BOARD, airport=airport)
                pipe.multi()
                pipe.set(f"board:{airport}", json.dumps(rows), ex=60)
                pipe.execute()
                return
            except redis.WatchError:  # overtaken, or a time-out while watching: either way look again
                continue
