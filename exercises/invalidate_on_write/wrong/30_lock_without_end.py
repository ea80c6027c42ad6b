"""Fails: crash

Whoever dies with the lock keeps it: nobody caches that board again.
Hint: No `finally` runs in a process that is killed; a lock needs an end of its own (and then see what a slow owner does).
"""

import json
import time
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def take(cache, lock, mine):
    for _ in range(4):
        if cache.set(lock, mine, nx=True):
            return True
        time.sleep(0.1)
    return False


def give_back(cache, lock, mine):
    try:
        cache.execute_command("DELIFEQ", lock, mine)
    except redis.RedisError:
        pass


def get_board(cache, db, airport):
    key, lock, mine = f"board:{airport}", f"lock:{airport}", uuid.uuid4().hex
    try:
        found = cache.get(key)
        if found is not None:
            return json.loads(found)
        locked = take(cache, lock, mine)
    except redis.RedisError:
        give_back(cache, lock, mine)
        return db.query(BOARD, airport=airport)
    if not locked:
        return db.query(BOARD, airport=airport)
    try:
        rows = db.query(BOARD, airport=airport)
        try:
            cache.set(key, json.dumps(rows), ex=60)
        except redis.RedisError:
            pass
        return rows
    finally:
        give_back(cache, lock, mine)


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    lock, mine = f"lock:{airport}", uuid.uuid4().hex
    try:
        if not take(cache, lock, mine):
            raise RuntimeError(f"the board of {airport} is locked; nothing was written")
        db.execute(SET_DELAY, flight=flight, minutes=minutes)
        cache.delete(f"board:{airport}")
    finally:
        give_back(cache, lock, mine)
