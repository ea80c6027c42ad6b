"""No cache: every look is a query. It is never old, and it is the load that a cache is there to take away."""

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    return db.query(BOARD, airport=airport)
