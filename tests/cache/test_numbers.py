"""Numbers as the server reads and writes them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.cache.errors import CommandError
from kit.cache.redis.numbers import float_text, parse_float, parse_int, round_long_double


@pytest.mark.parametrize("text", [b"0", b"7", b"-7", b"9223372036854775807", b"-9223372036854775808"])
def test_integers(text: bytes) -> None:
    assert parse_int(text) == int(text)


@pytest.mark.parametrize(
    "text", [b"", b"-", b"+1", b"01", b"-0", b" 1", b"1 ", b"1.0", b"9223372036854775808", b"1_0", b"\xd9\xa1", b"1\n"]
)
def test_what_is_no_integer(text: bytes) -> None:
    assert parse_int(text) is None


@pytest.mark.parametrize("text", [b"", b" 1", b"1 ", b"x", b"nan", b".", b"1e", b"e5", b"0x", b"1e99999", b"1\x00"])
def test_what_is_no_float(text: bytes) -> None:
    with pytest.raises(CommandError, match="not a valid float"):
        parse_float(text)


def test_infinity_is_a_float_without_a_value() -> None:
    assert [parse_float(text) for text in (b"inf", b"-INF", b"+Infinity")] == [None] * 3


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None, derandomize=True)
def test_a_double_is_a_long_double_as_it_stands(value: float) -> None:
    assert round_long_double(Fraction(value)) == Fraction(value)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant != 63, reason="long double is not x86-64's on this machine")
@given(st.integers(-(2**52), 2**52), st.integers(-(2**52), 2**52), st.integers(-40, 40))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_rounding_is_the_processors(one: int, other: int, power: int) -> None:
    real = np.longdouble(one) + np.longdouble(other) * np.longdouble(2) ** power
    rounded = round_long_double(Fraction(one) + Fraction(other) * Fraction(2) ** power)
    # 64 bits as two doubles, each of which Python holds exactly
    high = float(real)
    assert rounded == Fraction(high) + Fraction(float(real - np.longdouble(high)))


def test_texts_of_floats() -> None:
    assert float_text(Fraction(1, 3)) == b"0.33333333333333333"
    assert float_text(Fraction(-3, 2)) == b"-1.5"
    assert float_text(Fraction(-1, 10**20)) == b"0"
    assert float_text(Fraction(10**20)) == b"100000000000000000000"
    assert len(float_text(Fraction(2) ** 16_383)) == 4_932
