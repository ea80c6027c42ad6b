"""Passes: it remembers which flight is first, and asks for that flight's row at each call.

Flights do not change their scheduled time here, so what is kept cannot grow old; the row itself can.
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""
FIRST = {}


def first_departure(db, airport):
    if airport not in FIRST:
        rows = db.query(DEPARTURES, airport=airport)
        FIRST[airport] = min(rows, key=lambda row: row["sched"])["id"] if rows else None
    sql = "/* flight */ SELECT * FROM flights WHERE id = :flight"
    return next(iter(db.query(sql, flight=FIRST[airport])), None)
