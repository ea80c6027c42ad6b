"""Fails: nobody_leaves

An airport without departures raises.
Hint: Of an empty list there is no smallest row: ask first whether there is any.
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    return min(db.query(DEPARTURES, airport=airport), key=lambda row: row["sched"])
