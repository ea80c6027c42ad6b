"""Par: the solution behind a TTL of an hour, which differs from copy to copy by ten per cent.

A delete per change keeps the wall true, so a copy need not end for that; the TTL is the net under it, for whatever
writes past `post_delay`, and with jitter copies that were filled together do not end together. The exercise's check
`ttl` refuses it: there a board lives at most 60 s, the net's price for a writer nobody knows of.
"""

import json
import random
import uuid

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


def get_board(cache, db, airport):
    key = f"board:{airport}"
    token = f"token:{uuid.uuid4()}"  # its own: with one word for all, a later reader's would let this one through
    try:
        found = cache.get(key)
        if found is None:
            cache.set(key, token, nx=True, ex=30)  # before the database is read
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if found is not None and not found.startswith(b"token:"):
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    try:
        # nothing happens if the token is gone
        cache.set(key, json.dumps(rows), ifeq=token, ex=random.randint(3240, 3960))
    except redis.RedisError:
        pass
    return rows


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    cache.delete(f"board:{airport}")  # takes the board or the token; if it fails, the caller must hear of it
