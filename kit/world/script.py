"""A scene's script: the few verbs in which scenes of lessons and checks are written.

`call` runs one call as a process of its own, without choices; `explore` runs actors together, once in a scene, and is
what schedules are about; the rest sets the stage. A scene may look at the answers: it is run afresh for each schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kit.world.actor import Standing
from kit.world.call import Answer, Call, Pause, Step
from kit.world.schedule import Schedule
from kit.world.timed import play_timed
from kit.world.timeline import Timed

Scene = Callable[["Script"], None]


class Script:
    """The verbs. `fresh_world` opens another world whose calls leave one `alone` record here."""

    def __init__(
        self, schedule: Schedule, fresh_world: Callable[[], Schedule], parent: Script | None = None,
        explored: Callable[[Schedule], None] = lambda schedule: None,
    ) -> None:  # fmt: skip
        self._schedule = schedule
        self._fresh_world = fresh_world
        self._parent = parent
        self._after_exploring = explored
        self._explored: dict[str, str] = {}  # function → what its actors are called
        self._done = False
        self.needs: set[str] = set()

    def call(self, function: str, *args: Any, actor: str | None = None, elsewhere: bool = False) -> Answer:
        """One call by a process of its own, nobody else running. Its name: the readers' numbers go on.

        elsewhere: judged, it runs in a second child, where nothing that another call left in Python can reach it.
        """
        name = actor or self._next_name(function)
        (played,) = self._schedule.play({name: [Call(function, args)]}, explore=False, elsewhere=elsewhere)
        answer = played.answers[0] if played.answers else Answer(None, ["Lost", "the process did not answer"])
        if self._parent is not None:
            self._parent._schedule.recorder.scene(name, "alone", [function, *args], answer.us)
        return answer

    def explore(self, actors: Mapping[str, Sequence[Step]]) -> None:
        """Run these actors together; their order is the schedule's. Raises ValueError when called twice.

        An actor of statements is the kit's operator; all others are processes of the submission.
        """
        if self._done:
            raise ValueError("a scene explores once: put the second exploration into a part of its own")
        self._done = True
        for name, steps in actors.items():
            first = next((one for one in steps if isinstance(one, Call)), None)
            if first is not None:
                self._explored.setdefault(first.function, name.rstrip("0123456789 "))
            if any(isinstance(one, Pause) for one in steps):
                self.needs.add("sleep")
        self._schedule.play(dict(actors), explore=True)
        self._after_exploring(self._schedule)

    def timeline(self, calls: Sequence[Timed], *, cores: int = 2) -> None:
        """Calls at their moments with modelled latencies, before a database of so many cores: a timed tape."""
        play_timed(self._schedule, calls, cores)

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass while nobody runs."""
        self.needs.add("sleep")
        self._schedule.wait(round(seconds * 1_000_000))

    def operator(self, sql: str, **params: Any) -> int:
        """The kit's operator writes to the database, past the submission. Returns the number of rows."""
        return self._schedule.operate(sql, params)

    def query(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """Look into the database without leaving a record."""
        return self._schedule.service.store.query(sql, params)

    def truth(self, name: str, sql: str, **params: Any) -> None:
        """Count the versions of a query's rows (`board` of an airport: `id, delay` in order) from now on."""
        effect = self._schedule.service.store.watch(name, sql, params)
        self._schedule.recorder.scene("world", "truth", [name, params], None, effect)

    def fault(self, kind: str, on: str = "all", count: int | None = None) -> None:
        """A fault until `heal`, or for `count` operations. on: all, reads, writes; query, execute, commit."""
        kinds = ("request_lost", "reply_lost", "cut", "full", "unreachable", "read_only", "db_error")
        if kind not in kinds:
            raise ValueError(f"no fault is called {kind!r}; there are {', '.join(kinds)}")
        self.needs.add("fault")
        self._schedule.service.faults.append(Standing(kind, on, count))

    def item_limit(self, size: int) -> None:
        """The cache takes no larger items than `size` bytes from now on (memcached's `-I`; redis mode has none)."""
        self.needs.add("item_limit")
        self._schedule.service.engine.item_limit = size  # type: ignore[attr-defined]

    def heal(self) -> None:
        """End all standing faults."""
        self._schedule.service.faults.clear()

    def fresh(self) -> Script:
        """A second world in the first one's initial state: what a call costs alone."""
        self.needs.add("fresh")
        return Script(self._fresh_world(), self._fresh_world, self)

    def note(self, name: str, value: Any) -> None:
        """Leave a word of the scene for `holds`: a record `note` of peer `scene`."""
        self._schedule.recorder.scene("world", "note", name, value)

    def parked(self) -> bool:
        """Whether an actor of this schedule was set aside as a busy waiter."""
        return self._schedule.service.parked_once

    def _next_name(self, function: str) -> str:
        role = self._explored.get(function) or ("Reader" if function.startswith(("get", "read")) else "Writer")
        number = 1
        while f"{role} {number}" in self._schedule.names:
            number += 1
        return f"{role} {number}"
