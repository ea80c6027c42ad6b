"""Warm-up: ask, and take the earliest row."""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    rows = db.query(DEPARTURES, airport=airport)
    if not rows:
        return None
    return min(rows, key=lambda row: row["sched"])
