"""What an item takes, and the slab class that a server would put it into.

Rules: an item is header, key, flags only where they are not 0, value with its line end, and its cas id; classes grow
by 1.25 from 96 bytes, each a multiple of 8, and the last holds what is allowed at most.
Source: memcached 1.6.18, items.c (`item_make_header`) and slabs.c (`slabs_init`); the figures of `me` and of
`stats items` beside the real one with `-o no_modern`, where a page and the largest chunk are 1 MiB.
Leaves out: pages, and the choice of a victim within a class: the plain LRU comes with the engines' own issue.
"""

from __future__ import annotations

from bisect import bisect_left

ITEM_LIMIT = 1024 * 1024
"""The largest item, in bytes, header included."""

_HEADER = 48
_KEY_END = 1
_CAS = 8
_FLAGS = 4
_LINE_END = 2
_FACTOR = 1.25
_ALIGNED = 8
_MOST_CLASSES = 63


def item_size(key: bytes, length: int, flags: int) -> int:
    """Bytes that an item takes; `length` of its value.

    >>> item_size(b"a", 1, 0)
    61
    """
    return _HEADER + _KEY_END + _CAS + _LINE_END + len(key) + length + (_FLAGS if flags else 0)


def _classes() -> list[int]:
    sizes: list[int] = []
    size = _HEADER + 48
    while len(sizes) < _MOST_CLASSES - 1 and size < ITEM_LIMIT / _FACTOR:
        size += -size % _ALIGNED
        sizes.append(size)
        size = int(size * _FACTOR)
    return [*sizes, ITEM_LIMIT]


SIZES = _classes()
"""Bytes of a chunk, by class: class 1 stands first."""


def class_of(size: int) -> int:
    """The number of the slab class of an item of `size` bytes, from 1."""
    return bisect_left(SIZES, size) + 1
