"""A TTL of one second and no delete: what one does who has heard that a short TTL is nearly true.

It is not for the exercise: a copy that lives 1 s is ended before it has spared the database much.
"""

import json

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"


def get_board(cache, db, airport):
    found = cache.get(f"board:{airport}")
    if found is not None:
        return json.loads(found)
    rows = db.query(BOARD, airport=airport)
    cache.set(f"board:{airport}", json.dumps(rows), ex=1)
    return rows


def post_delay(cache, db, flight, minutes):
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
