"""All bets of the course, by id.

Rules: nothing of an answer stands in a notebook: a cell names a bet by its id, and the kernel sends the whys when a
choice has been made; the right option is never the longest by habit; no two lessons share an id, for the learner's
ledger keeps answers by it.
"""

from __future__ import annotations

from kit.lab import bets_00, bets_03, bets_05
from kit.lab.bet import Bet

BETS: dict[str, Bet] = {bet.id: bet for lesson in (bets_00, bets_03, bets_05) for bet in lesson.BETS}


def bet(name: str) -> Bet:
    """The bet of that id. Raises LookupError, naming the ids there are."""
    if name not in BETS:
        raise LookupError(f"no bet is called {name!r}; there are: {', '.join(sorted(BETS))}")
    return BETS[name]
