"""Fails: asks_again

The delay is added, so another flight comes first.
Hint: Asked is the first departure by its scheduled time, `sched`; a delay does not change which one that is.
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    rows = db.query(DEPARTURES, airport=airport)
    return min(rows, key=lambda row: row["sched"] + row["delay"], default=None)
