"""The options of SET and GETEX, and how a time to live becomes the moment of an end.

Rules: every option is looked at before the key is; a time is checked after all options were read.
Source: Valkey 9.1.2, t_string.c (`parseExtendedStringArgumentsOrReply`, `getExpireMillisecondsOrReply`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.numbers import INT_MAX, integer
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args

_TIMES = (b"EX", b"PX", b"EXAT", b"PXAT")
_FOR_SET_ALONE = (b"NX", b"XX", b"IFEQ", b"KEEPTTL", b"GET")
_RIVALS: dict[bytes, tuple[bytes, ...]] = {
    **{unit: (*(other for other in _TIMES if other != unit), b"KEEPTTL", b"PERSIST") for unit in _TIMES},
    b"PERSIST": _TIMES,
    b"KEEPTTL": _TIMES,
    b"NX": (b"XX", b"IFEQ"),
    b"XX": (b"NX", b"IFEQ"),
    b"IFEQ": (b"NX", b"XX", b"IFEQ"),
    b"GET": (),
}
"""Which options an option cannot stand beside, whichever comes first."""


@dataclass(frozen=True, slots=True)
class StringOptions:
    """What stood behind key and value. if_present: None, True for XX, False for NX; expire_ms: absolute."""

    if_present: bool | None = None
    if_equal: bytes | None = None
    get: bool = False
    keep_ttl: bool = False
    persist: bool = False
    expire_ms: int | None = None


NO_OPTIONS = StringOptions()


def parse_string_options(args: Args, start: int, session: Session, *, for_set: bool) -> StringOptions:
    """Read the options from `start` on. Raises CommandError: syntax, not an integer, invalid expire time."""
    if len(args) == start:
        return NO_OPTIONS
    seen: dict[bytes, bytes] = {}
    position = start
    while position < len(args):
        option = bytes(args[position]).upper()
        if not _legal(option, seen, for_set):
            raise CommandError(texts.SYNTAX)
        if option in _TIMES or option == b"IFEQ":
            position += 1
            if position == len(args):
                raise CommandError(texts.SYNTAX)
        seen[option] = args[position]
        position += 1
    return _build(seen, session, "set" if for_set else "getex")


def _legal(option: bytes, seen: dict[bytes, bytes], for_set: bool) -> bool:
    """May `option` stand beside those already seen? Two times of one unit may: the last one counts."""
    rivals = _RIVALS.get(option)
    if rivals is None or (option == b"PERSIST" if for_set else option in _FOR_SET_ALONE):
        return False
    return not any(other in seen for other in rivals)


def _build(seen: dict[bytes, bytes], session: Session, name: str) -> StringOptions:
    expire_ms = None
    for unit in _TIMES:
        if unit in seen:
            expire_ms = expire_at_ms(name, unit, seen[unit], session)
    return StringOptions(
        True if b"XX" in seen else False if b"NX" in seen else None,
        seen.get(b"IFEQ"), b"GET" in seen, b"KEEPTTL" in seen, b"PERSIST" in seen, expire_ms,
    )  # fmt: skip


def expire_at_ms(name: str, unit: bytes, text: bytes, session: Session) -> int:
    """The end that `text` means, in absolute milliseconds. Raises CommandError for 0, below, and too large."""
    value = integer(text)
    if unit in (b"EX", b"EXAT"):
        value *= 1_000
    if value > 0 and unit in (b"EX", b"PX"):
        value += session.engine.now_ms()
    if not 0 < value <= INT_MAX:
        raise CommandError(texts.invalid_expire(name))
    return value
