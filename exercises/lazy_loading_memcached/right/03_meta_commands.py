"""Passes: `mg` and `ms` by raw_command: one round trip each; `mn` marks the end of the answer."""

import json

from pymemcache import MemcacheError

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        answer = cache.raw_command(f"mg {key} v\r\nmn", b"MN\r\n")
    except (MemcacheError, OSError):
        return db.query(BOARD, airport=airport)
    if answer.startswith(b"VA "):
        return json.loads(answer.split(b"\r\n")[1])
    rows = db.query(BOARD, airport=airport)
    text = json.dumps(rows)
    try:
        cache.raw_command(f"ms {key} {len(text)} T60\r\n{text}")
    except (MemcacheError, OSError):
        pass
    return rows
