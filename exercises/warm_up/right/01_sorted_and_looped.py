"""Passes: the rows are sorted by their time, and the first of them is answered, if there is a first one."""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    for row in sorted(db.query(DEPARTURES, airport=airport), key=lambda row: (row["sched"], row["id"])):
        return row
