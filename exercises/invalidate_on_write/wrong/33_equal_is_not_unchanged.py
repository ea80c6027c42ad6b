"""Fails: two_writers

The writer replaces the board that it read before, if that still stands; another one had come and gone.
Hint: A delay of 20 and back to 0 gives the same bytes again (ABA): keep `version` in what you compare.
"""

import json
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def page(rows):
    """What passengers see."""
    return json.dumps(
        [{"id": row["id"], "dest": row["dest"], "sched": row["sched"], "delay": row["delay"]} for row in rows]
    )


def get_board(cache, db, airport):
    key = f"board:{airport}"
    token = f"token:{uuid.uuid4()}"
    try:
        found = cache.get(key)
        if found is None:
            cache.set(key, token, nx=True, ex=30)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None and not found.startswith(b"token:"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, page(rows), ifeq=token, ex=60)
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    key = f"board:{airport}"
    while (former := cache.get(key)) is not None:
        rows = db.query(BOARD, airport=airport)
        if cache.set(key, page(rows), ifeq=former, ex=60):
            return
