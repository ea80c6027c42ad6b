"""A failed check beside its trace: the broken rule, and the learner's own code at the line where it happened.

Rules: made of the tape, the object of `kit check --json` and the submission's text alone; the line is the one that put
the stale value into the cache, else the last line that anybody reached; between it and the line before lies the gap in
which the others ran. Without lines on the tape the code falls away, nothing else.
Source: the kit's looks, "Failing exercise".
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from kit.views.lanes import roles
from kit.views.narration import Told
from kit.views.words import count, name
from kit.world.tape import Tape

MOST_LINES = 11
_ABOVE, _BELOW = 6, 3


def failure(verdict: Mapping[str, Any], tape: Tape, told: list[Told], source: str) -> dict[str, Any]:
    """What the failing form of the player shows beside the picture, as plain data."""
    # A replay knows the one check that it played, a verdict all of them.
    check: Mapping[str, Any] = next((one for one in verdict.get("checks", ()) if one.get("passed") is False), verdict)
    rule, _, seen = str(check.get("message") or "The check failed.").partition(". ")
    return {
        "rule": rule if rule.endswith(".") else f"{rule}.",
        "detail": f"{seen} {_detail(check, told)}".strip(),
        "title": "Shortest trace that breaks your code",
        "subtitle": _subtitle(verdict, check),
        "token": check.get("trace") or verdict.get("trace") or "",
        "code": code(tape, told, source),
    }


def code(tape: Tape, told: list[Told], source: str) -> dict[str, Any] | None:
    """The excerpt: lines as [number, text, marked], the gap before the marked line as words; None without a line."""
    at = next((place for place, entry in enumerate(told) if _stores_stale(entry)), None)
    if at is None:
        at = next((place for place in range(len(told) - 1, -1, -1) if told[place].step.op.line), None)
    if at is None or not (line := told[at].step.op.line):
        return None
    text = source.splitlines()
    if not 1 <= line <= len(text):
        return None
    first, last = _excerpt(source, line, len(text))
    actor = told[at].step.op.actor
    return {
        "who": f"where {name(actor)} stands",
        "lines": [[number, text[number - 1], number == line] for number in range(first, last + 1)],
        "gap": _gap(tape, told, at),
    }


def _detail(check: Mapping[str, Any], told: list[Told]) -> str:
    operations = check.get("operations")
    if not isinstance(operations, int):
        operations = sum(entry.step.half == "request" for entry in told)
    searched = check.get("level") is not None and check.get("schedules") != 1
    least = "; no order with fewer deviations breaks it" if searched else ""
    return count(operations, "operation") + least


def _subtitle(verdict: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    words = [str(verdict.get("exercise") or ""), str(check.get("title") or check.get("id") or "")]
    failing, schedules = check.get("failing"), check.get("schedules")
    if failing and schedules and schedules > 1:  # a scene without a choice is one schedule, and says nothing by it
        words.append(f"{failing} of {count(schedules, 'schedule')} break it")
    return " · ".join(word for word in words if word)


def _stores_stale(entry: Told) -> bool:
    return entry.outcome.kind == "stale" and entry.step.half == "request" and entry.step.op.line is not None


def _excerpt(source: str, line: int, total: int) -> tuple[int, int]:
    """First and last line of the function around `line`, at most MOST_LINES of them."""
    first, last = max(line - _ABOVE, 1), min(line + _BELOW, total)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return first, last
    around = [
        node for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno <= line <= (node.end_lineno or line)
    ]  # fmt: skip
    if around:
        inner = max(around, key=lambda node: node.lineno)
        end = inner.end_lineno or line
        if end - inner.lineno < MOST_LINES:
            return inner.lineno, end
        first, last = max(first, inner.lineno), min(last, end)
    return first, last


def _gap(tape: Tape, told: list[Told], at: int) -> str:
    """Who ran between the actor's last message before this one, and how many messages it was; empty for nobody."""
    actor = told[at].step.op.actor
    others = []
    for entry in reversed(told[:at]):
        if entry.step.op.actor == actor:
            break
        others.append(entry)
    else:
        return ""
    if not others:
        return ""
    kinds = roles(tape)
    who = {entry.step.op.actor for entry in others}
    role = {kinds.get(one, "") for one in who}
    ran = "the writer runs" if role == {"writer"} and len(who) == 1 else (
        f"{name(next(iter(who)))} runs" if len(who) == 1 else "the others run"
    )  # fmt: skip
    return f"{ran} here, {count(len(others), 'message')}"
