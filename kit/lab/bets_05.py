"""The bets of lesson 05.

Source: syllabus.md, lesson 05, Bets; the figures are asserted by the tests of `kit/workloads`.
"""

from __future__ import annotations

from kit.lab.bet import Bet
from kit.views.question import Answer, Question

HALVE_THE_TTL = Bet(
    "halve_the_ttl",
    Question(
        "The TTL of the airport boards goes from 60 s to 30 s. What becomes of the looks that show a wall with a "
        "wrong row?",
        "8 March 2013, three boards, 38.6 % at a TTL of 60 s.",
        ("They halve.", "They fall by a third.", "They vanish."),
        1,
        3,
    ),
    Answer(
        1,
        (
            "Only where changes are rare. A wall that is wrong already cannot become wrong twice, so on a busy day "
            "the second half of the TTL adds less than the first.",
            "From 38.6 to 25.9 %. With w changes a second the share is 1 − (1 − e^(−wT)) / (wT): it saturates, and "
            "that is why a shorter TTL buys so little here.",
            "Only at a TTL of zero, and a TTL of zero is no cache.",
        ),
    ),
    (19.3, 25.7, 0.0),
)
DELETE_FIRST = Bet(
    "delete_first",
    Question(
        "A colleague turns the two lines of the writer round: delete the key first, then write the database. What "
        "does that do to a reader who comes between the two?",
        "Compared with the textbook's order: write the database, then delete the key.",
        ("It is safe: the key is gone.", "It is worse than before.", "It comes to the same."),
        2,
        3,
    ),
    Answer(
        1,
        (
            "Gone, but not for long: the reader between the two lines misses, reads the old row and stores it.",
            "The reader refills the old row before the write, and nothing deletes it again. The textbook's order "
            "needs a reader that is already under way; this one is broken by any reader that comes in between.",
            "The window has moved: it is now certain to lie after the delete, where nothing cleans up behind it.",
        ),
        "See it in the player",
    ),
)
PLAIN_SET = Bet(
    "plain_set",
    Question(
        "`SET board v1 EX 100`, and a moment later `SET board v2`. Which TTL has the key now?",
        "Any Redis or Valkey server.",
        ("100 s, or a little less.", "None: it lives for ever.", "The second command is an error."),
        3,
        3,
    ),
    Answer(
        1,
        (
            "The new value does not inherit the old one's time. `SET board v2 KEEPTTL` would have kept it.",
            "A plain `SET` replaces value and expiry together. The key that had a safety net is now immortal; "
            "`KEEPTTL` or a new `EX` prevents it.",
            "Overwriting is allowed, and gives no warning either.",
        ),
    ),
)
BETS = (HALVE_THE_TTL, DELETE_FIRST, PLAIN_SET)
