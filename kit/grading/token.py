"""The token of a failing schedule: all that is needed to play it again.

`k1.<exercise>.<check>.<part>.<seed>.<scene digest>.<submission digest>.<choices>`, choices joined by `-`; `0`
is the schedule without a deviation.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_NUMBER = r"[0-9]{1,18}"
_FORM = re.compile(
    rf"k1\.([a-z0-9_]+)\.([a-z0-9_]+)\.({_NUMBER})\.({_NUMBER})\.([0-9a-f]{{8}})\.([0-9a-f]{{12}})"
    rf"\.({_NUMBER}(?:-{_NUMBER})*)"
)


class TokenError(ValueError):
    """A text that is no token; the sentence says what one looks like."""


@dataclass(frozen=True, slots=True)
class Token:
    exercise: str
    check: str
    part: int
    seed: int
    scene: str
    submission: str
    choices: tuple[int, ...]

    def __str__(self) -> str:
        choices = "-".join(map(str, self.choices)) or "0"
        return f"k1.{self.exercise}.{self.check}.{self.part}.{self.seed}.{self.scene}.{self.submission}.{choices}"


def parse(text: str) -> Token:
    """A token from its text. Raises TokenError."""
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise TokenError(
            f"{text.strip()[:80]!r} is no token of this kit. A token begins with k1. and stands in a verdict,"
            " for instance k1.invalidate_on_write.slow_reader.0.0.0a1b2c3d.0123456789ab.0-0-1"
        )
    exercise, check, part, seed, scene, submission, choices = found.groups()
    taken = tuple(int(entry) for entry in choices.split("-")) if choices != "0" else ()
    return Token(exercise, check, int(part), int(seed), scene, submission, taken)


def digest(source: str) -> str:
    """Twelve hex digits of a submission's text."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]
