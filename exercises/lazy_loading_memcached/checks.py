"""What lazy_loading_memcached is checked for: what lazy_loading is, and a cache that will not store.

The scenes and rules are lazy_loading's; a check of its own stands before the races: a refusal is explained there, and
would otherwise be met by them. A full server belongs to it, for a memcached refuses in the same way what is too large.
"""

from kit.grading.check import Check, Part
from kit.grading.exercise import sibling
from kit.grading.properties import freshness, no_exception, until_cached

lazy = sibling("lazy_loading")

LIMIT = 1_000  # bytes of an item; a server's own is 1 MiB
MANY = """/* operator */ INSERT INTO flights(id, carrier, number, origin, dest, sched, delay, version)
WITH RECURSIVE more(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM more WHERE n < 155)
SELECT n, 'UA', n, 'JFK', 'ORD', 300 + n, 0, 1 FROM more"""


def too_many_flights(world):
    """JFK has 59 flights, whose board is above the limit; LGA's one flight is kept."""
    world.operator(MANY)
    lazy.boards(world, "JFK", "LGA")
    world.item_limit(LIMIT)
    world.call(lazy.READ, "JFK")
    world.call(lazy.READ, "JFK")
    until_cached(world, lazy.READ, "LGA")


def too_big_holds(tape):
    return lazy.says(
        "What the cache will not store took the page down.", no_exception(tape), freshness(tape),
        lazy.caches(tape),
    )  # fmt: skip


TOO_BIG = Check(
    "too_big", "What the cache will not store is shown all the same", 1, False, "always",
    (Part(too_many_flights), Part(lazy.cache_full)), too_big_holds,
)  # fmt: skip


def adapted(check):
    """A check of lazy_loading, the full server taken out where a check of its own speaks of it."""
    parts = tuple(part for part in check.parts if part.scene is not lazy.cache_full)
    return Check(check.id, check.title, check.points, check.hidden, check.quantifier, parts, check.holds)


BEFORE = ("answer", "hit", "own_key", "empty", "ttl", "cache_down")
CHECKS = (
    *(adapted(one) for one in lazy.CHECKS if one.id in BEFORE),
    TOO_BIG,
    *(one for one in lazy.CHECKS if one.id not in BEFORE),
)
