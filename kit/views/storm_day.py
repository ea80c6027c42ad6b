"""The storm day without a cache: people waiting, looks a second against what the database can do, and how long an
answer takes; against the interval of looks, with a database that is well or falls behind at five.

Rules: three pictures over one line of hours; the curves of one interval share nothing but the people; a limit is a
dashed line, what lies over it becomes waiting. Everything but the people is modelled and says so.
Source: syllabus, lesson 00, Live and Break it; `kit/world/latency.py` (a board takes 5 ms), two cores.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from kit.views.element import Element, line, path, text
from kit.views.series import count, span
from kit.views.sheet import NARROW, WIDTHS, Card, Figure, Play, Sheet, Slider, key_of, layer
from kit.world.image import clock_time
from kit.world.latency import SERVICE, STORE_ROUND_TRIP

INTERVALS_S = (600, 300, 120, 60, 30, 20, 10)
OPTIONS = {"well": "as it should be", "slow": "10 × slower from 17:00"}
CORES = 2
SLOW_FROM_MIN, SLOWER = 17 * 60, 10
STEP_MIN, PLAY_S = 10, 20
HEADS = ("Database", "A look every", "Most looks a second", "Queries in the day", "Longest wait")
TOP, GAP, ROOM, LEFT, RIGHT = 26, 34, 84, 62, 14
HEIGHT = TOP + 3 * (ROOM + GAP)
MOST_PEOPLE = 40_000
LOOKS = (0.1, 10_000.0)
ANSWER_S = (0.001, 36_000.0)


def storm_day(people: Sequence[int], first_min: int, queue: Callable[..., Sequence[float]]) -> Sheet:
    """The whole sheet. people: waiting, minute by minute from `first_min`; queue: looks left over after each step."""
    minutes = range(first_min, first_min + len(people))
    cards: dict[str, Card] = {}
    layers = {"axes": layer(lambda width: _axes(width, minutes)), "curve-people": layer(_people(people, minutes))}
    for stop, interval in enumerate(INTERVALS_S):
        layers[f"curve-looks-{stop}"] = layer(_looks(people, minutes, interval))
        for option in OPTIONS:
            answers = answer_s(people, first_min, interval, option, queue)
            layers[f"curve-answer-{option}-{stop}"] = layer(_answer(answers, minutes))
            cards[key_of(option, stop)] = _card(people, first_min, answers, stop, option)
    layers |= {
        f"limit-{option}": layer(lambda width, option=option: _limit(width, minutes, option)) for option in OPTIONS
    }
    return Sheet(
        title="The storm day without a cache",
        subtitle=f"8 March 2013; modelled: a board takes {SERVICE['board'] // 1000} ms, {CORES} cores",
        slider=Slider("A look every", tuple(map(span, INTERVALS_S)), tuple(range(len(INTERVALS_S)))),
        heads=HEADS,
        cards=cards,
        start=("well", 0),
        choice="Database",
        options=OPTIONS,
        layers=layers,
        heights={str(width): HEIGHT for width in WIDTHS},
        play=Play(
            "Play the storm day",
            PLAY_S,
            {str(w): (_x(w, minutes, minutes[0]), _x(w, minutes, minutes[-1])) for w in WIDTHS},
        ),
    )


def before_the_bets(sheet: Sheet) -> Sheet:
    """The same sheet with a first card that holds axes alone: it answers no bet."""
    stop = sheet.start[1]
    card = Card(
        "The day is here, and its lines wait for your two bets.",
        (), (OPTIONS["well"], sheet.slider.values[stop], "?", "?", "?"), layers=("axes",),
    )  # fmt: skip
    return replace(sheet, cards={key_of("well", stop): card}, start=("well", stop), play=None)


def with_bet(sheet: Sheet, hour: float, people: Sequence[int], first_min: int) -> Sheet:
    """The sheet with the learner's mark: when they expected most people."""
    minutes = range(first_min, first_min + len(people))

    def cross(width: int) -> list[Element]:
        x = _x(width, minutes, hour * 60)
        y = _people_y(people[round(hour * 60) - first_min])
        return [
            {"tag": "path", "class": "bet", "d": f"M{x - 5:.1f},{y - 5:.1f}l10,10M{x - 5:.1f},{y + 5:.1f}l10,-10"},
            text("bet", x, y + 22, "middle", f"your bet {clock_time(round(hour * 60))}"),
        ]

    cards = {key: replace(card, layers=(*card.layers, "bet")) for key, card in sheet.cards.items()}
    return replace(sheet, cards=cards, layers={**sheet.layers, "bet": layer(cross)})


def served_s(minute: int, option: str) -> float:
    """How many boards a second the modelled database can answer at that minute."""
    well = CORES * 1_000_000 / SERVICE["board"]
    return well / SLOWER if option == "slow" and minute >= SLOW_FROM_MIN else well


def answer_s(
    people: Sequence[int], first_min: int, interval_s: float, option: str, queue: Callable[..., Sequence[float]]
) -> list[float]:
    """How long an answer takes at each minute, in seconds: trip, service, and the queue before it."""
    rates = [served_s(first_min + place, option) for place in range(len(people))]
    left = queue([one / interval_s for one in people], rates, 60)
    return [STORE_ROUND_TRIP / 1e6 + (CORES + behind) / rate for behind, rate in zip(left, rates, strict=True)]


def words(seconds: float) -> str:
    """A wait in words.

    >>> words(0.006), words(4.2), words(750), words(8_000), words(36_000), words(3_238_560)
    ('6 ms', '4 s', '12 min', '2.2 h', '10 h', '37 days')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7_200:
        return f"{seconds / 60:.0f} min"
    return f"{f'{seconds / 3600:.1f}'.removesuffix('.0')} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def _card(people: Sequence[int], first_min: int, answers: Sequence[float], stop: int, option: str) -> Card:
    interval = INTERVALS_S[stop]
    most, longest, queries = max(people) / interval, max(answers), sum(people) * 60 / interval
    busy = most / served_s(SLOW_FROM_MIN, option)
    figures = (
        Figure("Looks a second", _rate(most), "flow", _part(most, LOOKS)),
        Figure("Longest wait", words(longest), "bad" if longest > 1 else "miss", _part(longest, ANSWER_S)),
        Figure("Queries in the day", count(round(queries, -3)), "miss", _part(queries, (1e6, 2e8))),
    )
    if longest <= 1:
        say = f"{_rate(most)} looks a second at the peak; an answer takes {words(longest)}."
    else:
        say = f"{_rate(most)} looks a second, {busy:.1f} × the database's limit: boards freeze."
    row = (OPTIONS[option], span(interval), _rate(most), count(round(queries, -3)), words(longest))
    layers = ("axes", f"limit-{option}", "curve-people", f"curve-looks-{stop}", f"curve-answer-{option}-{stop}")
    return Card(say, figures, row, layers=layers, frames=_frames(people, first_min, answers, interval))


def _frames(people: Sequence[int], first_min: int, answers: Sequence[float], interval: int) -> tuple[str, ...]:
    """What playing says, every ten minutes of the day."""
    asked, found = 0.0, []
    for place, waiting in enumerate(people):
        asked += waiting * 60 / interval
        if place % STEP_MIN == 0:
            found.append(
                f"{clock_time(first_min + place)}: {waiting:,} wait, {_rate(waiting / interval)} looks/s, "
                f"{asked / 1e6:.2f} M queries, answered in {words(answers[place])}."
            )
    return tuple(found)


def _rate(looks: float) -> str:
    return count(looks + 0.5) if looks >= 10 else f"{looks:.1f}"


def _part(amount: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return min(1.0, max(0.0, math.log10(max(amount, low) / low) / math.log10(high / low)))


def _x(width: int, minutes: range, minute: float) -> float:
    return LEFT + (minute - minutes[0]) / (minutes[-1] - minutes[0]) * (width - LEFT - RIGHT)


def _foot(panel: int) -> float:
    return TOP + panel * (ROOM + GAP) + ROOM


def _people_y(people: float) -> float:
    return _foot(0) - people / MOST_PEOPLE * ROOM


def _axes(width: int, minutes: range) -> list[Element]:
    drawn: list[Element] = []
    names = ("people waiting", "looks a second (log)", "an answer takes (log)")
    marks: tuple[tuple[tuple[float, str], ...], ...] = (
        ((0, "0"), (0.5, "20,000"), (1, "40,000")),
        tuple((_part(one, LOOKS), count(one)) for one in (1, 100, 10_000)),
        tuple((_part(one, ANSWER_S), words(one)) for one in (0.001, 1, 600, 36_000)),
    )
    for panel, (name, ticks) in enumerate(zip(names, marks, strict=True)):
        foot = _foot(panel)
        drawn.append(text("name", 0, foot - ROOM - 10, "start", name))
        for part, label in ticks:
            y = foot - part * ROOM
            drawn.append(line("grid" if part else "axis", LEFT, y, width - RIGHT, y))
            drawn.append(text("tick", LEFT - 8, y + 4, "end", label))
    every = 6 if width < NARROW else 3
    for hour in range(0, 28, every):
        if minutes[0] <= hour * 60 <= minutes[-1]:
            drawn.append(text("tick", _x(width, minutes, hour * 60), HEIGHT - GAP + 18, "middle", f"{hour % 24:02d} h"))
    return drawn


def _curve(kind: str, heights: Sequence[float], minutes: range) -> Callable[[int], list[Element]]:
    """A curve through every tenth minute; heights are ordinates in pixels."""
    places = [*range(0, len(heights), STEP_MIN)]
    return lambda width: [path(f"curve {kind}", [(_x(width, minutes, minutes[at]), heights[at]) for at in places])]


def _people(people: Sequence[int], minutes: range) -> Callable[[int], list[Element]]:
    return _curve("people", [_people_y(one) for one in people], minutes)


def _looks(people: Sequence[int], minutes: range, interval: int) -> Callable[[int], list[Element]]:
    return _curve("looks", [_foot(1) - _part(one / interval, LOOKS) * ROOM for one in people], minutes)


def _answer(answers: Sequence[float], minutes: range) -> Callable[[int], list[Element]]:
    return _curve("answer", [_foot(2) - _part(one, ANSWER_S) * ROOM for one in answers], minutes)


def _limit(width: int, minutes: range, option: str) -> list[Element]:
    """What the database can answer a second, as a dashed step."""
    first, last = minutes[0], minutes[-1]
    high, low = (_foot(1) - _part(served_s(minute, option), LOOKS) * ROOM for minute in (first, last))
    five = _x(width, minutes, SLOW_FROM_MIN)
    places = [(_x(width, minutes, first), high), (five, high), (five, low), (_x(width, minutes, last), low)]
    return [path("limit", places), text("limit", LEFT + 6, high - 4, "start", "what the database can do")]
