"""Fails: hit

The boards are kept in a dictionary of the process.
Hint: The next passenger is served by another process, which does not see your variables.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


BOARDS = {}


def get_board(cache, db, airport):
    if airport not in BOARDS:
        BOARDS[airport] = db.query(BOARD, airport=airport)
    return BOARDS[airport]
