"""Passes: a hash of packed rows, which gets its end in the same MULTI.

The field `rows` says that there is a board, so an empty one is told from none.
"""

import json

import redis

BOARD = """/* board */ SELECT id, carrier, number, dest, sched, delay, version
           FROM flights WHERE origin = :airport ORDER BY sched, id"""


def get_board(cache, db, airport):
    key = f"board:{airport}"
    try:
        found = cache.hgetall(key)
    except redis.RedisError:
        return db.query(BOARD, airport=airport)
    if b"rows" in found:
        return [json.loads(found[str(number).encode()]) for number in range(int(found[b"rows"]))]
    rows = db.query(BOARD, airport=airport)
    fields = {str(number): json.dumps(row) for number, row in enumerate(rows)}
    try:
        with cache.pipeline() as pipe:
            pipe.delete(key)
            pipe.hset(key, mapping={"rows": len(rows), **fields})
            pipe.expire(key, 60)
            pipe.execute()
    except redis.RedisError:
        pass
    return rows
