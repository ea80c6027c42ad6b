"""Fails: slow_reader

A tombstone keeps late readers out for five seconds; this one came later.
Hint: When the tombstone has ended NX finds nothing again; a watched key, or a token, does not depend on time.
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
    if found not in (None, b"gone"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), nx=True, ex=60)
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.set(f"board:{airport}", "gone", ex=5)
