"""The bets of lesson 00.

Source: syllabus.md, lesson 00, Bets; the figures are asserted by the tests of `kit/workloads`.
"""

from __future__ import annotations

from kit.lab.bet import Bet
from kit.views.question import Answer, Question

MORE_CHANGES = Bet(
    "more_changes",
    Question(
        "Which of the two days changes its boards more often?",
        "A change: a new estimate, a departure, a cancellation. 930 flights are planned on 8 February, 979 on 8 March.",
        ("8 February, the blizzard.", "8 March.", "Both alike."),
        1,
        2,
    ),
    Answer(
        1,
        (
            "1,565 changes. A cancelled flight changes once, and then never again: a board full of cancellations is "
            "a quiet board.",
            "5,793 changes against 1,565. A delay is no single event but a series of them: each new estimate is a "
            "change, and most of this day's flights were late, not cancelled.",
            "The flights are nearly as many; what happens to them is not.",
        ),
    ),
)
PEAK = Bet(
    "peak",
    Question(
        "When do most people wait for a flight on 8 March?",
        "Each passenger waits from two hours before the planned departure until the flight has really left.",
        ("At 09 h.", "At 14 h.", "At 17:10.", "At 22 h."),
        2,
        2,
    ),
    Answer(
        2,
        (
            "One sees half a mile then, but most of the day's passengers have not come yet.",
            "The snow ends, and the queue still grows: those who should have left in the morning are still there.",
            "34,461 people. Late flights keep their passengers while the evening's arrive: the load peaks hours after "
            "the weather has gone.",
            "9,374 still wait; the others have left at last.",
        ),
    ),
    (9, 14, 17 + 1 / 6, 22),
)
BETS = (MORE_CHANGES, PEAK)
