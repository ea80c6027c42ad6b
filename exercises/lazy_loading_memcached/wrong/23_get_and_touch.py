"""Fails: ttl_not_renewed

`gat` asks and renews in one command: one trip fewer, and a board that never ends.
Hint: `gat` is for what may live as long as it is used, a session; a copy of something that changes is asked for by `get`.
"""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        answer = cache.raw_command(f"gat 60 {key}", b"END\r\n")
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if answer.startswith(b"VALUE"):
        return json.loads(answer.split(b"\r\n")[1])
    rows = db.query(BOARD, airport=airport)
    try:
        cache.set(key, json.dumps(rows), expire=60)
    except (MemcacheError, OSError):
        pass
    return rows
