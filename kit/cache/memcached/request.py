"""A request: the words of a line, and the block of data that a storage command brings.

Rules: whether a block follows, and how long it is, is decided by the line alone, so that the parser and the engine
read it the same way; a line that is refused before its length was understood has no block, and what follows it is read
as the next line; one that is refused later still has its block, which is read and thrown away.
Source: memcached 1.6.18, proto_text.c (`tokenize_command`, `process_update_command`, `process_mset_command`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.meta_flags import MAX_KEY_BYTES, MOST_WORDS, Flags, checked_opaque, read_flags
from kit.cache.memcached.numbers import signed, unsigned, unsigned_long
from kit.cache.memcached.slabs import ITEM_LIMIT, item_size

Words = tuple[bytes, ...]
_STORAGE = {b"set": (5, 6), b"add": (5, 6), b"replace": (5, 6), b"append": (5, 6), b"prepend": (5, 6), b"cas": (6, 7)}
_MODES = {b"": "set", b"S": "set", b"E": "add", b"R": "replace", b"A": "append", b"P": "prepend"}
_MOST_BYTES = 2**31 - 1 - 2
_NO_FLAGS = Flags(b"", ())


@dataclass(slots=True)
class Block:
    """What the line of a storage command says of the item it brings.

    verb: set, add, replace, append, prepend, cas; exptime: seconds as sent; length: bytes of the value without its
    line end; cas: 0 = none; error: why the block is thrown away, "" = it is wanted; meta: flags of `ms`.
    """

    verb: str
    key: bytes
    flags: int = 0
    exptime: int = 0
    length: int = 0
    cas: int = 0
    error: str = ""
    meta: Flags | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request. data: the block of a storage command; broken: it did not end where its length said.

    >>> Request.of(b"set board:JFK 0 60 2", b"[]").block.length
    2
    """

    words: Words
    block: Block | None = None
    data: bytes | None = None
    broken: bool = False

    @classmethod
    def of(cls, line: bytes, data: bytes | None = None) -> Request:
        """The request of a line without its end."""
        words = split(line)
        return cls(words, read_block(words), data)


def split(line: bytes) -> Words:
    """The words of a line: spaces alone part them, and a zero byte ends the line as it ends a string in C."""
    if b"\0" in line:
        line = line[: line.index(b"\0")]
    words = tuple(line.split(b" "))
    return words if b"" not in words else tuple(word for word in words if word)


def read_block(words: Words) -> Block | None:
    """What kind of block follows; None = none does."""
    try:
        return block_of(words)
    except CommandError:
        return None


def block_of(words: Words) -> Block | None:
    """The same, but raises CommandError with the server's text where a storage command is refused without a block."""
    if not words:
        return None
    counts = _STORAGE.get(words[0])
    if counts is not None:
        if len(words) not in counts:
            raise CommandError(texts.ERROR)
        return _storage_block(words)
    return _meta_block(words) if words[0] == b"ms" else None


def _storage_block(words: Words) -> Block:
    key = words[1]
    flags, exptime, length = unsigned(words[2]), signed(words[3]), signed(words[4])
    cas = unsigned_long(words[5]) if words[0] == b"cas" else 0
    if len(key) > MAX_KEY_BYTES or flags is None or exptime is None or length is None or cas is None:
        raise CommandError(texts.BAD_LINE)
    _check_length(length)
    error = texts.TOO_LARGE if item_size(key, length, flags) > ITEM_LIMIT else ""
    return Block(words[0].decode(), key, flags, exptime, length, cas, error)


def _check_length(length: int) -> None:
    if not 0 <= length <= _MOST_BYTES:
        raise CommandError(texts.BAD_LINE)


def _meta_block(words: Words) -> Block:
    if len(words) == 1:
        raise CommandError(texts.ERROR)
    if len(words[1]) > MAX_KEY_BYTES or len(words) == 2:
        raise CommandError(texts.BAD_LINE)
    if len(words) > MOST_WORDS:
        raise CommandError(texts.TOO_MANY_FLAGS)
    length = signed(words[2])
    if length is None:
        raise CommandError(texts.BAD_LINE)
    _check_length(length)
    try:
        return _wanted_block(words, length)
    except CommandError as error:
        return Block("set", words[1], length=length, error=str(error), meta=_NO_FLAGS)


def _wanted_block(words: Words, length: int) -> Block:
    meta = read_flags(words[1], words[3:])
    # As in the server's loop: the opaque's error is noted first, a wrong mode then takes its place.
    verb = _MODES.get(meta.mode)
    if verb is None:
        raise CommandError(texts.BAD_SET_MODE)
    for token in meta.tokens:
        if token[0] == ord("O"):
            checked_opaque(token)
    if meta.cas is not None and verb in ("set", "replace"):
        verb = "cas"
    error = texts.TOO_LARGE if item_size(meta.key, length, meta.client_flags) > ITEM_LIMIT else ""
    return Block(verb, meta.key, meta.client_flags, meta.ttl or 0, length, meta.cas or 0, error, meta)
