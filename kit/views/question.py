"""The prediction card as HTML: the question and its options; then, in the same places, every option with its why.

Rules: `asked` never holds the answer or a why (a page shows it before the learner has chosen); `answered` moves
nothing; the right option and the learner's own are told by colour, glyph and word together; text in at most 68
characters a line (looks: `question-640`). A view is a function of its arguments alone.
Leaves out: behaviour; `kit/lab/predict.js` listens to the inputs and buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kit.views.prose import prose

LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Question:
    """What stands on the page before the answer. number, total: its place among the lesson's bets."""

    text: str
    note: str
    options: tuple[str, ...]
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is revealed: the index of the right option, a why for each option, and what may be opened then."""

    right: int
    whys: tuple[str, ...]
    open: str = ""


def asked(question: Question, *, name: str = "", chosen: int | None = None) -> str:
    """The card before the answer. `name` names the radio group of a living card; without it the card is a picture."""
    if name:
        options = "".join(_choice(index, text, name, chosen) for index, text in enumerate(question.options))
        group = f'<div class="kit-q-options" role="radiogroup" aria-label="{_attribute(question.text)}">{options}</div>'
        off = "true" if chosen is None else "false"
        foot = (
            f'<button type="button" class="kit-button kit-filled" data-act="show" aria-disabled="{off}" '
            'data-lm-suppress-shortcuts="true">Show the answer</button>'
            '<button type="button" class="kit-button kit-plain" data-act="skip" '
            'data-lm-suppress-shortcuts="true">Skip</button>'
        )
    else:
        options = "".join(
            f"<li>{_letter(index)} <span>{prose(text)}</span></li>" for index, text in _numbered(question)
        )
        group, foot = f'<ol class="kit-q-options">{options}</ol>', "<span>Run this cell to answer.</span>"
    return _card(question, "no points, no penalty", group, foot)


def answered(question: Question, answer: Answer, *, chosen: int | None, day: str = "") -> str:
    """The card after the answer; `chosen` None: skipped. day: `24 Nov`, when it was answered; empty: not said."""
    options = "".join(
        f'<li class="{_state(index, answer, chosen)}">{_letter(index)}<div>{prose(text)}'
        f'<p class="kit-q-why">{prose(why)}</p></div>{_chips(index, answer, chosen)}</li>'
        for (index, text), why in zip(_numbered(question), answer.whys, strict=True)
    )
    button = (
        '<button type="button" class="kit-button kit-filled" data-act="open" data-lm-suppress-shortcuts="true">'
        f'<span aria-hidden="true">▶</span> {escape(answer.open)}</button>'
    ) * bool(answer.open)
    kept = "Skipped: no answer is kept." if chosen is None else f"Your answer {LETTERS[chosen]} is kept."
    when = f"answered before you saw it{', ' * bool(day)}{day}" if chosen is not None else "not answered"
    return _card(question, when, f'<ol class="kit-q-options kit-q-done">{options}</ol>',
                 f'{button}<span class="kit-q-kept" role="status">{kept}</span>')  # fmt: skip


def plain(question: Question) -> str:
    """The card before the answer as text: a line for the question, a line for each option."""
    lines = [f"Predict first, question {question.number} of {question.total}: {question.text}"]
    return "\n".join([*lines, *(f"  {LETTERS[index]}  {text}" for index, text in _numbered(question))])


def _card(question: Question, right: str, options: str, foot: str) -> str:
    note = f'<p class="kit-q-note">{prose(question.note)}</p>' * bool(question.note)
    return (
        '<section class="kit-card kit-question"><div class="kit-q-head"><b>Predict first</b>'
        f" <span>question {question.number} of {question.total}</span> <span>{right}</span></div>"
        f'<p class="kit-q-text">{prose(question.text)}</p>{note}{options}'
        f'<div class="kit-q-foot">{foot}</div></section>'
    )


def _choice(index: int, text: str, name: str, chosen: int | None) -> str:
    checked = " checked" * (index == chosen)
    return (
        f'<label class="kit-q-option"><input type="radio" name="{_attribute(name)}" value="{index}"{checked} '
        f'data-lm-suppress-shortcuts="true">{_letter(index)}<span>{prose(text)}</span></label>'
    )


def _chips(index: int, answer: Answer, chosen: int | None) -> str:
    right = '<span class="kit-chip kit-hit">✓ right</span>' * (index == answer.right)
    word = "your answer" if index == answer.right else "✕ your answer"
    kind = "kit-hit" if index == answer.right else "kit-bad"
    yours = f'<span class="kit-chip {kind}">{word}</span>' * (index == chosen)
    return f'<div class="kit-q-chips">{right}{yours}</div>'


def _state(index: int, answer: Answer, chosen: int | None) -> str:
    if index == answer.right:
        return "kit-q-right"
    return "kit-q-yours" if index == chosen else "kit-q-other"


def _letter(index: int) -> str:
    return f'<span class="kit-q-letter" aria-hidden="true">{LETTERS[index]}</span>'


def _numbered(question: Question) -> Sequence[tuple[int, str]]:
    return list(enumerate(question.options))


def _attribute(text: str) -> str:
    return escape(text.replace("`", ""), quote=True)
