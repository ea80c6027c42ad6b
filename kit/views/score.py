"""The score of a second task: rows of measures against par, the bar that decides, and a text to send.

Rules: lower is better in every row; a row is worth min(1, par / measured), with a par of 0 1 / (1 + measured); the
score is 100 times the smallest row, cut to a whole number, so 100 is par and nothing less. Par stands at 55 % of a bar;
what is over par fills the rest in the share of the points that it costs, hatched. A par of 0 stands at the left end.
Everything shown is a function of the card; figures are modelled, and said to be.
Source: syllabus, section B, rule 4; looks.md, "Score and map".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PAR_AT = 55.0
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured. unit: behind the number; digits: behind the point; see: a moment of it, in words."""

    id: str
    name: str
    unit: str = ""
    digits: int = 0
    see: str = ""

    def said(self, value: float | None) -> str:
        """A value as it is shown, `7.0 ms`; a dash where there is none."""
        if value is None:
            return NOTHING
        number = f"{value:,.{self.digits}f}"
        return f"{number} {self.unit}" if self.unit else number


@dataclass(frozen=True, slots=True)
class Row:
    """One measure against par. yours: None without a submission; ghosts: what others come to, by name."""

    measure: Measure
    par: float
    yours: float | None = None
    ghosts: Mapping[str, float] = field(default_factory=dict)

    @property
    def part(self) -> float | None:
        """What the row is worth, 0 to 1."""
        return None if self.yours is None else worth(self.yours, self.par)

    @property
    def state(self) -> str:
        """`under`, `on` or `over` par; a difference that is not shown is none."""
        if self.yours is None:
            return ""
        if self.measure.said(self.yours) == self.measure.said(self.par):
            return "on"
        return "over" if self.yours > self.par else "under"


@dataclass(frozen=True, slots=True)
class Ghost:
    """Another's try. does: what it does, in words."""

    name: str
    does: str


@dataclass(frozen=True, slots=True)
class Card:
    """A whole score. window: which minutes; label: whose code; note: why a score is not kept, or what to do.

    best, first: points of the best try that was kept and of the first one; seed, versions: what repeats it.
    """

    exercise: str
    lesson: str
    title: str
    window: str
    rows: tuple[Row, ...]
    ghosts: tuple[Ghost, ...]
    seed: int
    versions: str
    label: str = ""
    note: str = ""
    best: int | None = None
    first: int | None = None

    @property
    def score(self) -> int | None:
        """Points of 100; None without a submission."""
        return points([row.part for row in self.rows])

    @property
    def deciding(self) -> int | None:
        """Place of the row that decides: the one worth least; None where every row meets par."""
        parts = [row.part for row in self.rows if row.part is not None]
        return None if not parts or min(parts) >= 1 else parts.index(min(parts))


def worth(measured: float, par: float) -> float:
    """What a measured value is worth against par, 0 to 1."""
    if par > 0:
        return 1.0 if measured <= par else par / measured
    return 1 / (1 + max(measured, 0.0))


def points(parts: Sequence[float | None]) -> int | None:
    """100 times the smallest part, cut to a whole number; None where there is nothing to judge."""
    known = [part for part in parts if part is not None]
    return int(100 * min(known) + 1e-9) if known else None


def place(measured: float, par: float) -> float:
    """Where a value stands on a bar, in per cent of its length; par stands at `PAR_AT`, one of 0 at the left end."""
    at = PAR_AT if par > 0 else 0.0
    if par > 0 and measured <= par:
        return at * (measured / par)
    return at + (100 - at) * (1 - worth(measured, par))


def ghost_points(card: Card, name: str) -> int:
    """What a ghost's try is worth."""
    return points([worth(row.ghosts[name], row.par) for row in card.rows]) or 0


def sentence(card: Card) -> str:
    """What the card says in one line."""
    if card.score is None:
        return f"No score yet: {card.note}" if card.note else "No score yet."
    decides = card.deciding
    if decides is None:
        return "Your code meets par in every row."
    row = card.rows[decides]
    yours, par = row.measure.said(row.yours), row.measure.said(row.par)
    if yours == par:  # the difference is smaller than what is shown
        yours, par = f"{row.yours:g}", f"{row.par:g}"
    name = row.measure.name
    return f"Decided by {name[:1].lower()}{name[1:]}: {yours} where par is {par}."


def share(card: Card) -> str:
    """The score as plain text, to be sent: figures, seed and versions."""
    score = f"{card.score} of 100" if card.score is not None else "no score yet"
    lines = [f"Elasticache Kit, lesson {card.lesson}, {card.title}: {score}"]
    lines += [
        f"{row.measure.name}: {row.measure.said(row.yours)} (par {row.measure.said(row.par)})" for row in card.rows
    ]
    lines.append(f"{card.window}, modelled; seed {card.seed}; {card.versions}")
    return "\n".join(lines)


def text(card: Card) -> str:
    """The card as aligned text: the sentence, a line a row, a line a ghost."""
    others = [ghost.name for ghost in card.ghosts if ghost.name != "par"]
    head = ["", "yours", "par", *others, "result", "points"]
    body = [
        [
            row.measure.name, row.measure.said(row.yours), row.measure.said(row.par),
            *(row.measure.said(row.ghosts[name]) for name in others), said_result(row), said_points(row),
        ]
        for row in card.rows
    ]  # fmt: skip
    body.append(["score", said_score(card.score), "100", *(str(ghost_points(card, name)) for name in others)])
    body[-1] += ["", ""]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = [f"{card.title}. {sentence(card)}"]
    lines += [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *body)
    ]
    lines += [f"{ghost.name}: {ghost.does}" for ghost in card.ghosts]
    lines += [*filter(None, (card.label, card.note if card.score is not None else "")), footer(card)]
    return "\n".join(lines)


def footer(card: Card) -> str:
    """The best try so far, and what repeats this one."""
    kept = f"best so far {card.best}, first try {card.first}; " if card.best is not None else ""
    return f"{kept}modelled; seed {card.seed}; {card.versions}"


def said_result(row: Row) -> str:
    """`under par`, `on par`, `over par`; a dash without a submission."""
    return f"{row.state} par" if row.state else NOTHING


def said_points(row: Row) -> str:
    """What a row is worth, `92 of 100`."""
    return said_score(points([row.part]))


def said_score(score: int | None) -> str:
    return NOTHING if score is None else f"{score} of 100"
