"""The storm day without a cache: people waiting, looks a second against what the database can do, and how long an
answer takes; against the interval of looks, with a database that is well or falls behind at five.

Rules: three pictures over one line of hours; the curves of one interval share nothing but the people; a limit is a
dashed line, what lies over it becomes waiting. Everything but the people is modelled and says so.
Source: syllabus, lesson 00, Live and Break it; `kit/world/latency.py` (a board takes 5 ms), two cores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kit.views import storm_plot as plot
from kit.views.series import count, span
from kit.views.sheet import WIDTHS, Card, Figure, Play, Sheet, Slider, key_of, layer
from kit.views.storm_plot import ANSWER_S, LOOKS, STEP_MIN, part, words
from kit.world.image import clock_time
from kit.world.latency import SERVICE, STORE_ROUND_TRIP

INTERVALS_S = (600, 300, 120, 60, 30, 20, 10)
OPTIONS = {"well": "as it should be", "slow": "10 × slower from 17:00"}
CORES = 2
SLOW_FROM_MIN, SLOWER = 17 * 60, 10
PLAY_S = 20
HEADS = ("Database", "A look every", "Most looks a second", "Queries in the day", "Longest wait")


def storm_day(people: Sequence[int], first_min: int, queue: Callable[..., Sequence[float]]) -> Sheet:
    """The whole sheet. people: waiting, minute by minute from `first_min`; queue: looks left over after each step."""
    minutes = range(first_min, first_min + len(people))
    cards: dict[str, Card] = {}
    layers = {
        "axes": layer(lambda width: plot.axes(width, minutes)),
        "curve-people": layer(plot.people_curve(people, minutes)),
    }
    for stop, interval in enumerate(INTERVALS_S):
        layers[f"curve-looks-{stop}"] = layer(plot.looks_curve(people, minutes, interval))
        for option in OPTIONS:
            answers = answer_s(people, first_min, interval, option, queue)
            layers[f"curve-answer-{option}-{stop}"] = layer(plot.answer_curve(answers, minutes))
            cards[key_of(option, stop)] = _card(people, first_min, answers, stop, option)
    well, slow = (served_s(SLOW_FROM_MIN, option) for option in OPTIONS)
    layers["limit-well"] = layer(plot.limit(minutes, SLOW_FROM_MIN, well, well))
    layers["limit-slow"] = layer(plot.limit(minutes, SLOW_FROM_MIN, well, slow))
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
        heights={str(width): plot.HEIGHT for width in WIDTHS},
        play=Play(
            "Play the storm day",
            PLAY_S,
            {str(width): plot.ends(width) for width in WIDTHS},
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

    minute = round(hour * 60)
    cross = plot.bet(minutes, minute, people[minute - first_min])
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


def _card(people: Sequence[int], first_min: int, answers: Sequence[float], stop: int, option: str) -> Card:
    interval = INTERVALS_S[stop]
    most, longest, queries = max(people) / interval, max(answers), sum(people) * 60 / interval
    busy = most / served_s(SLOW_FROM_MIN, option)
    figures = (
        Figure("Looks a second", _rate(most), "flow", part(most, LOOKS)),
        Figure("Longest wait", words(longest), "bad" if longest > 1 else "miss", part(longest, ANSWER_S)),
        Figure("Queries in the day", count(round(queries, -3)), "miss", part(queries, (1e6, 2e8))),
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
