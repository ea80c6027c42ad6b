"""Fails: earliest

The first row of the list is taken for the first departure.
Hint: The rows come in order of `id`, which is the order in which they were entered; look at their `sched`.
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    rows = db.query(DEPARTURES, airport=airport)
    return rows[0] if rows else None
