"""The words of an inline command. Beside the real server they are held in tests/differential."""

from __future__ import annotations

import pytest

from kit.wire.inline import split_words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", []),
        (b" \t ", []),
        (b"SET k v", [b"SET", b"k", b"v"]),
        (b'SET k "a b"', [b"SET", b"k", b"a b"]),
        (b"ECHO 'a b'", [b"ECHO", b"a b"]),
        (b'ECHO ""', [b"ECHO", b""]),
        (b"ECHO \"a\"b'c d'", [b"ECHO", b"abc d"]),
        (b'ECHO "\\x41\\n\\t\\q\\""', [b"ECHO", b'A\n\tq"']),
        (b"ECHO '\\n\\''", [b"ECHO", b"\\n'"]),
        (b'ECHO "\\xZZ"', [b"ECHO", b"xZZ"]),
        (b"ECHO a\\n", [b"ECHO", b"a\\n"]),
    ],
)
def test_a_line_is_split_as_a_shell_would(line: bytes, words: list[bytes]) -> None:
    assert split_words(line) == words


@pytest.mark.parametrize("line", [b'"', b"'", b'ECHO "a', b"ECHO 'a\\'", b'ECHO "a\\"', b'ECHO "a"b"c'])
def test_a_quote_that_never_closes_spoils_the_line(line: bytes) -> None:
    assert split_words(line) is None
