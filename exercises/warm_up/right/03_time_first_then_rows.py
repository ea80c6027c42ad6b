"""Passes: one question for the earliest time, another one for the rows, of which it picks."""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    sql = "/* times */ SELECT MIN(sched) AS earliest FROM flights WHERE origin = :airport"
    earliest = db.query(sql, airport=airport)[0]["earliest"]
    return next((row for row in db.query(DEPARTURES, airport=airport) if row["sched"] == earliest), None)
