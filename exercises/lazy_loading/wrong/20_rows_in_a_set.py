"""Fails: race

The rows go into a set: two readers, before and after a delay, leave one flight in it twice.
Hint: SADD adds to what is there; a board is replaced whole, in one command.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"flights:{airport}"
    try:
        found = cache.smembers(key)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found:
        rows = [json.loads(one) for one in found if one != b"none"]
        return sorted(rows, key=lambda row: (row["sched"], row["id"]))
    rows = db.query(BOARD, airport=airport)
    try:
        with cache.pipeline() as pipe:
            pipe.sadd(key, *[json.dumps(row) for row in rows] or ["none"])
            pipe.expire(key, 60)
            pipe.execute()
    except redis.RedisError:
        pass
    return rows
