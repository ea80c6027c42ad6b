"""One bet: its question, its answer, and what each option predicts.

Rules: every option, right or wrong, has a why; a figure that an option predicts is its `guesses` entry and is drawn
into the live picture as the learner's mark.
Leaves out: the bets themselves (`bets_NN.py`, a module a lesson) and how one is found by its id (`bets.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.views.question import Answer, Question


@dataclass(frozen=True, slots=True)
class Bet:
    """A question with its answer. guesses: what each option predicts, in the picture's own unit; empty: no mark."""

    id: str
    question: Question
    answer: Answer
    guesses: tuple[float, ...] = ()
