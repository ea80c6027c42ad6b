"""The world: engine, store, clock and network around the actors; `run` plays one schedule of a scene.

Engines, stores and client connections are kept between schedules and their state is reset: building them anew costs
three to ten times as much as the schedule itself.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kit.cache.clock import Clock
from kit.world.choice import Chooser, Point, chooser, normal
from kit.world.clock import VirtualClock
from kit.world.image import Image
from kit.world.mode import Engine, Mode
from kit.world.network import Network
from kit.world.redis_mode import REDIS
from kit.world.request import Actors
from kit.world.schedule import EPOCH_US, Schedule
from kit.world.script import Scene, Script
from kit.world.store import Store
from kit.world.stuck import Stuck
from kit.world.tail import TailKnown, Tails
from kit.world.tape import Tape


class Run(NamedTuple):
    """A schedule that was played. stuck: why it did not come to its end, kind and text; None: it did.

    needs: verbs of the scene that only the model can play: `sleep`, `fault`, `fresh`, `item_limit`.
    """

    tape: Tape
    points: list[Point]
    stuck: tuple[str, str] | None
    needs: frozenset[str] = frozenset()


@dataclass
class _Place:
    """One engine, store and clock, kept between schedules."""

    engine: Engine
    store: Store
    clock: VirtualClock
    prefix: str
    used: bool = True


class World:
    """Runs scenes over some actors. image: the rows that every schedule starts from; maxmemory: of the cache, bytes.

    mode: `redis_mode.REDIS` or `memcached_mode.MEMCACHED`; engine: makes the cache's engine for a clock, where it is
    not the mode's own; name: sets the processes of two worlds over the same actors apart; tails: what follows an
    explored part is played once a state (`tail.py`).
    """

    def __init__(
        self, actors: Actors, image: Image, *, maxmemory: int = 0, operation_limit: int = 400, shared: bool = False,
        mode: Mode = REDIS, engine: Callable[[Clock], Engine] | None = None, name: str = "", tails: bool = False,
    ) -> None:  # fmt: skip
        self.actors, self.image = actors, image
        self.operation_limit, self.shared = operation_limit, shared
        self._name = name
        self._tails = Tails() if tails and not shared and engine is None else None
        self._network = Network(mode)
        self._engine = engine or (lambda clock: mode.engine(clock, maxmemory))
        self._places: list[_Place] = []

    def forget_tails(self) -> None:
        """Keep nothing of what followed earlier schedules."""
        if self._tails is not None:
            self._tails.forget()

    def run(self, scene: Scene, choices: Iterable[int] | Chooser = (), *, seed: int = 0) -> Run:
        """Play one schedule. `choices`: a list of integers (a missing entry is 0), or a function that chooses."""
        choose = choices if callable(choices) else chooser(choices)
        for place in self._places:
            place.used = False
        self._network.begin()
        self.actors.begin(seed, self.shared)
        schedule = self._open(choose)
        tails = self._tails
        if tails is None:
            script = Script(schedule, lambda: self._open(chooser(())))
        else:
            tails.begin()
            script = Script(
                schedule, lambda: self._open(chooser(())),
                explored=lambda explored: tails.explored(scene, seed, explored),
            )  # fmt: skip
        stuck = None
        collecting = gc.isenabled()
        gc.disable()  # no destructor of a client may run in anybody's turn
        try:
            scene(script)
            schedule.recorder.scene("world", "end")
            if tails is not None:
                tails.ended(schedule)
        except TailKnown:
            pass
        except Stuck as error:
            stuck = (error.kind, str(error))
        finally:
            if collecting:
                gc.enable()
        tape = Tape(
            getattr(scene, "__name__", "scene"),
            seed,
            normal(schedule.points),
            schedule.recorder.timed,
            tuple(schedule.recorder.ops),
        )
        return Run(tape, schedule.points, stuck, frozenset(script.needs))

    def _open(self, choose: Chooser) -> Schedule:
        place = next((one for one in self._places if not one.used), None)
        if place is None:
            clock = VirtualClock(EPOCH_US)
            number = len(self._places)
            place = _Place(
                self._engine(clock), Store(self.image), clock, f"{self._name}alone {number}: " if number else self._name
            )
            self._places.append(place)
        place.used = True
        place.clock.restart()
        place.engine.reset()
        place.engine.connected = 0
        place.store.reset()
        return Schedule(
            self.actors, place.engine, place.store, place.clock, self._network, choose,
            prefix=place.prefix, operation_limit=self.operation_limit,
        )  # fmt: skip
