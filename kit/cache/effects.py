"""What a peer did, beside what it answered: the facts that pictures, labels of the search and checks are made of.

Kinds of the cache: `hit`, `miss`, `stored`, `deleted`, `expired`, `evicted`. Kinds of the store: `rows`
(`size` of them were answered), `committed`, `changed` (a truth query has a new version: `truth`, `version`, `label`,
`before`, `after`, `rows`) and `version` (the rows just answered are version `version` of `truth`).
A `stored` or `hit` of the cache carries `truth` and `version` where the world knows them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a peer did.

    key: the cache's key, or the store's row (`b"flights:2"`); size: bytes of the value, or number of rows;
    ttl_ms: what the key has left to live at that moment, None = for ever; digest: eight hex digits of the value.
    """

    kind: str
    key: bytes = b""
    size: int = 0
    ttl_ms: int | None = None
    digest: str = ""
    truth: str = ""
    version: int | None = None
    label: str = ""
    before: str = ""
    after: str = ""
    rows: tuple[tuple[object, ...], ...] | None = None


def digest(value: bytes) -> str:
    """Eight hex digits that tell two values apart on a tape (CRC-32: for showing, not for security)."""
    return f"{zlib.crc32(value):08x}"
