"""The generated program: recipes that reach every command, option and error text, woven by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from maker import Chunk, Maker, Recipe
from played import Step
from recipes_refusals import refused_arity, refused_numbers, refused_syntax, refused_times, unknown
from recipes_server import (
    every_name,
    full,
    full_at_exec,
    getkeys_refused,
    leave,
    lock_scripts,
    locked,
    other_scripts,
    select,
    server,
    set_up,
    set_up_refused,
    settings_refused,
)  # fmt: skip
from recipes_transactions import failed_transaction, refused_exec, transaction, watched_end
from recipes_values import (
    counters,
    deletes_if_equal,
    every_option,
    expiry,
    floats,
    flushes,
    generic,
    getex,
    hashes,
    past_ends,
    sets,
    short_lives,
    strings,
    strings_older,
    wrong_types,
)  # fmt: skip

PLAIN: list[Recipe] = [
    strings, strings, strings, strings_older, strings_older, getex, counters, counters, floats, generic,
    deletes_if_equal,
    flushes, expiry, expiry, past_ends, short_lives, hashes, sets, wrong_types, transaction, transaction, transaction,
    watched_end, failed_transaction, refused_exec, other_scripts, set_up, set_up_refused, select, leave, server,
    getkeys_refused, settings_refused, full, full_at_exec, refused_syntax, refused_times, refused_numbers,
    refused_arity,
    refused_arity, unknown, every_option, every_name,
]  # fmt: skip


STAYS = 0.6
"""How often the same connection goes on: its commands then travel together."""


def weave(seed: int, server: str, connections: list[str], recipes: list[Recipe]) -> list[Step]:
    """All recipes once, in a random order, each connection busy with one at a time."""
    rng = random.Random(seed)
    make = Maker(rng)
    waiting = list(recipes)
    rng.shuffle(waiting)
    busy: dict[str, Iterator[Chunk]] = {}
    steps: list[Step] = []
    me = connections[0]
    while waiting or busy:
        me = me if rng.random() < STAYS else rng.choice(connections)
        if me not in busy:
            if waiting:
                busy[me] = waiting.pop()(make)
            continue
        chunk = next(busy[me], None)
        if chunk is None:
            del busy[me]
            continue
        other = next((one for one in connections if one != me), me)
        for who, args in chunk:
            steps.append(Step(f"{server}/{me if who == 'me' else other}", tuple(args)))
    return steps


def program(seed: int, rounds: int) -> list[Step]:
    """The whole run: on two connections of a plain server, of a locked one, and of one with scripts."""
    steps = weave(seed, "plain", ["a", "b"], PLAIN * rounds)
    steps += weave(seed + 1, "locked", ["c", "d"], [locked] * rounds)
    return steps + weave(seed + 2, "lua", ["e", "f"], [lock_scripts] * rounds)
