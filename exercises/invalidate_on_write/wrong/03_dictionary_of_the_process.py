"""Fails: read

The boards are kept in a dictionary of the process.
Hint: The next passenger is served by another process, which does not see your variables.
"""

import json

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""
SET_DELAY = "/* post */ UPDATE flights SET delay = :minutes WHERE id = :flight"
ORIGIN = "/* flight */ SELECT origin FROM flights WHERE id = :flight"


BOARDS = {}


def get_board(cache, db, airport):
    if airport not in BOARDS:
        BOARDS[airport] = db.query(BOARD, airport=airport)
    return BOARDS[airport]


def post_delay(cache, db, flight, minutes):
    airport = db.query(ORIGIN, flight=flight)[0]["origin"]
    db.execute(SET_DELAY, flight=flight, minutes=minutes)
    BOARDS.pop(airport, None)
