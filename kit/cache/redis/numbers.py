"""Numbers as the server reads and writes them.

Rules: an integer is read strictly (`-0`, `+1`, `01` and ` 1` are none) and has 64 bits; a float is C's long double of
x86-64: 64 bits of mantissa, written with 17 decimals at most and without trailing zeros.
Source: Valkey 9.1.2, `string2ll` (util.c), `getLongDoubleFromObject` (object.c), `ld2string` in LD_STR_HUMAN.
Leaves out: machines whose long double is something else (ARM): there INCRBYFLOAT of a real server differs in the
last digits.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from kit.cache.errors import CommandError
from kit.cache.redis import texts

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
MANTISSA_BITS = 64
MAX_EXPONENT = 16_384
"""A long double is below 2 to this power."""
MIN_EXPONENT = -16_445
"""The last bit of the smallest long double that is not 0."""

_INTEGER = re.compile(rb"0|-?[1-9][0-9]{0,18}")
_DECIMAL = re.compile(rb"([+-]?)(?:([0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?)")
_HEX = re.compile(rb"([+-]?)0[xX](?:([0-9a-fA-F]+)\.?([0-9a-fA-F]*)|\.([0-9a-fA-F]+))(?:[pP]([+-]?[0-9]+))?")
_INFINITY = re.compile(rb"[+-]?inf(inity)?", re.IGNORECASE)
_LONGEST_FLOAT = 5 * 1024


def parse_int(text: bytes) -> int | None:
    """The integer that `text` is, or None."""
    if _INTEGER.fullmatch(text) is None:
        return None
    value = int(text)
    return value if INT_MIN <= value <= INT_MAX else None


def integer(text: bytes, error: str = texts.NOT_AN_INTEGER) -> int:
    """The integer that `text` is. Raises CommandError(error) where it is none."""
    value = parse_int(text)
    if value is None:
        raise CommandError(error)
    return value


def parse_float(text: bytes) -> Fraction | None:
    """A finite float, rounded to a long double. Raises CommandError for what is none; None = infinite."""
    if len(text) >= _LONGEST_FLOAT:
        raise CommandError(texts.NOT_A_FLOAT)
    if _INFINITY.fullmatch(text):
        return None
    exact = _exact(text)
    if exact is None:
        raise CommandError(texts.NOT_A_FLOAT)
    return round_long_double(exact)


def _exact(text: bytes) -> Fraction | None:
    if match := _HEX.fullmatch(text):
        sign, whole, part, only, power = match.groups()
        digits = (whole or b"") + (part or only or b"")
        value = Fraction(int(digits, 16)) * Fraction(2) ** (int(power or 0) - 4 * len(part or only or b""))
    elif match := _DECIMAL.fullmatch(text):
        sign, digits, power = match.groups()
        exponent = int(power or 0)
        if abs(exponent) > 10_000:  # beyond every long double; keeps the arithmetic small
            return None
        value = Fraction(Decimal(digits.decode())) * Fraction(10) ** exponent
    else:
        return None
    return -value if sign == b"-" else value


def round_long_double(value: Fraction) -> Fraction | None:
    """The nearest long double, ties to even; None where it would be infinite."""
    if value == 0:
        return value
    # floor(log2(|value|)), by lengths first and one comparison to mend it
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    if abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - MANTISSA_BITS + 1, MIN_EXPONENT)
    rounded = round(value / unit) * unit
    return None if abs(rounded) >= 2**MAX_EXPONENT else rounded


def float_text(value: Fraction) -> bytes:
    """17 decimals at most, trailing zeros cut, `-0` written `0`.

    >>> float_text(Fraction(3, 2)), float_text(Fraction(3000))
    (b'1.5', b'3000')
    """
    scaled = round(abs(value) * 10**17)
    whole, part = divmod(scaled, 10**17)
    # Decimal writes what int refuses to: numbers of more than 4,300 digits, which a long double can have.
    text = f"{Decimal(whole):f}.{part:017d}".rstrip("0").rstrip(".")
    return f"-{text}".encode() if value < 0 and scaled else text.encode()
