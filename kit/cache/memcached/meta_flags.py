"""The flags of the meta commands: single letters, some with a token behind them.

Rules: all meta commands read all flags, and each uses those that mean something to it; a letter stands once; of several
bad tokens the last one names the error, a letter that is unknown or stands twice ends the reading.
Source: memcached 1.6.18, proto_text.c (`_meta_flag_preparse`), tried beside the real one.
Leaves out: the flag `E` of newer servers, which 1.6.18 refuses.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.base64_keys import decode_key, encode_key
from kit.cache.memcached.numbers import signed, unsigned, unsigned_long

MAX_KEY_BYTES = 250
MOST_WORDS = 19
"""Words of a meta command, its name included."""
MAX_OPAQUE_BYTES = 32

_PLAIN = frozenset(b"OPLkstcfhlvuqIb")
_ONE_LETTER = 2


@dataclass(slots=True)
class Flags:
    """What a meta command asks for.

    key: decoded; tokens: the flags as they came; vivify, ttl, recache: seconds as sent (N, T, R), None = not asked;
    cas: 0 and None differ only in that 0 asks.
    """

    key: bytes
    tokens: tuple[bytes, ...]
    binary: bool = False
    vivify: int | None = None
    ttl: int | None = None
    recache: int | None = None
    client_flags: int = 0
    cas: int | None = None
    mode: bytes = b""
    initial: int = 0
    delta: int = 1
    letters: frozenset[int] = frozenset()

    def asks(self, letter: str) -> bool:
        return ord(letter) in self.letters

    def shown_key(self) -> bytes:
        """The flag `k` of a reply that has no item to take it from."""
        return shown_key(self.key, self.binary)


def shown_key(key: bytes, binary: bool) -> bytes:
    """The flag `k` of a reply; a key that came in base64 goes out so."""
    return b"k%b b" % encode_key(key) if binary else b"k" + key


def checked_opaque(token: bytes) -> bytes:
    """The flag `O` of a reply. Raises CommandError where it is too long."""
    if len(token) > MAX_OPAQUE_BYTES:
        raise CommandError(texts.LONG_OPAQUE)
    return token


def read_flags(key: bytes, tokens: tuple[bytes, ...]) -> Flags:
    """Read the flags of a command on `key`. Raises CommandError with the server's text."""
    flags = Flags(key, tokens)
    if not tokens:
        return flags
    error: str | None = None
    seen: set[int] = set()
    for token in tokens:
        letter = token[0]
        if letter >= 127 or letter in seen:
            raise CommandError(texts.DUPLICATE_FLAG)
        seen.add(letter)
        if letter == ord("b"):
            decoded = decode_key(key)
            flags.key, flags.binary = decoded or b"", True
            wrong = texts.BAD_KEY if decoded is None else None
        elif letter in _PLAIN:
            continue
        else:
            wrong = _read_token(flags, token)
        if wrong is not None:
            error = wrong or error or texts.BAD_LINE
    if error is not None:
        raise CommandError(error)
    flags.letters = frozenset(seen)
    return flags


def _read_token(flags: Flags, token: bytes) -> str | None:
    """Read a flag with a token. Returns the text of its error, "" for one without a text of its own."""
    name, rest = chr(token[0]), token[1:]
    if name in "NTR":
        seconds = signed(rest)
        setattr(flags, {"N": "vivify", "T": "ttl", "R": "recache"}[name], seconds)
        return texts.BAD_TOKEN if seconds is None else None
    if name == "M":
        flags.mode = rest
        return None if len(token) == _ONE_LETTER else texts.BAD_MODE_LENGTH
    if name not in "FCJD":
        raise CommandError(texts.INVALID_FLAG)
    number = unsigned(rest) if name == "F" else unsigned_long(rest)
    if number is None:
        return {"F": "", "C": texts.BAD_TOKEN, "J": texts.BAD_INITIAL, "D": texts.BAD_DELTA_FLAG}[name]
    setattr(flags, {"F": "client_flags", "C": "cas", "J": "initial", "D": "delta"}[name], number)
    return None
