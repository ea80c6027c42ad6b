"""Counters: INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT.

Rules: a missing key counts as 0; a counter keeps its expiry; 64 bits, and a step beyond them is refused.
Source: Valkey 9.1.2, t_string.c (`incrDecrCommand`, `incrbyfloatCommand`).
"""

from __future__ import annotations

from fractions import Fraction

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.numbers import INT_MAX, INT_MIN, float_text, integer, parse_float, round_long_double
from kit.cache.redis.session import Session
from kit.cache.redis.strings import text
from kit.cache.redis.table import EXCHANGE, Args, Command, Keys, Reply


def _add(session: Session, key: bytes, step: int) -> int:
    old = text(session.keys.peek(key))
    value = (0 if old is None else integer(old)) + step
    if not INT_MIN <= value <= INT_MAX:
        raise CommandError(texts.OVERFLOW)
    session.keys.set(key, str(value).encode(), keep_ttl=True)
    return value


def incr(session: Session, args: Args) -> Reply:
    return _add(session, args[1], 1)


def decr(session: Session, args: Args) -> Reply:
    return _add(session, args[1], -1)


def incrby(session: Session, args: Args) -> Reply:
    return _add(session, args[1], integer(args[2]))


def decrby(session: Session, args: Args) -> Reply:
    step = integer(args[2])
    if step == INT_MIN:  # its negative has no 64 bits
        raise CommandError(texts.DECREMENT_OVERFLOW)
    return _add(session, args[1], -step)


def incrbyfloat(session: Session, args: Args) -> Reply:
    """The value is read before the step, so a wrong value is reported first."""
    old = text(session.keys.peek(args[1]))
    value = Fraction(0) if old is None else parse_float(old)
    step = parse_float(args[2])
    total = None if value is None or step is None else round_long_double(value + step)
    if total is None:
        raise CommandError(texts.NAN_OR_INFINITY)
    answer = float_text(total)
    session.keys.set(args[1], answer, keep_ttl=True)
    return answer


_FLAGS = ("write", "denyoom", "fast")
_CATEGORIES = ("@write", "@string", "@fast")

COMMANDS = (
    Command("incr", 2, incr, _FLAGS, _CATEGORIES, Keys(EXCHANGE)),
    Command("decr", 2, decr, _FLAGS, _CATEGORIES, Keys(EXCHANGE)),
    Command("incrby", 3, incrby, _FLAGS, _CATEGORIES, Keys(EXCHANGE)),
    Command("decrby", 3, decrby, _FLAGS, _CATEGORIES, Keys(EXCHANGE)),
    Command("incrbyfloat", 3, incrbyfloat, _FLAGS, _CATEGORIES, Keys(EXCHANGE)),
)
