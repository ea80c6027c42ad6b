"""Numbers as the server reads them: with C's strtol and strtoul, and then cut to 32 bits.

Rules: spaces and a sign may lead; a number ends at a space, a zero byte or the end of its text; what does not fit 64
bits is none; what does is cut to 32 where the server keeps 32, so an expiry of 4294967297 is 1; a minus is refused
only where the result has its highest bit set.
Source: memcached 1.6.18, util.c (`safe_strtol`, `safe_strtoul`, `safe_strtoull`), tried beside the real one.
Leaves out: systems whose `long` has 32 bits.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(rb"[ \t\n\v\f\r]*([+-]?)([0-9]+)(?=[ \t\n\v\f\r\x00]|\Z)")
_TOP_BIT = 1 << 63
_MODULUS = 1 << 64
_SHORT = 9
"""So many digits fit 32 bits whatever they are."""


def signed(text: bytes) -> int | None:
    """An `int32_t`, or None.

    >>> signed(b"60"), signed(b"-1"), signed(b"2147483648"), signed(b"1.5")
    (60, -1, -2147483648, None)
    """
    if len(text) <= _SHORT and text.isdigit():
        return int(text)
    found = _NUMBER.match(text)
    if found is None:
        return None
    value = -int(found[2]) if found[1] == b"-" else int(found[2])
    if not -_TOP_BIT <= value < _TOP_BIT:
        return None
    return (value + 0x8000_0000) % (1 << 32) - 0x8000_0000


def unsigned(text: bytes) -> int | None:
    """A `uint32_t`, or None."""
    value = unsigned_long(text)
    return None if value is None else value & 0xFFFF_FFFF


def unsigned_long(text: bytes) -> int | None:
    """A `uint64_t`, or None.

    >>> unsigned_long(b"18446744073709551615"), unsigned_long(b"-1"), unsigned_long(b"5 apples")
    (18446744073709551615, None, 5)
    """
    if len(text) <= _SHORT and text.isdigit():
        return int(text)
    found = _NUMBER.match(text)
    if found is None or (magnitude := int(found[2])) >= _MODULUS:
        return None
    value = -magnitude % _MODULUS if found[1] == b"-" else magnitude
    return None if value >= _TOP_BIT and b"-" in text else value
