"""Passes: a statement of its own lets the database sort, and asks for one row."""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    sql = "/* departures */ SELECT * FROM flights WHERE origin = :airport ORDER BY sched, id LIMIT 1"
    return next(iter(db.query(sql, airport=airport)), None)
