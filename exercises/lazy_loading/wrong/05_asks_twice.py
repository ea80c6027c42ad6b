"""Fails: hit

A miss asks the database whether the airport has flights, and then which.
Hint: The rows answer both questions: none is an empty list.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.get(key)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None:
        return json.loads(found)
    rows = []
    if db.query("SELECT count(*) AS flights FROM flights WHERE origin = :airport", airport=airport)[0]["flights"]:
        rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), ex=60)
    except redis.RedisError:
        pass
    return rows
