"""What a key can hold beside bytes: a hash and a set, each knowing its size and a digest without walking itself.

Rules: bytes stand for a string; the digest is the sum of its members' mixed checksums, so order does not matter and a
change costs O(1); an empty hash or set is never kept.
Leaves out: lists, sorted sets, streams (they come with their lessons), and a server's compact encodings.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from kit.cache.memory import COLLECTION_BYTES, MEMBER_BYTES


class Hash:
    """Fields with values. `mark`: a sum that changes with the contents; `size`: bytes of all fields and values."""

    __slots__ = ("fields", "mark", "size")
    kind = "hash"

    def __init__(self) -> None:
        self.fields: dict[bytes, bytes] = {}
        self.mark = 0
        self.size = 0

    def __len__(self) -> int:
        return len(self.fields)

    @property
    def memory(self) -> int:
        return COLLECTION_BYTES + self.size + MEMBER_BYTES * len(self.fields)

    def put(self, field: bytes, value: bytes) -> bool:
        """Set a field. Returns whether it is new."""
        old = self.fields.get(field)
        if old is None:
            self.size += len(field)
        else:
            self.size -= len(old)
            self.mark -= _mark(field, old)
        self.fields[field] = value  # a field that is there keeps its place, as in the server's compact form
        self.mark += _mark(field, value)
        self.size += len(value)
        return old is None

    def drop(self, field: bytes) -> bool:
        """Remove a field. Returns whether it was there."""
        value = self.fields.pop(field, None)
        if value is None:
            return False
        self.mark -= _mark(field, value)
        self.size -= len(field) + len(value)
        return True


class Members:
    """A set of bytes, in the order in which they came (a real server's order is its own)."""

    __slots__ = ("mark", "members", "size")
    kind = "set"

    def __init__(self) -> None:
        self.members: dict[bytes, None] = {}
        self.mark = 0
        self.size = 0

    def __len__(self) -> int:
        return len(self.members)

    @property
    def memory(self) -> int:
        return COLLECTION_BYTES + self.size + MEMBER_BYTES * len(self.members)

    def add(self, members: Iterable[bytes]) -> int:
        """Add members. Returns how many were new."""
        before = len(self.members)
        for member in members:
            if member not in self.members:
                self.members[member] = None
                self.mark += _mark(member)
                self.size += len(member)
        return len(self.members) - before

    def remove(self, members: Iterable[bytes]) -> int:
        """Remove members. Returns how many were there."""
        before = len(self.members)
        for member in members:
            if member in self.members:
                del self.members[member]
                self.mark -= _mark(member)
                self.size -= len(member)
        return before - len(self.members)


Value = bytes | Hash | Members


def kind_of(value: Value | None) -> str:
    """The answer of TYPE."""
    if value is None:
        return "none"
    return "string" if isinstance(value, bytes) else value.kind


def value_size(value: Value) -> int:
    """Bytes of the value itself: what an effect calls its size."""
    return len(value) if isinstance(value, bytes) else value.size


def memory_of(value: Value) -> int:
    """Bytes that the value costs in memory, its members' overhead included."""
    return len(value) if isinstance(value, bytes) else value.memory


def contents_of(value: Value) -> object:
    """The contents as something that can be compared and hashed, the order of fields and members included."""
    if isinstance(value, bytes):
        return value
    return tuple(value.fields.items()) if isinstance(value, Hash) else tuple(value.members)


def _mark(name: bytes, value: bytes = b"") -> int:
    """A checksum that may be added. CRC-32 alone is linear: {a: 1, b: 1} and {a: 2, b: 2} would weigh the same."""
    mixed = zlib.crc32(value, zlib.crc32(name, len(name)))
    mixed = (mixed ^ (mixed >> 16)) * 0x85EBCA6B & 0xFFFFFFFF  # the finaliser of MurmurHash3 (public domain)
    mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35 & 0xFFFFFFFF
    return mixed ^ (mixed >> 16)
