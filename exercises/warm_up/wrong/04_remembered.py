"""Fails: asks_again

The answer is remembered, and the delay comes after it.
Hint: What you keep in a dictionary is as old as the moment at which you asked. The operator wrote to the database since.
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""
FIRST = {}


def first_departure(db, airport):
    if airport not in FIRST:
        rows = db.query(DEPARTURES, airport=airport)
        FIRST[airport] = min(rows, key=lambda row: row["sched"], default=None)
    return FIRST[airport]
