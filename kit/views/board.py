"""What each version of a truth shows, flight by flight: the board that a passenger reads, beside the true one.

Rules: a truth's rows are (id, delay in minutes); what else is known of a flight (carrier, number, destination, planned
minute) comes from the rows that queries of this tape have answered; what is not known is not made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.views.steps import effects
from kit.views.words import text
from kit.world.image import clock_time
from kit.world.tape import Tape

MOST_ROWS = 5
Rows = dict[object, int]


@dataclass(frozen=True, slots=True)
class Board:
    """versions: (truth, version) → flight id → delay; flights: id → a row as a query answered it."""

    versions: Mapping[tuple[str, int], Rows]
    flights: Mapping[object, Mapping[str, Any]]

    def known(self, truth: str, version: int) -> bool:
        """Whether the rows of a version are on the tape."""
        return (truth, version) in self.versions

    def mood(self, truth: str, version: int) -> str:
        """`on time` or `delayed`: the flight that this version changed, or that the next one will; else empty."""
        for one, other in ((version - 1, version), (version, version + 1)):
            before, after = self.versions.get((truth, one), {}), self.versions.get((truth, other), {})
            for flight, delay in after.items():
                if flight in before and before[flight] != delay:
                    return "delayed" if self.versions[truth, version][flight] > 0 else "on time"
        return ""

    def compare(self, truth: str, shown: int, true: int) -> list[list[Any]]:
        """Rows of [flight, destination, on the board, true, differs]; those that differ are never left out."""
        board, real = self.versions.get((truth, shown), {}), self.versions.get((truth, true), {})
        flights = list(real)
        agree = [board.get(flight) in (None, real[flight]) for flight in flights]
        kept = sorted(range(len(flights)), key=lambda at: (agree[at], at))[:MOST_ROWS]
        return [self._row(flights[at], board.get(flights[at]), real[flights[at]]) for at in sorted(kept)]

    def _row(self, flight: object, shown: int | None, true: int) -> list[Any]:
        row = self.flights.get(flight, {})
        name = f"{row['carrier']}{row['number']}" if {"carrier", "number"} <= row.keys() else f"flight {text(flight)}"
        planned = row.get("sched")
        differs = shown is not None and shown != true
        return [name, text(row.get("dest", "")), _time(planned, shown), _time(planned, true), differs]


def board(tape: Tape) -> Board:
    """Everything that a tape says about its truths and flights."""
    versions: dict[tuple[str, int], Rows] = {}
    flights: dict[object, Mapping[str, Any]] = {}
    for op in tape:
        for effect in effects(op, "changed"):
            if effect.version and effect.rows and all(len(row) == 2 and isinstance(row[1], int) for row in effect.rows):
                versions[effect.truth, effect.version] = {row[0]: int(str(row[1])) for row in effect.rows}
        if op.peer == "store" and op.name == "query" and isinstance(op.reply, list):
            found = {row["id"]: row for row in op.reply if isinstance(row, dict) and "id" in row}
            flights.update({flight: row for flight, row in found.items() if len(row) > len(flights.get(flight, {}))})
    return Board(versions, flights)


def _time(planned: object, delay: int | None) -> str:
    if delay is None:
        return "–"
    if isinstance(planned, int):
        return clock_time(planned + delay)
    return f"+{delay} min" if delay else "on time"
