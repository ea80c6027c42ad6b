"""Warm-up. One function, three lines; README.md says what it promises.

db.query(DEPARTURES, airport="JFK") -> list of dictionaries, one a flight; sched and delay in minutes
"""

DEPARTURES = """/* departures */ SELECT id, carrier, number, dest, sched, delay, version
                FROM flights WHERE origin = :airport ORDER BY id"""


def first_departure(db, airport):
    """The row of the flight that is scheduled first at this airport; None if no flight leaves."""
    raise NotImplementedError
