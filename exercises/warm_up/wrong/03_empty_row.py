"""Fails: nobody_leaves

An airport without departures is answered with an empty row.
Hint: “There is none” is `None` here; an empty dictionary looks like a flight of which nothing is known.
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    return min(db.query(DEPARTURES, airport=airport), key=lambda row: row["sched"], default={})
