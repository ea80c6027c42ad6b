"""Fails: two_writers

Writers take a lock before they store; the slow one stores after its lock has ended.
Hint: A lock with an end protects only those who are faster than it: delete, or let the store itself look (IFEQ, WATCH).
"""

import json
import time
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


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
        cache.set(key, json.dumps(rows), ifeq=token, ex=60)
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    lock, mine = f"lock:{airport}", uuid.uuid4().hex
    for _ in range(4):
        if cache.set(lock, mine, nx=True, ex=5):
            break
        time.sleep(0.1)
    else:
        raise RuntimeError(f"the board of {airport} is locked; nothing was written")
    try:
        db.execute(SET_DELAY, flight=flight, minutes=minutes)
        rows = db.query(BOARD, airport=airport)
        cache.set(f"board:{airport}", json.dumps(rows), ex=60)
    finally:
        cache.execute_command("DELIFEQ", lock, mine)
