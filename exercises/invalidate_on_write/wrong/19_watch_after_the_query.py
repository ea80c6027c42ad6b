"""Fails: slow_reader

The reader begins to watch after it has read the database: it is overtaken before it looks.
Hint: What is to be noticed may have happened before you watch; watch first, then read.
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
    rows = db.query(BOARD, airport=airport)
    try:
        with cache.pipeline() as pipe:
            pipe.watch(f"changes:{airport}")
            pipe.multi()
            pipe.set(key, json.dumps(rows), ex=60)
            pipe.execute()
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    with cache.pipeline() as pipe:
        pipe.incr(f"changes:{airport}")
        pipe.expire(f"changes:{airport}", 3600)
        pipe.delete(f"board:{airport}")
        pipe.execute()
