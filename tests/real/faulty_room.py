"""Run as a program: a server whose engine breaks at the command BOOM, as one with a fault of ours would."""

from __future__ import annotations

import sys

from kit.cache.clock import WallClock
from kit.cache.redis.engine import Engine
from kit.real.address import listen
from kit.real.client import Allowance
from kit.real.dialogue import Log
from kit.real.redis_room import RedisDialogue, RedisRoom
from kit.real.server import serve


class FaultyDialogue(RedisDialogue):
    def _serve(self, args: tuple[bytes, ...]) -> bytes:
        if args[0] == b"BOOM":
            raise KeyError(args[1])
        return super()._serve(args)


class FaultyRoom(RedisRoom):
    def dialogue(self, trouble: Log) -> RedisDialogue:
        return FaultyDialogue(self._engine, None, trouble)


def _say(text: str) -> None:
    print(text, flush=True)


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    door = listen("127.0.0.1", 0, guarded=False)
    serve(door, FaultyRoom(Engine(WallClock())), allowance=Allowance(clients=8), say=_say, log=_log)
