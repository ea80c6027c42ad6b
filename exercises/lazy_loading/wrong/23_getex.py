"""Fails: ttl_not_renewed

GETEX asks and renews in one command: one trip fewer, and a board that never ends.
Hint: GETEX is for what may live as long as it is used, a session; a copy of something that changes is asked for by GET.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.getex(key, ex=60)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
