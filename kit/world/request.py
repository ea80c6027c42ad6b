"""What an actor asks of the world: the vocabulary of the seam between a learner's code and everything else.

A request names no actor: it is the one that the world resumed. In a lesson a request is a Python value; when judged it
is a frame (`kit/grading/child`). Its kinds and arguments:

`connect silent` → connection number · `bytes conn data` → reply bytes · `read conn timeout_us` → bytes ·
`query sql params` → rows · `execute sql params` → row count · `begin` · `commit` · `rollback` · `sleep us` ·
`acquire lock blocking timeout_us` → bool · `release lock` · `spawn` → name · `join name timeout_us` → bool ·
`answer value` · `raised type text` · `ended` (a thread).
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

# An actor whose address begins so shares nothing with the others: judged, it lives in a child of its own.
ELSEWHERE = "elsewhere "


class Request(NamedTuple):
    """One request. line: line of the submission, shown only; clock: whether a clock was read since the last one."""

    kind: str
    args: tuple[Any, ...] = ()
    line: int | None = None
    clock: bool = False


class Actors(Protocol):
    """Where the actors live: greenlets of this process, or a child behind frames. Four verbs.

    `now` is the virtual time in µs since the epoch. `resume` gives the pending request its outcome: status `ok`
    (payload: the result), `lost` (no reply will come), `refused`, `closed` or `raised` (payload: type and text).
    """

    def begin(self, seed: int, shared: bool) -> None: ...
    def spawn(self, actor: str) -> None: ...
    def call(self, actor: str, function: str, args: list[Any], now: int) -> Request: ...
    def resume(self, actor: str, status: str, payload: Any, now: int) -> Request: ...


_PLAIN = frozenset({type(None), bool, int, float, str, bytes})


def plain(value: Any) -> Any:
    """A value as both sides may see it: tuples become lists, nothing but plain data passes.

    Raises TypeError for anything else, naming its type: an answer must travel between processes.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): item if type(item) in _PLAIN else plain(item) for key, item in value.items()}
    if isinstance(value, (int, float, str, bytes)):  # an enumeration's member, say
        return next(kind for kind in (int, float, str, bytes) if isinstance(value, kind))(value)  # type: ignore[arg-type]
    wanted = "None, numbers, text, bytes, lists, dictionaries"
    raise TypeError(f"the answer holds a {type(value).__name__}; plain data is wanted ({wanted})")
