"""Fails: race

The reader asks whether there is a board, and fetches it in a second command: in between it ended.
Hint: One GET answers both questions; it gives None for nothing.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key) if cache.exists(key) else b""
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found != b"":
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
