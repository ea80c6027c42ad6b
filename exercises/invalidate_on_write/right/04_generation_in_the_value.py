"""Passes: the board carries the generation under which it was read; a reader believes it only if that is still the one.

Both keys come in one MGET, so a hit is one trip. Late boards overwrite good ones, and are not believed: a miss more.
"""

import json
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key, name = f"board:{airport}", f"generation:{airport}"
    try:
        generation, found = cache.mget(name, key)
        if generation is None:
            cache.set(name, uuid.uuid4().hex, nx=True, ex=3600)
            generation = cache.get(name)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    generation = (generation or b"").decode()
    if found is not None and generation:
        entry = json.loads(found)
        if entry["generation"] == generation:
            return entry["rows"]
    rows = db.query(BOARD, airport=airport)
    if generation:
        try:
            cache.set(key, json.dumps({"generation": generation, "rows": rows}), ex=60)
        except redis.RedisError:
            pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.set(f"generation:{airport}", uuid.uuid4().hex, ex=3600)
