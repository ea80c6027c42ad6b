"""A verdict as a card: outcome, the failing rule as a sentence, the table of checks, and what may be done next.

Rules: a function of its arguments alone: the object of `kit check --json`, the hints shown, a note; every result has a
glyph and a word beside its colour; "public x/y, hidden z/w" always stands together; a hidden check names its rule and
neither its input nor a trace; no seconds of the wall clock (a stored card is the same on every machine); at most one
filled button.
Source: looks.md, "Verdict" (`verdict-states`); the object: CONTRIBUTING.md, "kit check --json".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kit.views.prose import prose

Verdict = dict[str, Any]

# outcome → glyph, word, colour
OUTCOMES: dict[str, tuple[str, str, str]] = {
    "correct": ("✓", "Correct", "hit"),
    "wrong": ("✕", "Wrong", "bad"),
    "raised": ("↯", "Your code raised", "bad"),
    "timed_out": ("◷", "Timed out", "miss"),
    "not_attempted": ("○", "Not attempted", "none"),
    "not_repeatable": ("⇄", "Not repeatable", "miss"),
    "fault": ("⚙", "Fault in the check", "flow"),
}
RESULTS = {True: ("✓", "passes", "hit"), False: ("✕", "fails", "bad"), None: ("–", "not run", "none")}
# A check that did not pass says in its own word how: the outcome is that of the first one.
FAILED = {"raised": ("↯", "raised", "bad"), "timed_out": ("◷", "timed out", "miss"), "fault": ("⚙", "fault", "flow")}


@dataclass(frozen=True, slots=True)
class Action:
    """A button. act: `trace`, `hint`, `solution`; filled: the one thing to do next."""

    act: str
    words: str
    filled: bool


def line(verdict: Verdict) -> str:
    """The whole verdict in one line of text."""
    word = OUTCOMES[verdict["outcome"]][1]
    return f"{word}: {points(verdict)}, {counts(verdict)}. {rule(verdict)[0]}".strip()


def points(verdict: Verdict) -> str:
    """`8 of 20 points`, or that the exercise has none."""
    return f"{verdict['points']} of {verdict['max_points']} points" if verdict["max_points"] else "no points"


def counts(verdict: Verdict) -> str:
    """`public 3/5, hidden –/4`, or that none is hidden."""
    public, hidden = verdict["public"], verdict["hidden"]
    rest = f"hidden {_hidden(hidden)}/{hidden['total']}" if hidden["total"] else "no hidden checks"
    return f"public {public['passed']}/{public['total']}, {rest}"


def rule(verdict: Verdict) -> tuple[str, str]:
    """The sentence of the ruled box and what stands below it: the first failure, or what a pass covered."""
    first = failing(verdict)
    if verdict["outcome"] == "not_attempted":
        return "The code still raises NotImplementedError.", "Write the functions, then run it again."
    if first is None:
        return _passed(verdict)
    message = first["message"] or first["title"]
    if first["hidden"]:
        return message, "A hidden check failed. It gives its rule; its input and trace stay hidden."
    if verdict["outcome"] != "wrong":
        return message, f"In the check “{first['title']}”."
    return message, _found(first)


def failing(verdict: Verdict) -> dict[str, Any] | None:
    """The first check that did not pass, in grading order."""
    return next((check for check in verdict["checks"] if check["passed"] is False), None)


def actions(verdict: Verdict, shown: int) -> list[Action]:
    """The buttons of a living card; `shown`: hints shown so far."""
    first, total = failing(verdict), verdict["hints"]["total"]
    traced = verdict["trace"] and verdict["outcome"] != "not_attempted"
    buttons = [Action("trace", "Open the shortest trace", True)] if traced else []
    if verdict["outcome"] == "correct":
        return [Action("solution", "Compare with the solution", False)]
    if shown < total and verdict["outcome"] != "fault":
        buttons.append(Action("hint", f"Hint {shown + 1} of {total}", bool(first and first["hidden"])))
    return buttons


def card(verdict: Verdict, hints: Sequence[str] = (), note: str = "", *, alive: bool = False) -> str:
    """The card as HTML. note: a sentence about the file (a copy that was kept); alive: with buttons."""
    glyph, word, colour = OUTCOMES[verdict["outcome"]]
    first, below = rule(verdict)
    place = f"{verdict['exercise']} · {verdict['engine']}"
    got = f"<b>{verdict['points']}</b> of {verdict['max_points']} points" if verdict["max_points"] else points(verdict)
    return (
        f'<section class="kit-card kit-verdict"><div class="kit-v-head"><span class="kit-v-icon kit-o-{colour}" '
        f'aria-hidden="true">{glyph}</span><div><h4>{word}</h4> <span>{got}</span>'
        f'<p class="kit-sub">{escape(place)}</p></div>{_counts(verdict)}</div>'
        f'<div class="kit-v-rule kit-o-{colour}"><p><strong>{escape(first)}</strong></p>'
        f"{_paragraph(below)}{_paragraph(_previous(verdict))}</div>"
        f"{_mistake(verdict)}{_paragraph(note, 'kit-v-note')}{_table(verdict)}{_hints(hints)}{_output(verdict)}"
        f"{_foot(verdict, len(hints), alive)}</section>"
    )


def comparison(yours: str, solution: str) -> str:
    """The learner's code beside the solution."""
    both = (("Yours", yours), ("The solution", solution))
    columns = "".join(
        f'<div><b>{name}</b><pre tabindex="0" role="region" aria-label="{name}">{escape(text.strip())}</pre></div>'
        for name, text in both
    )
    return f'<section class="kit-card kit-v-both">{columns}</section>'


def _passed(verdict: Verdict) -> tuple[str, str]:
    if verdict["outcome"] != "correct":
        return OUTCOMES[verdict["outcome"]][1] + ".", ""
    return f"{verdict['schedules']:,} schedules kept every rule.", f"Covered: {verdict['coverage']}"


def _found(check: dict[str, Any]) -> str:
    if not check["failing"] or not check["schedules"] or check["schedules"] == 1:
        return f"In the check “{check['title']}”."
    found = f"Your code breaks this rule in {check['failing']:,} of {check['schedules']:,} schedules."
    if not check["operations"]:
        return found
    return f"{found} The shortest has {check['operations']} operations; no order with fewer deviations breaks it."


def _previous(verdict: Verdict) -> str:
    previous = verdict.get("previous")
    if not previous:
        return ""
    return "The old trace passes now." if previous["passes"] else "The old trace still breaks it."


def _mistake(verdict: Verdict) -> str:
    mistake = verdict.get("mistake")
    if not mistake or not mistake.get("name"):
        return ""
    return f'<p class="kit-v-mistake"><b>{escape(mistake["name"])}</b> {prose(_capital(mistake.get("hint") or ""))}</p>'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counts(verdict: Verdict) -> str:
    public, hidden = verdict["public"], verdict["hidden"]
    late = '<span class="kit-sub">not run</span>' * (hidden["passed"] is None)
    rest = f"hidden {_hidden(hidden)}/{hidden['total']} {late or _blocks(hidden)}" if hidden["total"] else (
        '<span class="kit-sub">no hidden checks</span>'
    )  # fmt: skip
    return (
        f'<div class="kit-v-counts"><span>public {public["passed"]}/{public["total"]} {_blocks(public)}</span> '
        f"<span>{rest}</span></div>"
    )


def _hidden(hidden: dict[str, Any]) -> str:
    return "–" if hidden["passed"] is None else str(hidden["passed"])


def _blocks(count: dict[str, Any]) -> str:
    done = count["passed"] or 0
    blocks = "".join(f'<i class="{"kit-done" if index < done else ""}"></i>' for index in range(count["total"]))
    return f'<span class="kit-v-blocks" aria-hidden="true">{blocks}</span>'


def _table(verdict: Verdict) -> str:
    words = ("Result", "Check", "Points", "Seen") if verdict["max_points"] else ("Result", "Check", "Seen")
    head = "".join(f'<th scope="col">{word}</th>' for word in words)
    rows = "".join(_row(check, verdict) for check in verdict["checks"])
    return f'<table class="kit-table kit-v-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(check: dict[str, Any], verdict: Verdict) -> str:
    ran = None if verdict["outcome"] == "not_attempted" else check["passed"]
    glyph, word, colour = RESULTS[ran]
    if check is failing(verdict) and verdict["outcome"] in FAILED:
        glyph, word, colour = FAILED[verdict["outcome"]]
    most = check["max_points"]
    got = {True: f"{most}", False: f"{check['points']} of {most}", None: f"of {most}"}[ran]
    cell = f'<td class="kit-v-points">{got}</td>' if verdict["max_points"] else ""
    late = "runs when the public checks pass" if check["hidden"] else ""
    seen = escape(check["seen"] if ran is not None else late)
    title = f"{check['title']} (hidden)" if check["hidden"] else check["title"]
    return (
        f'<tr><td class="kit-o-{colour}"><span aria-hidden="true">{glyph}</span> {word}</td>'
        f'<td>{escape(title)}<span class="kit-v-under">{seen}</span></td>'
        f'{cell}<td class="kit-v-seen">{seen}</td></tr>'
    )


def _hints(hints: Sequence[str]) -> str:
    if not hints:
        return ""
    items = "".join(f"<li>{prose(hint)}</li>" for hint in hints)
    return f'<div class="kit-v-hints"><b>Hints</b><ol>{items}</ol></div>'


def _output(verdict: Verdict) -> str:
    if not verdict.get("output"):
        return ""
    printed = f"<pre>{escape(verdict['output'])}</pre>"
    return f"<details><summary>What your code printed (last lines)</summary>{printed}</details>"


def _foot(verdict: Verdict, shown: int, alive: bool) -> str:
    buttons = "".join(
        f'<button type="button" class="kit-button{" kit-filled" * one.filled}" data-act="{one.act}" '
        f'data-lm-suppress-shortcuts="true">{one.words}</button>'
        for one in actions(verdict, shown) * alive
    )
    judged = f"judged in a process of its own · {verdict['engine']}, seed {verdict['seed']}"
    return f'<div class="kit-v-foot">{buttons}<span class="kit-sub">{escape(judged)}</span></div>'


def _paragraph(text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<p{named}>{escape(text)}</p>" if text else ""
