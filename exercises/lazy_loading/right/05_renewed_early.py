"""Passes: one trip asks for board and remaining life; a board that ends within ten seconds is read anew."""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        with cache.pipeline(transaction=False) as pipe:
            found, left_ms = pipe.get(key).pttl(key).execute()
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None and left_ms > 10_000:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), px=60_000)
    except redis.RedisError:
        pass
    return rows
