"""The bets of lesson 03.

Source: syllabus.md, lesson 03, Bets.
"""

from __future__ import annotations

from kit.lab.bet import Bet
from kit.views.question import Answer, Question

TRIPS = Bet(
    "trips_of_a_miss",
    Question(
        "How many round trips does a miss take before the passenger has an answer?",
        "The code asks the cache, asks the database, and leaves a copy, one after the other.",
        ("One.", "Two.", "Three.", "Four."),
        1,
        3,
    ),
    Answer(
        2,
        (
            "That is a hit: the cache has it, and nobody else is asked.",
            "The value must also be written, and this code writes before it answers.",
            "Ask the cache, ask the database, write the cache. The third need not delay the answer, if one answers "
            "first and writes afterwards; the code that everybody writes does not.",
            "No lock is involved yet. That would be a trip more, and it comes with the stampede.",
        ),
        "Step through all three",
    ),
)
CACHE_DIES = Bet(
    "cache_dies",
    Question(
        "The cache node dies at 17:10, the worst minute of the day. What do passengers see?",
        "Nobody has prepared anything, but get_board catches the errors of its cache.",
        ("Errors.", "Right boards, slowly.", "Old boards.", "Nothing out of the ordinary."),
        2,
        3,
    ),
    Answer(
        1,
        (
            "Only if the exception is let through, and here it is caught.",
            "Every look is a query now: the whole load stands before the database until a new node is warm. The boards "
            "are right as long as the database lasts.",
            "Nothing old is left: what the node held is gone with it.",
            "Somebody pays for each miss, and from now on everything is one.",
        ),
    ),
)
TWICE_AS_LARGE = Bet(
    "twice_as_large",
    Question(
        "All keys are cold. With a cache twice as large, the misses of the first minute are",
        "A new node, empty, and as much memory as you like.",
        ("half as many.", "unchanged.", "it depends on the eviction policy."),
        3,
        3,
    ),
    Answer(
        1,
        (
            "Size keeps what is there. It does not fetch anything.",
            "The first touch of a key misses at any size. A cold cache costs each key once.",
            "Nothing is evicted yet: the policy has nothing to decide.",
        ),
    ),
)
BETS = (TRIPS, CACHE_DIES, TWICE_AS_LARGE)
