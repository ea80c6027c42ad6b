"""An inline command's words: what one types into a telnet connection.

Rules: words are parted by white space; double quotes know \\n \\r \\t \\b \\a \\xHH and a backslash before anything
else, single quotes know \\' alone; pieces that touch are one word, as in a shell.
Source: Valkey 9.1.2, sds.c (`sdssplitargs`); that it loses the byte 255 was seen, not read.
"""

from __future__ import annotations

_SPACE = b" \n\r\t\v\f"
_LOST = 0xFF
_ESCAPES = {ord("n"): b"\n", ord("r"): b"\r", ord("t"): b"\t", ord("b"): b"\b", ord("a"): b"\a"}
_HEX = b"0123456789abcdefABCDEF"


def split_words(line: bytes) -> list[bytes] | None:
    """The words of a line; None = its quotes are unbalanced.

    >>> split_words(b'SET k "a b"')
    [b'SET', b'k', b'a b']
    """
    words: list[bytes] = []
    position = 0
    while True:
        while position < len(line) and line[position] in _SPACE:
            position += 1
        if position == len(line):
            return words
        read = _word(line, position)
        if read is None:
            return None
        word, position = read
        words.append(word)


def _word(line: bytes, position: int) -> tuple[bytes, int] | None:
    """One word and where it ends; quoted and plain pieces that touch are one word."""
    word = bytearray()
    while position < len(line) and line[position] not in _SPACE:
        byte = line[position]
        if byte in b"\"'":
            read = _quoted(line, position + 1, byte)
            if read is None:
                return None
            word += read[0]
            position = read[1]
        else:
            word += _kept(byte)
            position += 1
    return bytes(word), position


def _quoted(line: bytes, position: int, quote: int) -> tuple[bytes, int] | None:
    """The text up to the closing quote, and the position behind it; None = it never closes."""
    text = bytearray()
    while position < len(line):
        byte = line[position]
        if byte == quote:
            return bytes(text), position + 1
        if byte == ord("\\") and position + 1 < len(line):
            piece, taken = _escape(line, position, quote)
        else:
            piece, taken = _kept(byte), 1
        text += piece
        position += taken
    return None


def _escape(line: bytes, position: int, quote: int) -> tuple[bytes, int]:
    """What a backslash and what follows it stand for, and how many bytes that took."""
    following = line[position + 1]
    if quote == ord("'"):
        return (b"'", 2) if following == quote else (b"\\", 1)
    digits = line[position + 2 : position + 4]
    if following == ord("x") and len(digits) == 2 and all(digit in _HEX for digit in digits):
        return bytes([int(digits, 16)]), 4
    return _ESCAPES.get(following, _kept(following)), 2


def _kept(byte: int) -> bytes:
    """A byte as it stands, if the server keeps it."""
    return b"" if byte == _LOST else bytes([byte])
