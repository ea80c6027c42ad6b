"""The bet ledger: which option the learner chose before the answer was shown, kept in `KIT_HOME/bets.json`.

Rules: the first answer stays (a second look is no bet); a file that cannot be read is put aside under a dated name and
never overwritten; a write is whole or not at all; where a disk cannot be written an answer lives as long as the kernel.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kit.cache.clock import Clock, WallClock
from kit.grading.progress import alone, set_aside, write_whole


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer. choice: index of the option, None if skipped; day: ISO date on which it was given."""

    choice: int | None
    day: str

    def short_day(self) -> str:
        """`24 Nov`, as a card shows it."""
        moment = datetime.fromisoformat(self.day)
        return f"{moment.day} {moment:%b}"


class Ledger:
    """The answers of one learner. home: KIT_HOME; clock: what the date is read from."""

    def __init__(self, home: Path, clock: Clock | None = None) -> None:
        self._path = home / "bets.json"
        self._clock = clock or WallClock()
        self._here: dict[str, Kept] = {}  # what a disk that cannot be written did not take

    def answer(self, bet: str) -> Kept | None:
        """What was kept for that bet, or None."""
        try:
            kept = self._load().get(bet)
        except OSError:
            kept = None
        return kept or self._here.get(bet)

    def keep(self, bet: str, choice: int | None) -> Kept:
        """Keep an answer and return what is kept: the first one, if there was one already."""
        found = self.answer(bet) or Kept(choice, self._today())
        try:
            with alone(self._path.parent):  # two Labs at once take turns
                kept = self._load()
                found = kept.setdefault(bet, found)
                whole = {name: asdict(one) for name, one in kept.items()}
                write_whole(self._path, json.dumps(whole, indent=1, sort_keys=True) + "\n")
        except OSError:
            self._here[bet] = found  # it costs the memory of the bet, not the picture behind it
        return found

    def _load(self) -> dict[str, Kept]:
        """Everything kept; a damaged file is put aside. Raises OSError: nobody writes over what was not read."""
        try:
            data = json.loads(self._path.read_text("utf-8"))
            return {name: Kept(one["choice"], one["day"]) for name, one in data.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            set_aside(self._path, self._path.parent, ".damaged.json")
            return {}

    def _today(self) -> str:
        return datetime.fromtimestamp(self._clock.now_us() / 1e6, UTC).date().isoformat()
