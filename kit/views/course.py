"""The map of the course: five legs, nineteen stops; what is done, where one is, and what is there to open.

Rules: a stop is a link only if its lesson is there; nothing is locked; done, now and not begun are told by fill, glyph
and word. A function of its arguments alone.
Source: looks.md, "Score and map" (`score-map-1280-dark`); titles: syllabus.md, section C.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Stop:
    """One lesson. number: two digits; page: its notebook, '' while it is not written."""

    number: str
    title: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the course."""

    name: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Points of a lesson's exercises. most: 0 where they have none; passed: all of them.

    second: the best score of its second task, of 100; None: not tried, or there is none.
    """

    points: int
    most: int
    passed: bool = False
    second: int | None = None

    @property
    def done(self) -> bool:
        return self.points == self.most if self.most else self.passed


def course_map(legs: Sequence[Leg], scores: Mapping[str, Score], here: str) -> str:
    """The map as HTML. scores: by lesson number, for those begun; here: the number of the lesson to open next."""
    rows = "".join(_leg(leg, scores, here) for leg in legs)
    done = sum(score.done for score in scores.values())
    points, most = sum(score.points for score in scores.values()), sum(score.most for score in scores.values())
    total = f"<b>{done}</b> done" + f" · <b>{points}</b> of {most} points" * bool(most)
    count = sum(len(leg.stops) for leg in legs)
    return (
        f'<section class="kit-card kit-course"><div class="kit-head"><h4>Your map</h4> <span class="kit-sub">{count} '
        f'lessons, open in any order</span> <span class="kit-sub kit-last">{total}</span></div>'
        f'<p class="kit-say">{escape(sentence(legs, scores, here))}</p>{rows}'
        '<p class="kit-c-legend kit-sub">✓ done · ◎ now · ○ not begun · dashed: being written</p></section>'
    )


def whereabouts(legs: Sequence[Leg], scores: Mapping[str, Score]) -> str:
    """The lesson one is in: begun and not done; else the first that is not begun; else the last one there is."""
    written = [stop.number for leg in legs for stop in leg.stops if stop.page]
    begun = [number for number in written if number in scores and not scores[number].done]
    return next(iter([*begun, *(number for number in written if number not in scores), written[-1]]))


def sentence(legs: Sequence[Leg], scores: Mapping[str, Score], here: str) -> str:
    """Where the learner is."""
    stop = next(one for leg in legs for one in leg.stops if one.number == here)
    score = scores.get(here)
    if score is None:
        return f"{'Next: ' if scores else 'Begin with '}lesson {stop.number}, {stop.title}."
    got = f": {score.points} of {score.most} points." if score.most else "."
    if score.done:
        return f"Lesson {stop.number}, {stop.title}, is done{got}"
    return f"You are in lesson {stop.number}, {stop.title}{got}"


def plain(legs: Sequence[Leg], scores: Mapping[str, Score], here: str) -> str:
    """The map as text, a line a leg."""
    lines = [f"{leg.name}: {', '.join(f'{one.number} {one.title}' for one in leg.stops)}" for leg in legs]
    return "\n".join([sentence(legs, scores, here), *lines])


def _leg(leg: Leg, scores: Mapping[str, Score], here: str) -> str:
    stops = "".join(_stop(one, scores, here) for one in leg.stops)
    return f'<div class="kit-c-leg"><b>{escape(leg.name)}</b><ol>{stops}</ol></div>'


def _stop(stop: Stop, scores: Mapping[str, Score], here: str) -> str:
    score = scores.get(stop.number)
    state = "done" if score and score.done else "now" if stop.number == here else "open" if stop.page else "later"
    mark = {"done": "✓"}.get(state, stop.number)
    title = f"{stop.number} {escape(stop.title)}"
    name = f'<a href="{escape(stop.page, quote=True)}">{title}</a>' if stop.page else title
    word = {"done": "done", "now": "now", "open": "open", "later": "being written"}[state]
    got = f"{score.points}/{score.most} points" if score and score.most else "no points"
    second = f", second task {score.second}" if score and score.second is not None else ""
    below = f"{word}, {got}{second}" if score else word
    return (
        f'<li class="kit-c-{state}"><span class="kit-c-dot" data-mark="{mark}" aria-hidden="true"></span>'
        f'<span class="kit-c-name">{name}</span><span class="kit-c-comma">, </span>'
        f'<span class="kit-c-word">{below}</span></li>'
    )
