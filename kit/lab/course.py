"""The nineteen lessons, and how far the learner is: what the start page shows.

Rules: a lesson counts as there if its notebook stands in the clone; points are those of `progress.json`.
Source: syllabus.md, section C (titles and order).
"""

from __future__ import annotations

from html import escape

from kit.grading import exercise, progress
from kit.lab.mount import mount
from kit.lab.places import CLONE
from kit.views import course
from kit.views.course import Leg, Score, Stop

CSS = ("card.css", "course.css")
_TITLES = {
    "First light": ("Start here", "Why a cache", "What to put in it", "Lazy loading"),
    "Keeping it true": ("Write-through", "Keeping it true", "When memory is full", "The stampede"),
    "More than a copy": ("The other strategies", "Sessions", "Memcached", "Redis as database and message broker"),
    "Many nodes": ("Sharding", "Replicas and failover", "Durability and backup", "Security"),
    "In service": ("Choosing and sizing", "To AWS", "The storm day"),
}


def legs() -> tuple[Leg, ...]:
    """The course; a lesson whose notebook is there has its name as `page`."""
    numbers = iter(range(19))
    return tuple(
        Leg(name, tuple(_stop(f"{next(numbers):02d}", title) for title in titles)) for name, titles in _TITLES.items()
    )


def scores() -> dict[str, Score]:
    """Best points of each lesson that has been begun, over the exercises that are there."""
    kept = progress.read()["exercises"]
    found: dict[str, Score] = {}
    begun: set[str] = set()
    for one in map(exercise.load, exercise.ids()):
        entry = kept.get(one.id, {})
        before = found.get(one.lesson, Score(0, 0, True))
        passed = before.passed and bool(entry.get("passed"))
        got, most = before.points + entry.get("points", 0), before.most + one.max_points
        found[one.lesson] = Score(got, most, passed, entry.get("score", before.second))
        begun |= {one.lesson} if "points" in entry else set()
    return {lesson: score for lesson, score in found.items() if lesson in begun}


def show() -> None:
    """Show the map, and what was to be said of the record of progress, if anything was."""
    problem = progress.mend()
    there, begun = legs(), scores()
    here = course.whereabouts(there, begun)
    words = f"{problem[0].upper()}{problem[1:]}.\n" if problem else ""
    said = f'<p class="kit-sub" role="status">{escape(words)}</p>' if problem else ""
    mount(None, said + course.course_map(there, begun, here), words + course.plain(there, begun, here), CSS)


def title(number: str) -> str:
    """The title of a lesson."""
    return next(stop.title for leg in legs() for stop in leg.stops if stop.number == number)


def _stop(number: str, title: str) -> Stop:
    page = next((path.name for path in sorted((CLONE / "notebooks").glob(f"{number}_*.ipynb"))), "")
    return Stop(number, title, page)
