"""Words of every view: names, keys, times and sentences that keep their length.

Rules: a sentence has at most 68 characters; what is too long in it is a name or a key, so the longest of them is
shortened in its middle until the sentence fits; a name made of a role alone becomes "the writer".
Source: the kit's looks, "Words".
"""

from __future__ import annotations

import re
from typing import Any

LONGEST = 68
_SHORTEST_FIELD = 5
_ROLES = {"Reader", "Writer", "Operator", "Flusher", "Worker", "Client", "Passenger", "Owner", "Robot", "Web app"}
# Control characters, and what XML does not know at all.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def text(value: Any) -> str:
    """Bytes or any plain value as one line of text; what cannot be shown is escaped."""
    shown = value.decode("utf-8", "backslashreplace") if isinstance(value, (bytes, bytearray)) else str(value)
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", shown)


def shorten(words: str, width: int) -> str:
    """At most `width` characters, cut in the middle.

    >>> shorten("board:EWR:2013-03-08", 12)
    'board:…03-08'
    """
    if len(words) <= width:
        return words
    head = width // 2
    tail = width - head - 1
    return f"{words[:head]}…{words[len(words) - tail :]}" if tail > 0 else words[: max(width, 0)]


def say(template: str, **fields: Any) -> str:
    """A sentence of at most 68 characters, its first letter large; the longest field gives way.

    >>> say("{who} deletes {key} from the cache.", who="the writer", key="board:EWR")
    'The writer deletes board:EWR from the cache.'
    """
    shown = {name: text(value) for name, value in fields.items()}
    while len(sentence := template.format(**shown)) > LONGEST:
        longest = max(shown, key=lambda name: (len(shown[name]), name), default="")
        if not longest or len(shown[longest]) <= _SHORTEST_FIELD:
            sentence = f"{sentence[: LONGEST - 1].rstrip()}…"
            break
        over = len(sentence) - LONGEST
        shown[longest] = shorten(shown[longest], max(_SHORTEST_FIELD, len(shown[longest]) - over))
    return sentence[:1].upper() + sentence[1:]


def name(actor: str) -> str:
    """An actor inside a sentence: `the writer` where the name is the role alone, else the name.

    >>> name("Writer"), name("Reader 1")
    ('the writer', 'Reader 1')
    """
    return f"the {actor.lower()}" if actor in _ROLES else text(actor)


def names(actors: list[str]) -> str:
    """Several actors: `Reader 1 and Reader 2`; more than two: `Reader 1 and 2 others`."""
    return " and ".join(actors) if len(actors) < 3 else f"{actors[0]} and {len(actors) - 1} others"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 row`, `3 rows`, `no row`."""
    if number == 0:
        return f"no {noun}"
    return f"1 {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def ttl(ms: int) -> str:
    """What a key has left to live: `300 s`, `0.5 s`."""
    if ms < 10_000 and ms % 1000:
        return f"{ms / 1000:.1f} s"
    return f"{round(ms / 1000):,} s"


def duration(us: int) -> str:
    """A span on a timed tape: `0.5 ms`, `6 ms`, `1.5 s`."""
    if us < 1_000_000:
        return f"{us / 1000:.1f} ms" if us % 1000 and us < 10_000 else f"{round(us / 1000)} ms"
    return f"{us / 1_000_000:.1f} s".replace(".0 ", " ")
