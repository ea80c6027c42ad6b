"""A verdict for people at a terminal: what `kit check` prints without `--json`.

Rules: lines made of the object of `--json`, the trace's sentences and a width alone; the words are the card's
(kit/views/verdict.py), so a notebook and a shell say the same; no line is longer than the width but a token's, which
must be one word to be copied.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import click

from kit.cli.terminal import COLOURS, plain, wrapped
from kit.views.verdict import FAILED, OUTCOMES, RESULTS, counts, failing, points, rule

Verdict = dict[str, Any]

MOST_SENTENCES = 60  # of a trace; a live-lock has thousands
_TAIL = 10
_OUTPUT_LINES = 10
_RESULT, _POINTS, _GAP = 12, 8, 2
_WIDE = 90  # from here on "seen" has a column of its own


def report(verdict: Verdict, trace: Sequence[str], file: str, columns: int) -> Iterator[str]:
    """The lines. trace: numbered sentences of the canonical shortest trace; file: what was judged, as one types it."""
    yield from _head(verdict, columns)
    yield ""
    if verdict["outcome"] == "not_attempted":
        yield from wrapped(f"The code still raises NotImplementedError. Write the functions in {file}.", columns, "  ")
    else:
        first, below = rule(verdict)
        yield from (click.style(line, bold=True) for line in wrapped(first, columns, "  "))
        yield from wrapped(below, columns, "  ") if below else ()
    yield from wrapped(_previous(verdict), columns, "  ") if verdict["previous"] else ()
    yield ""
    yield from _table(verdict, columns)
    if verdict["outcome"] != "not_attempted":
        yield from _trace(verdict, trace, columns)
        yield from _mistake(verdict, columns)
    yield from _output(verdict, columns)
    yield from wrapped(_next(verdict), columns)


def _head(verdict: Verdict, columns: int) -> list[str]:
    glyph, word, colour = OUTCOMES[verdict["outcome"]]
    late = " (not run)" if verdict["hidden"]["total"] and verdict["hidden"]["passed"] is None else ""
    where = "" if verdict["engine"] == "model" else f" · on {verdict['engine']}"
    result = f"{glyph} {word}"
    words = f"{result} · {points(verdict)} · {counts(verdict)}{late}{where}"
    first, *more = textwrap.wrap(words, columns)
    return [click.style(result, fg=COLOURS[colour], bold=True) + first.removeprefix(result), *more]


def _previous(verdict: Verdict) -> str:
    return "The old trace passes now." if verdict["previous"]["passes"] else "The old trace still breaks it."


def _next(verdict: Verdict) -> str:
    """What one may do now, where the trace does not say it."""
    ident, hints = verdict["exercise"], verdict["hints"]
    if verdict["outcome"] == "correct":
        return f"kit solution {ident} shows one way to do it; kit list says what is next."
    if verdict["outcome"] == "fault":
        return "Please report it."
    left = "again" if hints["shown"] == hints["total"] else f"{hints['shown']} of {hints['total']} shown"
    return f"A hint ({left}): kit hint {ident}"


# The table of checks


def _table(verdict: Verdict, columns: int) -> Iterator[str]:
    counted = _POINTS if verdict["max_points"] else 0
    room = columns - _RESULT - counted - _GAP
    wide = columns >= _WIDE
    title = (room - _GAP) * 55 // 100 if wide else room
    head = f"{'Result':<{_RESULT}}{'Points'[:counted]:<{counted}}{'Check':<{title + _GAP}}{'Seen' if wide else ''}"
    yield click.style(f"  {head.rstrip()}", dim=True)
    for check in verdict["checks"]:
        seen = textwrap.wrap(plain(_seen(check, verdict)), room - _GAP - title if wide else room)
        names = textwrap.wrap(f"{check['title']} (hidden)" if check["hidden"] else check["title"], title)
        if not wide:
            names, seen = [*names, *(click.style(line, dim=True) for line in seen)], []
        starts = [_start(check, verdict)]
        for start, left, right in zip_longest(starts, names, seen, fillvalue=""):
            cell = f"{left:<{title + _GAP}}" if right else left
            yield f"  {start or ' ' * (_RESULT + counted)}{cell}{right}"
    yield ""


def _start(check: dict[str, Any], verdict: Verdict) -> str:
    """Result, and points where there are any; the colour counts no column."""
    result, colour = _result(check, verdict)
    got = f"{check['points']} of {check['max_points']}"
    cell = f"{got:<{_POINTS}}" if verdict["max_points"] else ""
    return click.style(result, fg=COLOURS[colour]) + " " * (_RESULT - len(result)) + cell


def _result(check: dict[str, Any], verdict: Verdict) -> tuple[str, str]:
    glyph, word, colour = RESULTS[check["passed"]]
    if check is failing(verdict):
        glyph, word, colour = FAILED.get(verdict["outcome"], (glyph, word, colour))
    return f"{glyph} {word}", colour


def _seen(check: dict[str, Any], verdict: Verdict) -> str:
    if verdict["outcome"] == "not_attempted":
        return ""
    waits = "runs when the public checks pass" if check["hidden"] and check["passed"] is None else ""
    return check["seen"] or waits


# Below the table


def _trace(verdict: Verdict, sentences: Sequence[str], columns: int) -> Iterator[str]:
    if not verdict["trace"]:
        return
    if sentences:
        yield "The shortest trace that breaks it:"
        yield ""
        for line in _some(sentences):
            yield from wrapped(line, columns, "  ")
        yield ""
    yield "Again, and as a page to step through:"
    yield f"  kit replay {verdict['trace']}"
    yield ""


def _some(sentences: Sequence[str]) -> Sequence[str]:
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    first, last = sentences[: MOST_SENTENCES - _TAIL], sentences[-_TAIL:]
    return [*first, f"… {len(sentences) - MOST_SENTENCES:,} steps more; the replay has them all …", *last]


def _mistake(verdict: Verdict, columns: int) -> Iterator[str]:
    known = verdict["mistake"]
    if known and known["name"]:
        yield from wrapped(f"A known mistake: {known['name']}", columns)
        yield from wrapped(f"Hint: {known['hint']}", columns, "  ") if known["hint"] else ()
        yield ""


def _output(verdict: Verdict, columns: int) -> Iterator[str]:
    printed = plain(verdict["output"]).rstrip().splitlines()
    if printed:
        yield "Your code printed (last lines):"
        for line in printed[-_OUTPUT_LINES:]:
            yield from textwrap.wrap(line, columns, initial_indent="  │ ", subsequent_indent="  │ ") or ["  │"]
        yield ""
