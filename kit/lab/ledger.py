"""The bet ledger: which option the learner chose before the answer was shown, kept in `KIT_HOME/bets.json`.

Rules: the first answer stays (a second look is no bet); a file that cannot be read is put aside under a dated name and
never overwritten; a write is whole or not at all.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kit.cache.clock import Clock, WallClock
from kit.grading.progress import stamp, write_whole


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

    def answer(self, bet: str) -> Kept | None:
        """What was kept for that bet, or None."""
        return self._load().get(bet)

    def keep(self, bet: str, choice: int | None) -> Kept:
        """Keep an answer and return what is kept: the first one, if there was one already."""
        kept = self._load()
        if bet not in kept:
            kept[bet] = Kept(choice, self._today())
            whole = {name: asdict(one) for name, one in kept.items()}
            write_whole(self._path, json.dumps(whole, indent=1, sort_keys=True) + "\n")
        return kept[bet]

    def _load(self) -> dict[str, Kept]:
        try:
            data = json.loads(self._path.read_text("utf-8"))
            return {name: Kept(one["choice"], one["day"]) for name, one in data.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError):
            self._path.replace(self._path.with_name(f"bets.{stamp()}.damaged.json"))
            return {}

    def _today(self) -> str:
        return datetime.fromtimestamp(self._clock.now_us() / 1e6, UTC).date().isoformat()
