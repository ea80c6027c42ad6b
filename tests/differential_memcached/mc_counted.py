"""What a run reached: commands and refusals, counted from what the real servers answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mc_played import Played

from kit.cache.memcached import texts
from kit.cache.memcached.engine import COMMANDS

COMMAND_NAMES = sorted(name.decode() for name in COMMANDS)
ERRORS = {name: text for name, text in vars(texts).items() if name.isupper()}
OF_A_FULL_SERVER = ("OUT_OF_MEMORY", "OUT_OF_MEMORY_COUNTING", "OUT_OF_MEMORY_CREATING")
"""These are met on a server of their own, which is full."""
REPLIES = (
    "STORED", "NOT_STORED", "EXISTS", "NOT_FOUND", "DELETED", "TOUCHED", "OK", "RESET", "END", "VALUE", "HD", "VA",
    "EN", "NS", "EX", "NF", "ME",
)  # fmt: skip
MARKS = ("W", "Z", "X")


def count(played: Iterable[Played]) -> Counter[str]:
    """How often each command, reply, mark of a lease and refusal was met."""
    seen: Counter[str] = Counter()
    refusals = {text.encode(): name for name, text in ERRORS.items()}
    for one in played:
        words = one.step.data.split(b"\r\n", 1)[0].split()
        name = words[0].decode("latin-1") if words else ""
        seen[name if name in COMMAND_NAMES else "unknown"] += 1
        seen["mn"] += 1  # behind every step
        for line in one.raw.split(b"\r\n"):
            if line in refusals:
                seen[refusals[line]] += 1
            parts = line.decode("latin-1").split(" ")
            seen.update({f"-> {parts[0]}"} if parts[0] in REPLIES else ())
            seen.update(f"-> {mark}" for mark in MARKS if parts[0] in ("HD", "VA") and mark in parts[1:])
    return seen


def wanted() -> list[str]:
    """All that a run must meet."""
    refusals = [name for name in ERRORS if name not in OF_A_FULL_SERVER]
    return [*COMMAND_NAMES, *(f"-> {name}" for name in (*REPLIES, *MARKS)), *refusals]


def table(seen: Counter[str], columns: int = 4) -> str:
    """The counts, in columns."""
    cells = [f"{seen[name]:>6} {name:<28.28}" for name in wanted()]
    rows = (len(cells) + columns - 1) // columns
    return "\n".join("".join(cells[row::rows]).rstrip() for row in range(rows))
