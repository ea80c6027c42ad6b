"""Keys in base64, as the meta commands' flag `b` gives them.

Rules: characters that are no base64 are passed over; what is left must be whole groups of four; padding ends the key.
Source: memcached 1.6.18, base64.c, tried beside the real one.
"""

from __future__ import annotations

import base64

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {ord("="): 0}
_PAD = ord("=")
_MOST_PADDING = 2


def decode_key(text: bytes) -> bytes | None:
    """The key that `text` stands for, or None.

    >>> decode_key(b"Ym9hcmQ="), decode_key(b"Ym9")
    (b'board', None)
    """
    letters = [letter for letter in text if letter in _VALUES]
    if not letters or len(letters) % 4:
        return None
    key = bytearray()
    for at in range(0, len(letters), 4):
        group = letters[at : at + 4]
        number = int.from_bytes(bytes(_VALUES[letter] for letter in group), "big")
        bits = sum(((number >> (8 * place)) & 0xFF) << (6 * place) for place in range(4))
        padding = group.count(_PAD)
        if padding > _MOST_PADDING:
            return None
        key += bits.to_bytes(3, "big")[: 3 - padding]
        if padding:
            break
    return bytes(key)


def encode_key(key: bytes) -> bytes:
    """The key in base64, padded."""
    return base64.b64encode(key)
