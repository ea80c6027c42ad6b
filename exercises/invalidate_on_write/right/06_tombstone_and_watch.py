"""Passes: the writer puts a tombstone in the board's place; a SET is a change even where nothing was, so WATCH sees it.

The tombstone's lifetime decides nothing here: it was seen when it was set, and its end would be seen as well.
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
            if found not in (None, b"gone"):
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
    cache.set(f"board:{airport}", "gone", ex=30)
